"""What a video is to be: its picture, its tracks and its chapters."""

from typing import Literal

import msgspec

VideoCodec = Literal["h264", "hevc", "vp9"]
AudioCodec = Literal["aac", "ac3", "opus", "flac", "mp3"]
Pattern = Literal["linear", "radial", "circular", "spiral", "square"]


class Audio(msgspec.Struct, frozen=True, kw_only=True):
    language: str = "eng"
    codec: AudioCodec = "aac"
    channels: int = 2
    title: str = ""
    pitch: int = 220
    """In Hz; tracks of different pitch can be told apart by ear."""


class Cue(msgspec.Struct, frozen=True):
    start_s: float
    end_s: float
    text: str


class Subtitles(msgspec.Struct, frozen=True, kw_only=True):
    language: str = "eng"
    cues: tuple[Cue, ...]
    title: str = ""
    is_forced: bool = False
    is_for_deaf: bool = False


class Chapter(msgspec.Struct, frozen=True):
    start_s: float
    title: str


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    seconds: float = 2.0
    width: int = 320
    height: int = 180
    rate: int = 24
    """Frames a second; a key frame comes every two seconds."""
    codec: VideoCodec = "h264"
    pattern: Pattern = "spiral"
    colours: tuple[str, ...] = ("0x10243e", "0x2d6a8e", "0xe8b04b")
    """Two to eight, as ffmpeg writes them: `0xRRGGBB`."""
    grain: int = 0
    """How noisy the picture is, up to 100: gradients alone hardly need a bit rate."""
    title: str = ""
    """Written into the picture, with the time, and into the container."""
    audio: tuple[Audio, ...] = (Audio(),)
    subtitles: tuple[Subtitles, ...] = ()
    chapters: tuple[Chapter, ...] = ()
