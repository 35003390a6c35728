"""FFmpeg, from imageio-ffmpeg: a program rather than a server, found like the others."""

import os
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from revenge.embedded.servers._server import first_line_of


@dataclass(frozen=True)
class Ffmpeg:
    binary: Path

    @classmethod
    def bundled(cls) -> "Ffmpeg":
        """The wheel's; IMAGEIO_FFMPEG_EXE names another."""
        return cls(Path(os.path.realpath(imageio_ffmpeg.get_ffmpeg_exe())))

    @property
    def version(self) -> str:
        """`ffmpeg version n9.0.2-17-... Copyright` becomes `n9.0.2-17-...`."""
        return first_line_of(self.binary, "-version").split()[2]
