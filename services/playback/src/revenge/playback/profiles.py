"""What clients can play: as they say themselves, else as is known of their kind."""

from typing import NamedTuple

import msgspec

from revenge.contracts.playback import ClientProfile

#: What nearly everything plays, and what is assumed of a client that is not known.
PLAIN = ClientProfile(
    containers=("mp4",), video_codecs=("h264",), audio_codecs=("aac", "mp3"), max_audio_channels=2
)

# Chromium plays HEVC only where the machine has a decoder for it, and does not say so here.
_CHROMIUM = ClientProfile(
    containers=("mp4", "webm"),
    video_codecs=("h264", "vp8", "vp9", "av1"),
    audio_codecs=("aac", "mp3", "opus", "vorbis", "flac"),
    supports_hdr10=True,
    supports_hlg=True,
    max_audio_channels=8,
)

_FIREFOX = ClientProfile(
    containers=("mp4", "webm"),
    video_codecs=("h264", "vp8", "vp9", "av1"),
    audio_codecs=("aac", "mp3", "opus", "vorbis", "flac"),
    max_audio_channels=8,
)

_APPLE = ClientProfile(
    containers=("mp4",),
    video_codecs=("h264", "hevc"),
    audio_codecs=("aac", "mp3", "ac3", "eac3", "alac", "flac"),
    supports_hdr10=True,
    supports_hlg=True,
    supports_dolby_vision=True,
    max_audio_channels=8,
)

_EVERYTHING = ClientProfile(
    containers=("mp4", "webm", "mkv", "mpegts", "avi", "flv", "ogg", "mp3", "flac", "wav"),
    video_codecs=("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "vc1", "mpeg1video"),
    audio_codecs=(
        *("aac", "mp3", "mp2", "ac3", "eac3", "opus", "vorbis", "flac", "alac", "dts", "truehd"),
        *("pcm_s16le", "pcm_s24le"),
    ),
    supports_hdr10=True,
    supports_hlg=True,
)


class _Kind(NamedTuple):
    marks: tuple[str, ...]  # any of these in the User-Agent
    profile: ClientProfile


# The first that fits: Chromium calls itself Safari too, and nearly all call themselves Mozilla.
_KINDS = (
    _Kind(("VLC/", "mpv", "libmpv", "Kodi/", "Lavf/", "Infuse"), _EVERYTHING),
    _Kind(("Firefox/",), _FIREFOX),
    _Kind(("AppleCoreMedia", "CriOS/", "FxiOS/", "EdgiOS/", "iPhone", "iPad"), _APPLE),
    _Kind(("Chrome/", "Chromium/", "Edg/"), _CHROMIUM),
    _Kind(("Safari/",), _APPLE),
)

_ALIASES = {
    "h265": "hevc",
    "x265": "hevc",
    "avc": "h264",
    "x264": "h264",
    "avc1": "h264",
    "hvc1": "hevc",
    "hev1": "hevc",
    "av01": "av1",
    "vp09": "vp9",
    "ac-3": "ac3",
    "ec-3": "eac3",
    "e-ac-3": "eac3",
    "mp4a": "aac",
    "dca": "dts",
    "mov": "mp4",
    "m4v": "mp4",
    "matroska": "mkv",
    "ts": "mpegts",
}


def known(user_agent: str | None) -> ClientProfile:
    """The profile of clients that call themselves so."""
    name = user_agent or ""
    kinds = (kind for kind in _KINDS if any(mark in name for mark in kind.marks))
    return next((kind.profile for kind in kinds), PLAIN)


def complete(given: ClientProfile | None, user_agent: str | None) -> ClientProfile:
    """As the client says, in this system's words; what it does not mention is as known."""
    likely = known(user_agent)
    if given is None:
        return likely
    return msgspec.structs.replace(
        given,
        containers=_names(given.containers) or likely.containers,
        video_codecs=_names(given.video_codecs) or likely.video_codecs,
        audio_codecs=_names(given.audio_codecs) or likely.audio_codecs,
        max_audio_channels=given.max_audio_channels or likely.max_audio_channels,
    )


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    lower = (name.strip().lower() for name in given)
    return tuple(_ALIASES.get(name, name) for name in lower)
