"""One holder at a time, and never for longer than it lives."""

import asyncio

import pytest

from revenge.kit import Bus, leases
from revenge.kit.settings import Nats


async def test_the_second_waits_until_the_first_lets_go(bus: Bus) -> None:
    order: list[str] = []

    async def second() -> None:
        async with leases.hold(bus, "toys", lasts=3):
            order.append("second")

    async with leases.hold(bus, "toys", lasts=3):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(1.2)
        order.append("first")
    await asyncio.wait_for(waiting, 30)

    assert order == ["first", "second"]


async def test_a_lease_is_kept_for_as_long_as_it_is_needed(bus: Bus) -> None:
    async with leases.hold(bus, "toys", lasts=3):
        await asyncio.sleep(4)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), leases.hold(bus, "toys", lasts=3):
                pass


async def test_the_lease_of_one_who_died_can_be_had(bus: Bus, nats: Nats) -> None:
    async def dies() -> None:
        async with Bus.connect(nats, "mortal") as other, leases.hold(other, "toys", lasts=1):
            await other.client.close()
            await asyncio.sleep(60)

    dying = asyncio.create_task(dies())
    await asyncio.sleep(0.5)

    async with asyncio.timeout(30), leases.hold(bus, "toys", lasts=1):
        pass
    dying.cancel()
    await asyncio.wait([dying])
