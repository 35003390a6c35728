"""What a client can play."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta

from revenge.contracts._kinds import Message
from revenge.contracts.media import HdrKind

Name = Annotated[str, Meta(max_length=64)]


class Transport(enum.StrEnum):
    HLS = "hls"
    PROGRESSIVE = "progressive"  # the file itself, in ranges


class VideoSupport(Message, frozen=True):
    """What of one codec a client decodes. What is not said is as most decoders of it have it.

    `profiles` are ffmpeg's names (`High`, `Main 10`); `max_level` is as the stream has it: 41 for
    H.264 level 4.1, 153 for HEVC 5.1.
    """

    codec: Name
    profiles: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    max_level: Annotated[int, Meta(ge=0)] | None = None
    max_bit_depth: Annotated[int, Meta(ge=8, le=16)] | None = None
    chroma: Annotated[tuple[Name, ...], Meta(max_length=4)] = ("420",)
    hdr: Annotated[tuple[HdrKind, ...], Meta(max_length=8)] | None = None  # None: as `supports_...`
    interlaced: bool = True  # False: it shows both fields at once, as combs
    tags: Annotated[tuple[Name, ...], Meta(max_length=8)] = ()  # in MP4 (`hvc1`); any, if none


class AudioSupport(Message, frozen=True):
    """What of one codec a client decodes, or passes on to what it is connected to."""

    codec: Name
    max_channels: Annotated[int, Meta(ge=1)] | None = None


class ClientProfile(Message, frozen=True):
    """What a client can play. Without one, it is told from the User-Agent.

    `video` and `audio` say more of codecs; those that are only named there count as named.
    `subtitle_formats` are webvtt, srt, ass, mov_text, pgs and vobsub.
    """

    containers: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    video_codecs: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    audio_codecs: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    supports_hdr10: bool = False
    supports_hlg: bool = False
    supports_dolby_vision: bool = False
    max_width: Annotated[int, Meta(ge=1)] | None = None
    max_height: Annotated[int, Meta(ge=1)] | None = None
    max_bitrate_kbps: Annotated[int, Meta(ge=1)] | None = None
    max_audio_channels: Annotated[int, Meta(ge=1)] | None = None
    name: Name | None = None  # of the kind of client, when it was told from the User-Agent
    video: Annotated[tuple[VideoSupport, ...], Meta(max_length=32)] = ()
    audio: Annotated[tuple[AudioSupport, ...], Meta(max_length=32)] = ()
    subtitle_formats: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    transports: Annotated[tuple[Transport, ...], Meta(max_length=2)] = ()
