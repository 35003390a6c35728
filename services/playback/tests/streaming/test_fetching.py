"""What plays goes on playing while the bus is away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from revenge.contracts import PlaybackId, Unavailable, playback
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, program
from revenge.embedded.supervisor import Supervisor
from revenge.kit import Bus, acting_as, settings, streams
from revenge.kit.testing import eventually
from revenge.playback.streaming.app import PREFIX
from revenge.playback.streaming.signing import Grant, Signer, SigningKey
from revenge.playback.testing.staging import SECRET, House, open_house


@dataclass(frozen=True)
class Wire:
    """A NATS that can be taken away, and comes back with all that it knew."""

    supervisor: Supervisor
    server: Nats

    async def cut(self) -> None:
        await self.supervisor.stop()

    async def mend(self) -> None:
        await self.supervisor.start(program(self.server))


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    port, monitor = free_ports(2)
    async with Supervisor(tmp_path / "logs") as supervisor:
        made = Wire(supervisor, Nats(tmp_path / "nats", port, monitor))
        await made.mend()
        yield made


@pytest.fixture
async def nats(wire: Wire) -> settings.Nats:
    at = settings.Nats(url=wire.server.url)
    async with Bus.connect(at, "test-setup") as bus:
        await streams.ensure(bus.js)
    return at


@pytest.fixture
async def house(film: Path, nats: settings.Nats, database_url: str) -> AsyncIterator[House]:
    (port,) = free_ports(1)
    async with open_house(nats, database_url, film, port) as opened:
        yield opened


def address_of(session: PlaybackId) -> str:
    """Of its streams, signed as playback does it."""
    signer = Signer((SigningKey("a", SECRET.encode()),))
    return PREFIX + signer.sign(Grant(session, datetime.now(UTC) + timedelta(hours=1)))


async def test_segments_are_served_while_the_bus_is_away(
    bus: Bus, house: House, wire: Wire
) -> None:
    with acting_as(house.viewer()):
        known = await bus.call(playback.start_playback, house.film)
        other = await bus.call(playback.start_playback, house.film)
    known_at, other_at = (one.master_playlist_url.rpartition("/")[0] for one in (known, other))
    unknown_at = address_of(PlaybackId(uuid4()))

    async with httpx2.AsyncClient(base_url=house.url, timeout=30) as client:
        first = await client.get(f"{known_at}/original/0.m4s")
        await wire.cut()
        second = await client.get(f"{known_at}/original/1.m4s")
        third = await client.get(f"{other_at}/original/0.m4s")
        unknown = await client.get(f"{unknown_at}/original/0.m4s")
        await wire.mend()

        async def is_looked_up() -> bool:
            answer = await client.get(f"{unknown_at}/original/0.m4s")
            return answer.status_code == playback.PlaybackNotFound.status

        assert await eventually(is_looked_up, within=30)
        again = await client.get(f"{other_at}/original/1.m4s")

    served = (first, second, third, again)
    assert [answer.status_code for answer in served] == [200, 200, 200, 200]
    assert unknown.status_code == Unavailable.status
    assert unknown.headers["retry-after"]

    async def beats() -> bool:
        try:
            with acting_as(house.viewer()):
                await bus.call(playback.beat, playback.Heartbeat(known.session_id, 9))
        except Unavailable:
            return False
        return True

    assert await eventually(beats, within=30)
