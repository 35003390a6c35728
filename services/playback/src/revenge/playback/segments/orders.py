"""From a rendition and a number to the order that makes the segment."""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import msgspec

from revenge.contracts.paths import to_text
from revenge.playback import faults
from revenge.playback.deciding.renditions import (
    CopiedAudio,
    CopiedVideo,
    EncodedAudio,
    EncodedVideo,
    KeyPictures,
    Rendition,
    SubtitleTrack,
)
from revenge.playback.deciding.sound import SoundFormat
from revenge.playback.media import cuts
from revenge.playback.media import survey as surveys
from revenge.playback.media.source import Source
from revenge.playback.media.survey import AudioTrack, Survey, VideoTrack
from revenge.playback.pool import work
from revenge.playback.segments import encode


@dataclass(frozen=True)
class Ordering:
    """Orders on one file."""

    source: Source
    survey: Survey
    _grids: dict[Rendition, cuts.Grid] = field(default_factory=dict, compare=False)

    def grid(self, rendition: Rendition) -> cuts.Grid:
        """Raises `RenditionNotFound` when the file has no such track."""
        if rendition not in self._grids:
            self._grids[rendition] = self._grid(rendition)
        return self._grids[rendition]

    def encoded(self, rendition: EncodedVideo) -> encode.Rendition:
        grid, encoding = self.grid(rendition), rendition.encoding
        path, origin = self.source.path, self.survey.origin
        return encode.Rendition(path, self._track, origin, grid, encoding)

    def subtitles(self, track: SubtitleTrack, span: cuts.Span, target: Path) -> work.WriteSubtitles:
        """What is shown in the span of positions, with the track's offset."""
        path, product = self._paths(target)
        beside = None if track.path is None else to_text(track.path)
        origin = (self.survey.origin if beside is None else 0) - Fraction(track.offset_ms, 1000)
        first = span.start or Fraction(0)
        return work.WriteSubtitles(beside or path, product, track.index, origin, first, span.end)

    def init(
        self, rendition: CopiedVideo | CopiedAudio | EncodedAudio, target: Path
    ) -> work.CopyInit | work.SoundInit:
        path, product = self._paths(target)
        match rendition:
            case CopiedVideo(base_layer=base_layer):
                return work.CopyInit(path, product, self._track.index, base_layer)
            case CopiedAudio(index=index):
                return work.CopyInit(path, product, _audio(self.survey, index).index)
            case EncodedAudio():
                return work.SoundInit(path, product, self._format(rendition))

    def segment(
        self,
        rendition: CopiedVideo | KeyPictures | CopiedAudio | EncodedAudio,
        number: int,
        target: Path,
    ) -> work.AnyOrder:
        grid = self.grid(rendition)
        match rendition:
            case CopiedVideo():
                return self._copy_video(rendition, grid.span(number), target)
            case KeyPictures(of=CopiedVideo() as whole):
                segment = self._copy_video(whole, grid.span(number), target)
                return msgspec.structs.replace(segment, alone=True)
            case KeyPictures():
                raise faults.RenditionNotFound  # encoded pictures are not for these workers
            case CopiedAudio(index=index):
                return self._copy_audio(_audio(self.survey, index), grid.span(number), target)
            case EncodedAudio():
                return self._encode_sound(rendition, grid, number, target)

    def script(self, track: SubtitleTrack, span: cuts.Span, target: Path) -> work.WriteScript:
        plain = msgspec.structs.asdict(self.subtitles(track, span, target))
        return work.WriteScript(**plain, zero=span.start or Fraction(0))

    def images(
        self, track: SubtitleTrack, span: cuts.Span, target: Path, format: str = "matroska"
    ) -> work.WriteImages:
        plain = msgspec.structs.asdict(self.subtitles(track, span, target))
        return work.WriteImages(**plain, format=format)

    def _grid(self, rendition: Rendition) -> cuts.Grid:
        match rendition:
            case CopiedVideo():
                return surveys.copy_grid(self.survey, _video(self.survey))
            case KeyPictures(of=CopiedVideo()):
                target = cuts.KEY_PICTURE_TARGET
                return surveys.copy_grid(self.survey, _video(self.survey), target)
            case EncodedVideo() | KeyPictures():
                return surveys.encode_grid(self.survey)
            case CopiedAudio(index=index):
                return surveys.audio_grid(self.survey, _audio(self.survey, index))
            case EncodedAudio(index=index):
                track = _audio(self.survey, index)
                return cuts.on_frames(
                    surveys.audio_grid(self.survey, track), self._frame(rendition)
                )

    @property
    def _track(self) -> VideoTrack:
        """Without its keys: they are many, and a worker needs only two of them."""
        return msgspec.structs.replace(_video(self.survey), keys=(), positions=())

    def _copy_video(self, rendition: CopiedVideo, span: cuts.Span, target: Path) -> work.CopyVideo:
        track = self._track

        def stamp(cut: Fraction | None) -> int | None:
            if cut is None:
                return None
            return round((cut + self.survey.origin) / track.time_base) - track.shift

        first, last = stamp(span.start), stamp(span.end)
        delay = self._delay(track.time_base)
        base = rendition.base_layer
        return work.CopyVideo(*self._paths(target), track, first, last, delay, base_layer=base)

    def _copy_audio(self, track: AudioTrack, span: cuts.Span, target: Path) -> work.CopyAudio:
        def tick(cut: Fraction | None) -> int | None:
            if cut is None:
                return None
            return math.ceil((cut + self.survey.origin) / track.time_base)

        first, last = tick(span.start), tick(span.end)
        delay = self._delay(track.time_base)
        return work.CopyAudio(*self._paths(target), track, first, last, delay)

    def _encode_sound(
        self, rendition: EncodedAudio, grid: cuts.Grid, number: int, target: Path
    ) -> work.EncodeSound:
        frame = self._frame(rendition)
        first, last = (int(cut / frame) for cut in (grid.cuts[number], grid.cuts[number + 1]))
        track, origin = _audio(self.survey, rendition.index), self.survey.origin
        form = self._format(rendition)
        return work.EncodeSound(*self._paths(target), track, form, origin, first, last)

    def _format(self, rendition: EncodedAudio) -> SoundFormat:
        rate = _audio(self.survey, rendition.index).sample_rate
        return SoundFormat(rendition.codec, rendition.channels, rendition.codec.rate(rate))

    def _frame(self, rendition: EncodedAudio) -> Fraction:
        """Seconds."""
        return Fraction(rendition.codec.frame, self._format(rendition).sample_rate)

    def _paths(self, target: Path) -> tuple[str, str]:
        return to_text(self.source.path), to_text(str(target))

    def _delay(self, base: Fraction) -> int:
        """From the file's own clock to the renditions', in ticks."""
        return round((cuts.EPOCH - self.survey.origin) / base)


def _video(survey: Survey) -> VideoTrack:
    if survey.video is None:
        raise faults.RenditionNotFound
    return survey.video


def _audio(survey: Survey, index: int) -> AudioTrack:
    track = survey.audio_track(index)
    if track is None:
        raise faults.RenditionNotFound
    return track
