"""Clients that are known by what they call themselves, and what they play.

Rather too little than too much: what a client is wrongly said to play does not play at all, what it
is wrongly said not to play is only encoded. A client that knows better describes itself.
"""

from typing import NamedTuple

import msgspec

from revenge.contracts.media import HdrKind
from revenge.contracts.playback import AudioSupport, ClientProfile, Transport, VideoSupport

_BOTH = (Transport.HLS, Transport.PROGRESSIVE)
_WEB_AUDIO = ("aac", "mp3", "opus", "vorbis", "flac")
_SONGS = ("mp3", "flac", "ogg")  # containers
_H264 = ("Constrained Baseline", "Baseline", "Main", "High")
_HEVC = ("Main", "Main 10")
_SURROUND, _FULL_SURROUND = 6, 8  # channels

#: What nearly everything plays, and what is assumed of a client that is not known.
PLAIN = ClientProfile(
    containers=("mp4",),
    video_codecs=("h264",),
    audio_codecs=("aac", "mp3"),
    max_audio_channels=2,
    video=(VideoSupport("h264", profiles=_H264, max_bit_depth=8, interlaced=False),),
    subtitle_formats=("webvtt",),
    transports=_BOTH,
)

# Chromium plays HEVC only where the machine has a decoder for it, and does not say so here.
_CHROMIUM = ClientProfile(
    containers=("mp4", "webm", *_SONGS),
    video_codecs=("h264", "vp8", "vp9", "av1"),
    audio_codecs=_WEB_AUDIO,
    supports_hdr10=True,
    supports_hlg=True,
    max_audio_channels=_FULL_SURROUND,
    # shown as they are, fields look like combs
    video=(VideoSupport("h264", profiles=_H264, max_bit_depth=8, interlaced=False),),
    subtitle_formats=("webvtt",),
    transports=_BOTH,
)

_FIREFOX = msgspec.structs.replace(_CHROMIUM, supports_hdr10=False, supports_hlg=False)

_APPLE = ClientProfile(
    containers=("mp4", "mp3", "flac"),
    video_codecs=("h264", "hevc"),
    audio_codecs=("aac", "mp3", "ac3", "eac3", "alac", "flac"),
    supports_hdr10=True,
    supports_hlg=True,
    supports_dolby_vision=True,
    max_audio_channels=_FULL_SURROUND,
    video=(
        VideoSupport("h264", profiles=_H264, max_level=52, max_bit_depth=8, interlaced=False),
        VideoSupport("hevc", _HEVC, max_level=153, max_bit_depth=10, tags=("hvc1", "dvh1")),
    ),
    subtitle_formats=("webvtt",),
    transports=_BOTH,
)

_APPLE_TV = msgspec.structs.replace(_APPLE, max_width=3840, max_height=2160)

# Televisions decode in hardware: what is above its level stutters, or shows nothing.
_TELEVISION = ClientProfile(
    containers=("mp4", "mkv", "webm", "mpegts"),
    video_codecs=("h264", "hevc", "vp9"),
    audio_codecs=("aac", "mp3", "ac3", "eac3", "opus"),
    supports_hdr10=True,
    supports_hlg=True,
    max_width=3840,
    max_height=2160,
    max_audio_channels=_SURROUND,
    video=(
        VideoSupport("h264", profiles=_H264, max_level=51, max_bit_depth=8),
        VideoSupport("hevc", profiles=_HEVC, max_level=153, max_bit_depth=10),
    ),
    audio=(AudioSupport("eac3", max_channels=_FULL_SURROUND),),
    subtitle_formats=("webvtt", "srt"),
    transports=_BOTH,
)

_WEBOS = msgspec.structs.replace(_TELEVISION, supports_dolby_vision=True)  # LG

# Samsung has none with Dolby Vision, and has HDR10+ instead.
_TIZEN = msgspec.structs.replace(
    _TELEVISION,
    video=(
        _TELEVISION.video[0],
        msgspec.structs.replace(
            _TELEVISION.video[1], hdr=(HdrKind.HDR10, HdrKind.HDR10_PLUS, HdrKind.HLG)
        ),
    ),
)

_ANDROID_TV = msgspec.structs.replace(
    _TELEVISION,
    audio_codecs=(*_TELEVISION.audio_codecs, "vorbis", "flac"),
    subtitle_formats=("webvtt", "srt", "mov_text"),
)

