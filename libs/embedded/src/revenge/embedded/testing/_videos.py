"""Small real videos for tests, each rendered once and copied from then on."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from revenge.embedded.files import private_folder
from revenge.embedded.media import (
    Audio,
    Chapter,
    Recipe,
    Subtitles,
    VideoCodec,
    render,
)
from revenge.embedded.servers.ffmpeg import Ffmpeg
from revenge.embedded.testing._cache import cache_folder


@dataclass(frozen=True)
class Videos:
    cache: Path
    ffmpeg: Ffmpeg

    @classmethod
    def cached(cls) -> "Videos":
        folder = cache_folder() / "videos"
        private_folder(folder)
        return cls(folder, Ffmpeg.bundled())

    def make(
        self,
        path: Path,
        *,
        seconds: float = 1.0,
        width: int = 160,
        height: int = 90,
        codec: VideoCodec = "h264",
        audio: tuple[Audio, ...] = (Audio(),),
        subtitles: tuple[Subtitles, ...] = (),
        chapters: tuple[Chapter, ...] = (),
        title: str = "",
    ) -> Path:
        """Writes a video to `path`, whose suffix says the container, and gives `path` back."""
        recipe = Recipe(
            seconds=seconds,
            width=width,
            height=height,
            codec=codec,
            audio=audio,
            subtitles=subtitles,
            chapters=chapters,
            title=title,
        )
        return self.render(path, recipe)

    def render(self, path: Path, recipe: Recipe) -> Path:
        """A copy, not a link: a test may append to its file or spoil it."""
        original = self.cache / f"{self._key(recipe)}{path.suffix}"
        if not original.exists():
            render(self.ffmpeg, recipe, original)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, path)
        return path

    def _key(self, recipe: Recipe) -> str:
        """Another ffmpeg makes another file."""
        named = msgspec.json.encode((self.ffmpeg.binary.name, recipe))
        return hashlib.sha256(named).hexdigest()[:32]
