"""Real media, made by the real ffmpeg."""

import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from revenge.library_scanner.probe.prober import Prober

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Run ffmpeg; the last argument names the file in the test's own folder."""

    def run(*arguments: str) -> Path:
        *options, name = arguments
        path = tmp_path / name
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        command = [ffmpeg, "-v", "error", "-nostdin", "-y", *options, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return path

    return run


@pytest.fixture
async def prober() -> AsyncIterator[Prober]:
    async with Prober(1) as prober:
        yield prober
