"""Small real videos, made with ffmpeg: for the demo library and for tests."""

from revenge.embedded.media._lettering import font, writable
from revenge.embedded.media._recipe import (
    Audio,
    AudioCodec,
    Chapter,
    Cue,
    Recipe,
    Subtitles,
    VideoCodec,
)
from revenge.embedded.media._render import RenderFailed, render, subrip

__all__ = [
    "Audio",
    "AudioCodec",
    "Chapter",
    "Cue",
    "Recipe",
    "RenderFailed",
    "Subtitles",
    "VideoCodec",
    "font",
    "render",
    "subrip",
    "writable",
]
