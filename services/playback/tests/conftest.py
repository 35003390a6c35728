import json
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from revenge.contracts import services
from revenge.embedded.ports import free_ports
from revenge.embedded.testing._npm import NodeUnavailable, installed
from revenge.embedded.testing._videos import Videos
from revenge.kit import settings
from revenge.playback.segments.run import Limits
from revenge.playback.testing.rig import Clips, Rig, StrictParser
from revenge.playback.testing.staging import House, open_house

_HLS_PARSER = Path(__file__).parent / "hls_parser"


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


@pytest.fixture(scope="session")
def strictly() -> StrictParser:
    """`hls-parser` in strict mode; it fails at the first playlist that breaks a rule."""
    try:
        folder = installed(_HLS_PARSER)
    except NodeUnavailable as missing:
        pytest.skip(f"no playlist is read by hls-parser: {missing}")

    def parse(*playlists: str) -> list[dict[str, Any]]:
        command = ["node", "parse.mjs"]
        asked = json.dumps(playlists)
        done = subprocess.run(
            command, cwd=folder, input=asked, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        parsed: list[dict[str, Any]] = json.loads(done.stdout)
        return parsed

    return parse


@pytest.fixture(scope="session")
def service() -> services.Service:
    return services.PLAYBACK


@pytest.fixture
def film(tmp_path: Path, videos: Videos) -> Path:
    return videos.make(tmp_path / "film.mkv", seconds=20, width=320, height=180)


@pytest.fixture
async def house(film: Path, nats: settings.Nats, database_url: str) -> AsyncIterator[House]:
    """Playback with room for two, and a catalogue that knows one film."""
    (port,) = free_ports(1)
    async with open_house(nats, database_url, film, port, max_concurrent_sessions=2) as opened:
        yield opened