# Its sticks for 1080p call themselves like those for 4K, and have no HDR.
_ROKU = ClientProfile(
    containers=("mp4", "mkv"),
    video_codecs=("h264", "hevc"),
    audio_codecs=("aac", "mp3", "ac3", "eac3", "flac"),
    max_width=1920,
    max_height=1080,
    max_audio_channels=_SURROUND,
    video=(
        VideoSupport("h264", profiles=_H264, max_level=42, max_bit_depth=8),
        VideoSupport("hevc", profiles=_HEVC, max_level=123, max_bit_depth=10),
    ),
    audio=(AudioSupport("aac", max_channels=2),),
    subtitle_formats=("webvtt", "srt"),
    transports=_BOTH,
)

# What all of them play since the second; they call themselves alike, and show pages of the web.
_CHROMECAST = ClientProfile(
    containers=("mp4", "webm", *_SONGS),
    video_codecs=("h264", "vp8"),
    audio_codecs=_WEB_AUDIO,
    max_width=1920,
    max_height=1080,
    max_audio_channels=2,
    video=(VideoSupport("h264", profiles=_H264, max_level=41, max_bit_depth=8, interlaced=False),),
    subtitle_formats=("webvtt",),
    transports=_BOTH,
)

# Televisions of whose makers nothing more is known: what their standard (HbbTV) demands.
_OTHER_TELEVISION = ClientProfile(
    containers=("mp4", "mpegts"),
    video_codecs=("h264",),
    audio_codecs=("aac", "mp3", "ac3", "eac3"),
    max_width=1920,
    max_height=1080,
    max_audio_channels=_SURROUND,
    video=(VideoSupport("h264", profiles=_H264, max_level=40, max_bit_depth=8),),
    subtitle_formats=("webvtt",),
    transports=_BOTH,
)

_SOFTWARE_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "vc1", "mpeg1video")

#: Players with decoders of their own for everything, in every depth and every sampling.
_NATIVE = ClientProfile(
    containers=("mp4", "webm", "mkv", "mpegts", "avi", "flv", "ogg", "mp3", "flac", "wav"),
    video_codecs=_SOFTWARE_CODECS,
    audio_codecs=(
        *("aac", "mp3", "mp2", "ac3", "eac3", "opus", "vorbis", "flac", "alac", "dts", "truehd"),
        *("pcm_s16le", "pcm_s24le"),
    ),
    supports_hdr10=True,
    supports_hlg=True,
    video=tuple(
        VideoSupport(codec, max_bit_depth=12, chroma=("420", "422", "444"))
        for codec in _SOFTWARE_CODECS
    ),
    subtitle_formats=("webvtt", "srt", "ass", "mov_text", "pgs", "vobsub"),
    transports=_BOTH,
)

_EXOPLAYER = msgspec.structs.replace(_ANDROID_TV, subtitle_formats=("webvtt", "srt", "pgs"))


class Client(NamedTuple):
    """A kind of client. `marks`: any of these is in its User-Agent."""

    name: str
    marks: tuple[str, ...]
    profile: ClientProfile


#: The first that fits counts: apps name their platform too, televisions are Chromium too, Chromium
#: calls itself Safari too, and nearly all call themselves Mozilla.
CLIENTS = (
    Client("VLC", ("VLC/", "LibVLC"), _NATIVE),
    Client("mpv", ("mpv", "libmpv", "Lavf/"), _NATIVE),
    Client("Kodi", ("Kodi/", "XBMC/"), _NATIVE),
    Client("Infuse", ("Infuse",), _NATIVE),
    Client("Jellyfin Media Player", ("JellyfinMediaPlayer", "Jellyfin Media Player"), _NATIVE),
    Client("Swiftfin", ("Swiftfin",), _NATIVE),
    Client("ExoPlayer", ("ExoPlayer", "AndroidXMedia3", "Findroid"), _EXOPLAYER),
    Client("Apple TV", ("AppleTV", "Apple TV", "tvOS"), _APPLE_TV),
    Client("webOS", ("Web0S", "webOS", "WEBOS"), _WEBOS),
    Client("Tizen", ("Tizen",), _TIZEN),
    Client("Roku", ("Roku",), _ROKU),
    Client("Chromecast", ("CrKey/",), _CHROMECAST),
    Client("Android TV", ("Android TV", "BRAVIA", "; AFT", "SHIELD"), _ANDROID_TV),
    Client("HbbTV", ("HbbTV/", "VIDAA", "NetCast", "Viera/"), _OTHER_TELEVISION),
    Client("Firefox on iOS", ("FxiOS/",), _APPLE),
    Client("Chromium on iOS", ("CriOS/", "EdgiOS/"), _APPLE),
    Client("Firefox", ("Firefox/",), _FIREFOX),
    Client("Safari", ("AppleCoreMedia", "iPhone", "iPad"), _APPLE),
    Client("Chromium", ("Chrome/", "Chromium/", "Edg/"), _CHROMIUM),
    Client("Safari", ("Macintosh",), _APPLE),  # others that call themselves so are not Apple's
)
