"""What plays goes on playing while the bus is away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from revenge.contracts import Unavailable, playback
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, program
from revenge.embedded.supervisor import Supervisor
from revenge.kit import Bus, acting_as, settings, streams
from revenge.kit.testing import eventually
from revenge.playback.staging import House, open_house


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


async def test_segments_are_served_while_the_bus_is_away(
    bus: Bus, house: House, wire: Wire
) -> None:
    with acting_as(house.viewer()):
        known = await bus.call(playback.start_playback, house.film)
        other = await bus.call(playback.start_playback, house.film)
    known_at, other_at = (one.master_playlist_url.rpartition("/")[0] for one in (known, other))

    async with httpx2.AsyncClient(base_url=house.url, timeout=30) as client:
        first = await client.get(f"{known_at}/original/0.m4s")
        await wire.cut()
        second = await client.get(f"{known_at}/original/1.m4s")
        unknown = await client.get(f"{other_at}/original/0.m4s")
        await wire.mend()

        async def is_served() -> bool:
            return (await client.get(f"{other_at}/original/0.m4s")).status_code == 200

        assert await eventually(is_served, within=30)

    assert (first.status_code, second.status_code) == (200, 200)
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
