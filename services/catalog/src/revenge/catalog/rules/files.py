"""What a file is called in lists: its resolution, its range of light, its languages."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from revenge.contracts.library import FoundFile
from revenge.contracts.media import AudioStream, HdrKind, Media, VideoStream

_LABELS = (  # at least so wide, or so high: films are wider or narrower than 16:9
    ("4K", 3200, 1800),
    ("1440p", 2200, 1300),
    ("1080p", 1600, 900),
    ("720p", 1100, 650),
    ("576p", 1024, 560),
    ("480p", 700, 400),
)
_RANGES = {
    HdrKind.SDR: "SDR",
    HdrKind.HDR10: "HDR10",
    HdrKind.HDR10_PLUS: "HDR10+",
    HdrKind.HLG: "HLG",
    HdrKind.DOLBY_VISION: "Dolby Vision",
}
_LAYOUTS = {1: "1.0", 2: "2.0", 3: "2.1", 6: "5.1", 7: "6.1", 8: "7.1"}
_HAS_NFO = 2
_HAS_ART = 1


class Labels(NamedTuple):
    """The columns of a file that are told from its media."""

    resolution: str | None
    video_codec: str | None
    audio_codec: str | None
    container: str
    duration_seconds: int | None
    bitrate_kbps: int | None
    framerate: float | None
    dynamic_range: str | None
    color_space: str | None
    audio_channels: str | None
    audio_languages: tuple[str, ...]
    subtitle_languages: tuple[str, ...]


def labels(media: Media) -> Labels:
    video = media.video[0] if media.video else None
    audio = first_audio(media)
    return Labels(
        resolution=resolution(media),
        video_codec=video.codec if video else None,
        audio_codec=audio.codec if audio else None,
        container=media.container,
        duration_seconds=round(media.duration) or None,
        bitrate_kbps=media.bit_rate // 1000 if media.bit_rate else None,
        framerate=frames_per_second(video),
        dynamic_range=_RANGES[video.hdr] if video else None,
        color_space=video.color_space if video else None,
        audio_channels=channels(audio),
        audio_languages=_languages(stream.language for stream in media.audio),
        subtitle_languages=_languages(stream.language for stream in media.subtitles),
    )


def resolution(media: Media) -> str | None:
    if not media.video:
        return None
    height, width = sorted((media.video[0].width, media.video[0].height))
    for label, wide, high in _LABELS:
        if width >= wide or height >= high:
            return label
    return f"{height}p"


def pixels(media: Media) -> int:
    return media.video[0].width * media.video[0].height if media.video else 0


def first_audio(media: Media) -> AudioStream | None:
    """The default track, or the first one."""
    return next((stream for stream in media.audio if stream.default), None) or next(
        iter(media.audio), None
    )


def frames_per_second(video: VideoStream | None) -> float | None:
    if video is None or not video.frame_rate:
        return None
    try:
        return round(float(Fraction(video.frame_rate)), 3)
    except (ValueError, ZeroDivisionError):
        return None


def channels(audio: AudioStream | None) -> str | None:
    """As people write it: `5.1`."""
    if audio is None or audio.channels < 1:
        return None
    return _LAYOUTS.get(audio.channels, f"{audio.channels}.0")


def richness(file: FoundFile) -> int:
    """How much a file says of its film or episode: the richest speaks for it."""
    return _HAS_NFO * bool(file.nfo) + _HAS_ART * bool(file.art)


def series_richness(file: FoundFile) -> int:
    """How much a file says of its show."""
    return _HAS_NFO * bool(file.series_nfo) + _HAS_ART * bool(file.series_art)


def _languages(spoken: Iterable[str | None]) -> tuple[str, ...]:
    """Each once, in their order; `und` is none."""
    return tuple(dict.fromkeys(code for code in spoken if code and code != "und"))
