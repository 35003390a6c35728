"""What a media file is made of: the findings of a probe, in the words of ffmpeg."""

from __future__ import annotations

import enum
from datetime import datetime

from revenge.contracts._kinds import Message


class HdrKind(enum.StrEnum):
    SDR = "sdr"
    HDR10 = "hdr10"
    HDR10_PLUS = "hdr10+"
    HLG = "hlg"
    DOLBY_VISION = "dolby_vision"


class VideoStream(Message, frozen=True):
    """One video track. Sizes are coded pixels; `frame_rate` is a fraction, `24000/1001`."""

    index: int
    codec: str
    width: int
    height: int
    profile: str | None = None
    level: int | None = None
    bit_depth: int = 8
    pixel_format: str | None = None
    frame_rate: str | None = None
    sample_aspect_ratio: str | None = None
    bit_rate: int | None = None  # bit/s
    hdr: HdrKind = HdrKind.SDR
    dolby_vision_profile: int | None = None
    dolby_vision_compatibility: int | None = None  # what others see: 1 HDR10, 2 SDR, 4 HLG
    color_primaries: str | None = None
    color_transfer: str | None = None
    color_space: str | None = None
    rotation: int = 0  # degrees, clockwise
    interlaced: bool = False
    language: str | None = None
    title: str | None = None
    default: bool = False
    duration: float | None = None  # seconds


class AudioStream(Message, frozen=True):
    index: int
    codec: str
    channels: int
    sample_rate: int
    layout: str | None = None
    profile: str | None = None
    bit_rate: int | None = None  # bit/s
    language: str | None = None  # ISO 639-2/T or BCP 47, as in the file
    title: str | None = None
    default: bool = False
    forced: bool = False
    original: bool = False
    commentary: bool = False
    hearing_impaired: bool = False
    visual_impaired: bool = False


class SubtitleStream(Message, frozen=True):
    """A subtitle track in the file (`index`) or beside it (`path`): exactly one of the two."""

    codec: str
    index: int | None = None
    path: str | None = None
    language: str | None = None
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False


class Chapter(Message, frozen=True):
    start: float  # seconds
    end: float
    title: str | None = None


class Attachment(Message, frozen=True):
    index: int
    name: str
    mime_type: str | None = None


class Media(Message, frozen=True):
    """All that a probe found. `container` is the demuxer's first name (`matroska`, `mov`)."""

    container: str
    duration: float  # seconds
    bit_rate: int | None = None  # bit/s, of the whole file
    video: tuple[VideoStream, ...] = ()
    audio: tuple[AudioStream, ...] = ()
    subtitles: tuple[SubtitleStream, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    title: str | None = None  # the container's own title tag
    created_at: datetime | None = None
