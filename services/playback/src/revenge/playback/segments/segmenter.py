"""Any segment of any rendition of any file, made when it is asked for."""

import asyncio
import contextlib
from pathlib import Path

from revenge.contracts.paths import to_text
from revenge.playback import faults
from revenge.playback.deciding.ladder import Encoding
from revenge.playback.deciding.renditions import (
    CopiedVideo,
    EncodedAudio,
    EncodedVideo,
    KeyPictures,
    Rendition,
    SubtitleTrack,
    is_cut_on_keys,
)
from revenge.playback.media import cuts
from revenge.playback.media.codecs import codec_string, supplemental_codec
from revenge.playback.media.source import Source, identify
from revenge.playback.media.survey import Survey
from revenge.playback.pool import work
from revenge.playback.pool.workers import Workers
from revenge.playback.segments import encode, run, runs
from revenge.playback.segments.cache import SegmentCache
from revenge.playback.segments.orders import Ordering

_SCAN_PATIENCE_S = 1.0  # to wait for the key frames of a file without an index
_ALL = cuts.Span(None, None)
_KNOWN = 256  # files whose surveys are kept in memory


class Segmenter:
    def __init__(
        self,
        cache: SegmentCache,
        workers: Workers,
        transcoder: runs.Transcoder,
        *,
        scan_patience_s: float = _SCAN_PATIENCE_S,
    ) -> None:
        self._cache = cache
        self._scan_patience_s = scan_patience_s
        self._workers = workers
        self._transcoder = transcoder
        self._known: dict[str, Ordering] = {}

    async def warm_up(self) -> None:
        """Whoever asks about a file wants its first segment soon."""
        await self._workers.warm_up()

    async def survey(self, source: Source) -> Survey:
        """Made once and kept; a file without an index is read as a whole for it.

        It is not complete when that takes longer than a viewer should wait.
        """
        orders = await self._ordering(source)
        if orders.survey.complete:
            return orders.survey
        with contextlib.suppress(TimeoutError, faults.MediaDamaged):
            async with asyncio.timeout(self._scan_patience_s):
                return (await self._whole(source)).survey
        return orders.survey

    async def grid(self, source: Source, rendition: Rendition) -> cuts.Grid:
        return (await self._ordering_for(source, rendition)).grid(rendition)

    async def codec(self, source: Source, rendition: Rendition) -> str:
        """As RFC 6381 writes it."""
        match rendition:
            case EncodedVideo(encoding=Encoding(rfc6381=str(known))):
                return known
            case KeyPictures(of=pictures):
                return await self.codec(source, pictures)
            case EncodedAudio(codec=codec):
                return codec.rfc6381
            case _:
                path = await self.init(source, rendition)
                return codec_string(await asyncio.to_thread(path.read_bytes))

    async def supplemental_codec(self, source: Source, rendition: Rendition) -> str | None:
        """What else it is to those who know of it: Dolby Vision over pictures for all."""
        if not isinstance(rendition, CopiedVideo):
            return None
        path = await self.init(source, rendition)
        return supplemental_codec(await asyncio.to_thread(path.read_bytes))

    async def init(self, source: Source, rendition: Rendition) -> Path:
        if isinstance(rendition, KeyPictures):
            return await self.init(source, rendition.of)
        orders = await self._ordering(source)

        async def make(target: Path) -> None:
            if isinstance(rendition, EncodedVideo):
                await self._transcoder.init(orders.encoded(rendition), target)
                return
            await self._workers.run(orders.init(rendition, target))

        return await self._cache.get_or_make(f"{_folder(source, rendition)}/init.mp4", make)

    async def segment(self, source: Source, rendition: Rendition, number: int, viewer: str) -> Path:
        """Raises `SegmentNotFound` beyond the end, and what making it raises."""
        orders = await self._ordering_for(source, rendition)
        if number >= len(orders.grid(rendition)):
            raise faults.SegmentNotFound
        folder = _folder(source, rendition)
        if isinstance(rendition, EncodedVideo):
            what = self._encoded(source, orders, rendition)
            return await self._transcoder.segment(what, folder, number, viewer)
        if isinstance(rendition, CopiedVideo):
            await self._transcoder.leave(viewer)  # in another quality

        async def make(target: Path) -> None:
            if isinstance(rendition, KeyPictures) and isinstance(rendition.of, EncodedVideo):
                what = self._encoded(source, orders, rendition.of)
                await self._transcoder.picture(what, number, target)
                return
            await self._workers.run(orders.segment(rendition, number, target))

        return await self._cache.get_or_make(run.name(folder, number), make)

    async def subtitle_grid(self, source: Source) -> cuts.Grid:
        survey = (await self._ordering(source)).survey
        return cuts.fixed(survey.duration, None, cuts.SUBTITLE_TARGET)

    async def subtitles(
        self, source: Source, track: SubtitleTrack, number: int | None = None
    ) -> Path:
        """One segment of WebVTT, or all of it."""
        orders = await self._ordering(source)
        grid = await self.subtitle_grid(source)
        if number is not None and number >= len(grid):
            raise faults.SegmentNotFound
        span = cuts.Span(None, None) if number is None else grid.span(number)
        return await self._cache.get_or_make(
            f"{await _subtitle_folder(source, track)}/{'all' if number is None else number}.vtt",
            lambda target: self._workers.run(orders.subtitles(track, span, target)),
        )

    async def script(self, source: Source, track: SubtitleTrack, span: cuts.Span = _ALL) -> Path:
        """Text as ASS, with the file's fonts; its times are counted from the start of the span."""
        orders = await self._ordering(source)
        folder = await _subtitle_folder(source, track)
        return await self._cache.get_or_make(
            f"{folder}/{_written(span)}.ass",
            lambda target: self._workers.run(orders.script(track, span, target)),
        )

    async def images(self, source: Source, track: SubtitleTrack, ending: str) -> Path:
        """All of a track of images as they are: `sup` of PGS, `mks` of any."""
        orders = await self._ordering(source)
        format = "sup" if ending == "sup" else "matroska"
        return await self._cache.get_or_make(
            f"{await _subtitle_folder(source, track)}/all.{ending}",
            lambda target: self._workers.run(orders.images(track, _ALL, target, format)),
        )

    @property
    def viewers(self) -> set[str]:
        """Those for whom something is encoded now."""
        return self._transcoder.viewers

    @property
    def speed(self) -> float | None:
        """Of all that is encoded now, against real time; None until it is known."""
        return self._transcoder.speed

    async def leave(self, viewer: str) -> None:
        await self._transcoder.leave(viewer)

    async def _images_in(self, source: Source, track: SubtitleTrack, span: cuts.Span) -> Path:
        """A file beside the film is small enough to be read as it is."""
        if track.path is not None and not track.offset_ms:
            return Path(track.path)
        orders = await self._ordering(source)
        return await self._cache.get_or_make(
            f"{await _subtitle_folder(source, track)}/{_written(span)}.mks",
            lambda target: self._workers.run(orders.images(track, span, target)),
        )

    def _encoded(
        self, source: Source, orders: Ordering, rendition: EncodedVideo
    ) -> encode.Rendition:
        what, burned = orders.encoded(rendition), rendition.burned
        if burned is None:
            return what

        async def draw(piece: encode.Piece) -> encode.Drawn | None:
            span = cuts.Span(what.grid.cuts[piece.first], what.grid.cuts[piece.last])
            write = self._images_in if burned.images else self.script
            try:
                return encode.Drawn(await write(source, burned.track, span), burned.images)
            except faults.SegmentNotFound:
                return None

        return what._replace(draw=draw)

    async def _ordering(self, source: Source) -> Ordering:
        known = self._known.get(source.key)
        if known is not None:
            return known
        return await self._surveyed(source, f"{source.key}/survey", whole=False)

    async def _ordering_for(self, source: Source, rendition: Rendition) -> Ordering:
        """What is cut on key frames waits until they are known."""
        orders = await self._ordering(source)
        if orders.survey.complete or not is_cut_on_keys(rendition):
            return orders
        return await self._whole(source)

    async def _whole(self, source: Source) -> Ordering:
        """Goes on when those who wait for it have left."""
        return await self._surveyed(source, f"{source.key}/whole-survey", whole=True)

    async def _surveyed(self, source: Source, kept_as: str, *, whole: bool) -> Ordering:
        path = await self._cache.get_or_make(
            kept_as,
            lambda target: self._workers.run(
                work.MakeSurvey(to_text(source.path), to_text(str(target)), whole)
            ),
        )
        survey = work.decode(await asyncio.to_thread(path.read_bytes), Survey)
        while len(self._known) >= _KNOWN:
            del self._known[next(iter(self._known))]
        known = self._known.get(source.key)
        if known is None or (survey.complete and not known.survey.complete):
            known = self._known[source.key] = Ordering(source, survey)
        return known


def _folder(source: Source, rendition: Rendition) -> str:
    return f"{source.key}/{rendition.folder}"


async def _subtitle_folder(source: Source, track: SubtitleTrack) -> str:
    file = source if track.path is None else await identify(track.path)
    return f"{file.key}/{track.folder}"


def _written(span: cuts.Span) -> str:
    """In a file's name."""
    ends = ("" if end is None else f"{end.numerator}_{end.denominator}" for end in span)
    return "-".join(ends)
