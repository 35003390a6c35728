"""What a client can play: as it says itself, else as is known of its kind."""

from typing import TypeVar

import msgspec

from revenge.contracts.playback import AudioSupport, ClientProfile, VideoSupport
from revenge.playback.deciding.clients import CLIENTS, PLAIN

S = TypeVar("S", VideoSupport, AudioSupport)

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
    "subrip": "srt",
    "vtt": "webvtt",
    "ssa": "ass",
    "hdmv_pgs_subtitle": "pgs",
    "pgssub": "pgs",
    "sup": "pgs",
    "dvd_subtitle": "vobsub",
    "dvdsub": "vobsub",
    "tx3g": "mov_text",
}


def known(user_agent: str | None) -> ClientProfile:
    """The profile of clients that call themselves so."""
    agent = user_agent or ""
    kinds = (kind for kind in CLIENTS if any(mark in agent for mark in kind.marks))
    found = next(kinds, None)
    return PLAIN if found is None else msgspec.structs.replace(found.profile, name=found.name)


def complete(given: ClientProfile | None, user_agent: str | None) -> ClientProfile:
    """As the client says, in this system's words; what it does not mention is as known."""
    likely = known(user_agent)
    if given is None:
        return likely
    said = bool(given.video_codecs or given.video)
    video = tuple(_named(support) for support in given.video)
    audio = tuple(_named(support) for support in given.audio)
    return msgspec.structs.replace(
        given,
        containers=names(given.containers) or likely.containers,
        video_codecs=_all(given.video_codecs, video) or likely.video_codecs,
        audio_codecs=_all(given.audio_codecs, audio) or likely.audio_codecs,
        video=video if said else likely.video,
        audio=audio or (() if given.audio_codecs else likely.audio),
        max_audio_channels=given.max_audio_channels or likely.max_audio_channels,
        subtitle_formats=names(given.subtitle_formats) or likely.subtitle_formats,
        transports=given.transports or likely.transports,
        name=given.name or likely.name,
    )


def names(given: tuple[str, ...]) -> tuple[str, ...]:
    """Of codecs, containers and formats, as this system writes them."""
    return tuple(name(one) for one in given)


def name(given: str) -> str:
    lower = given.strip().lower()
    return _ALIASES.get(lower, lower)


def _named(support: S) -> S:
    return msgspec.structs.replace(support, codec=name(support.codec))


def _all(
    codecs: tuple[str, ...], supports: tuple[VideoSupport, ...] | tuple[AudioSupport, ...]
) -> tuple[str, ...]:
    """Those that are only named, and those of which more is said."""
    return tuple(dict.fromkeys([*names(codecs), *(support.codec for support in supports)]))
