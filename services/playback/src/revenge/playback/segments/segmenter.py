"""Any segment of any rendition of any file, made when it is asked for."""

import asyncio
import contextlib
from fractions import Fraction
from pathlib import Path

from revenge.contracts.paths import to_text
from revenge.playback import cuts, faults, work
from revenge.playback.codecs import codec_string
from revenge.playback.renditions import (
    EncodedAudio,
    EncodedVideo,
    KeyPictures,
    Rendition,
    SubtitleTrack,
    is_cut_on_keys,
)
from revenge.playback.segments import run, runs
from revenge.playback.segments.cache import SegmentCache
from revenge.playback.segments.orders import Ordering
from revenge.playback.source import Source, identify
from revenge.playback.survey import Survey
from revenge.playback.workers import Workers

_SCAN_PATIENCE_S = 1.0  # to wait for the key frames of a file without an index
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
            case EncodedVideo(encoding=encoding):
                return encoding.codec
            case KeyPictures(of=pictures):
                return await self.codec(source, pictures)
            case EncodedAudio(codec=codec):
                return codec.rfc6381
            case _:
                path = await self.init(source, rendition)
                return codec_string(await asyncio.to_thread(path.read_bytes))

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
            what = orders.encoded(rendition)
            return await self._transcoder.segment(what, folder, number, viewer)

        async def make(target: Path) -> None:
            if isinstance(rendition, KeyPictures) and isinstance(rendition.of, EncodedVideo):
                what = orders.encoded(rendition.of)
                await self._transcoder.picture(what, number, target)
                return
            await self._workers.run(orders.segment(rendition, number, target))

        return await self._cache.get_or_make(run.name(folder, number), make)

    async def subtitle_grid(self, source: Source) -> cuts.Grid:
        survey = await self.survey(source)
        return cuts.fixed(survey.duration, None, cuts.SUBTITLE_TARGET)

    async def subtitles(
        self, source: Source, track: SubtitleTrack, number: int | None = None
    ) -> Path:
        """One segment of WebVTT, or all of it."""
        survey = await self.survey(source)
        grid = await self.subtitle_grid(source)
        if number is not None and number >= len(grid):
            raise faults.SegmentNotFound
        span = cuts.Span(None, None) if number is None else grid.span(number)
        embedded = track.path is None
        file = source if track.path is None else await identify(track.path)
        return await self._cache.get_or_make(
            f"{file.key}/subtitles{track.index or 0}/{'all' if number is None else number}.vtt",
            lambda target: self._workers.run(
                work.WriteSubtitles(
                    path=to_text(file.path),
                    target=to_text(str(target)),
                    index=track.index,
                    origin=survey.origin if embedded else Fraction(0),
                    first=span.start or Fraction(0),
                    last=span.end,
                )
            ),
        )

    async def leave(self, viewer: str) -> None:
        await self._transcoder.leave(viewer)

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
