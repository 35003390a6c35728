import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from revenge.playback.segments.runs import Limits
from revenge.playback.testing import Clips, Rig


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "clips"
    folder.mkdir(exist_ok=True)
    return Clips(folder, get_ffmpeg_exe())


@pytest.fixture
async def rig(clips: Clips, tmp_path: Path) -> AsyncIterator[Rig]:
    made = Rig(tmp_path, clips.ffmpeg, Limits(runs=2, ahead=2, idle_s=5))
    yield made
    await made.close()
