"""Who is let in when several ask at once, on whichever replicas."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from revenge.contracts import playback
from revenge.embedded.ports import free_ports
from revenge.kit import Bus, acting_as, settings
from revenge.playback.testing.staging import House, open_house

MANY = 40


@pytest.fixture
async def houses(
    film: Path, nats: settings.Nats, database_url: str
) -> AsyncIterator[tuple[House, House]]:
    """Two replicas over the same bus: which of them answers is the bus's choice."""
    async with AsyncExitStack() as opened:
        one, two = [
            await opened.enter_async_context(
                open_house(nats, database_url, film, port, max_concurrent_sessions=3)
            )
            for port in free_ports(2)
        ]
        yield one, two


async def begin(bus: Bus, house: House, username: str) -> playback.PlaybackSession | None:
    with acting_as(house.viewer(username)):
        try:
            return await bus.call(playback.start_playback, house.film)
        except playback.TooManySessions:
            return None


async def test_as_many_are_let_in_as_there_is_room_for_and_no_fewer(
    bus: Bus, houses: tuple[House, House]
) -> None:
    house, _ = houses

    asked = (begin(bus, house, f"viewer {number}") for number in range(MANY))
    begun = [session for session in await asyncio.gather(*asked) if session is not None]

    with acting_as(house.viewer()):
        playing = await bus.call(playback.list_playbacks, playback.ListPlaybacks())
    assert len(begun) == 3
    assert {one.session_id for one in playing.sessions} == {one.session_id for one in begun}


async def test_who_was_refused_leaves_nothing_behind(bus: Bus, houses: tuple[House, House]) -> None:
    house, _ = houses
    asked = (begin(bus, house, f"viewer {number}") for number in range(MANY))
    begun = [session for session in await asyncio.gather(*asked) if session is not None]

    with acting_as(house.viewer("viewer 0")):
        for session in begun:
            await bus.call(playback.end_playback, playback.EndPlayback(session.session_id))

    assert await begin(bus, house, "another") is not None
