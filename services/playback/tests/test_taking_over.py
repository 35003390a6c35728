"""A replica dies in mid-play, and another goes on with its sessions."""

import asyncio
import itertools
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from revenge.contracts import LibraryId, playback
from revenge.embedded.ports import free_ports
from revenge.embedded.testing._videos import Videos
from revenge.kit import Bus, acting_as, settings
from revenge.kit.testing import eventually
from revenge.playback.testing.rig import Clips, complaints, shown
from revenge.playback.testing.staging import SECRET, House, Shelf, cataloguing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

SMALL = playback.ClientProfile(video_codecs=("h264",), max_height=90)
SECONDS = 120  # more than a run makes ahead of its viewer, so that ffmpeg still waits when it dies


@dataclass(frozen=True)
class Replica:
    url: str
    process: Process

    def members(self) -> set[str]:
        """The names of its processes, its own among them."""
        return set(_names_in_group(self.process.pid))

    async def die(self) -> None:
        """All of it at once: nothing is said, flushed or released."""
        os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()
        await eventually(self._is_gone)

    async def _is_gone(self) -> bool:
        return not self.members()


def _names_in_group(group: int) -> list[str]:
    found = list[str]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(") ")
        except OSError:  # it has ended meanwhile
            continue
        state, _, its_group, *_ = rest.split()
        if int(its_group) == group and state != "Z":
            found.append(name)
    return found


@asynccontextmanager
async def replica(
    nats: settings.Nats, database_url: str, segments: Path
) -> AsyncGenerator[Replica]:
    (port,) = free_ports(1)
    given = {
        "REVENGE_NATS_URL": nats.url,
        "REVENGE_DATABASE_URL": database_url,
        "REVENGE_PLAYBACK_SECRET": SECRET,
        "REVENGE_PLAYBACK_SEGMENTS_DIR": str(segments),
        "REVENGE_HTTP_PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "revenge.playback"), env=os.environ | given, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}"
        await eventually(lambda: _answers(url), within=60)
        yield Replica(url, process)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _answers(url: str) -> bool:
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
            return (await client.get("/")).status_code == 404
    except httpx2.TransportError:
        return False


@pytest.fixture
async def house(tmp_path: Path, nats: settings.Nats, videos: Videos) -> AsyncIterator[House]:
    """A catalogue alone: playback runs in processes of its own."""
    path = videos.make(tmp_path / "film.mkv", seconds=SECONDS, width=320, height=180)
    shelf = Shelf(path, LibraryId(uuid4()))
    async with cataloguing(nats, shelf):
        yield House("", shelf)


async def fetch(at: Replica, path: str) -> bytes:
    async with httpx2.AsyncClient(base_url=at.url, timeout=60) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture
async def replicas(
    nats: settings.Nats, database_url: str, tmp_path: Path
) -> AsyncIterator[tuple[Replica, Replica]]:
    async with (
        replica(nats, database_url, tmp_path / "one") as one,
        replica(nats, database_url, tmp_path / "two") as two,
    ):
        yield one, two


async def test_playback_goes_on_when_its_replica_is_killed_with_its_ffmpeg(
    bus: Bus, house: House, replicas: tuple[Replica, Replica], tmp_path: Path, clips: Clips
) -> None:
    one, two = replicas
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.asking(client_profile=SMALL))
    rung = f"{session.master_playlist_url.rpartition('/')[0]}/{session.profiles[0].name}"
    before = [await fetch(one, f"{rung}/{name}") for name in ("init.mp4", "0.m4s", "1.m4s")]
    assert any("ffmpeg" in name for name in one.members())

    await one.die()

    after = [await fetch(two, f"{rung}/{number}.m4s") for number in (2, 3)]
    with acting_as(house.viewer()):
        await bus.call(playback.beat, playback.Heartbeat(session.session_id, 8))
        now = await bus.call(playback.get_playback, playback.GetPlayback(session.session_id))
    assert now.position_seconds == 8

    joined = tmp_path / "joined.mp4"
    joined.write_bytes(b"".join([*before, *after]))
    times = sorted(packet.pts for packet in shown(joined))
    assert complaints(clips.ffmpeg, joined) == ""
    # nothing is missing, and nothing is there twice; Matroska's times are in milliseconds
    steps = {later - earlier for earlier, later in itertools.pairwise(times)}
    assert max(steps) - min(steps) <= Fraction(1, 1000)
