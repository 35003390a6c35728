"""Background work makes way while somebody watches, and comes back afterwards."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import Domain, Job, Level, Message
from revenge.kit import Bus, Router, Service, always, qos, settings
from revenge.kit.jobs import Slots, Workers
from revenge.kit.testing import eventually, running

domain = Domain("kitqos")


class Chore(Message, frozen=True):
    name: str


scan = domain.job("scan", Chore, level=Level.BULK)
clean = domain.job("clean", Chore, level=Level.LOW)


@dataclass
class Yard:
    """Where chores are done, until the gate is open."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    going_on: int = 0
    most: int = 0
    done: list[str] = field(default_factory=list[str])

    async def work(self, chore: Chore) -> None:
        self.going_on += 1
        self.most = max(self.most, self.going_on)
        await self.gate.wait()
        self.going_on -= 1
        self.done.append(chore.name)


routes = Router[Yard]()


@routes.job(scan, concurrency=5)
async def scan_it(chore: Chore, yard: Yard) -> None:
    await yard.work(chore)


@routes.job(clean, concurrency=5)
async def clean_it(chore: Chore, yard: Yard) -> None:
    await yard.work(chore)


@dataclass(frozen=True)
class Running:
    yard: Yard
    workers: Workers

    async def makes_way(self) -> bool:
        return self.workers.watched

    async def works_as_usual(self) -> bool:
        return not self.workers.watched


@pytest.fixture
async def service(nats: settings.Nats) -> AsyncGenerator[Running]:
    yard, services = Yard(), list[Service]()

    async def start(service: Service, _: settings.Settings) -> None:
        service.include(routes, always(yard))
        services.append(service)

    async with running("kit", settings.Settings(nats=nats), start):
        yield Running(yard, services[0].workers)
        yard.gate.set()


async def enqueue(bus: Bus, job: Job[Chore], *names: str) -> None:
    for name in names:
        await bus.store(job.subject, msgspec.json.encode(Chore(name)), uuid4().hex, {})


async def test_fewer_work_while_somebody_watches(bus: Bus, service: Running) -> None:
    await qos.announce(bus, watching=True)
    await eventually(service.makes_way)

    await enqueue(bus, scan, "1", "2", "3", "4")
    await eventually(lambda: _is(service.yard.going_on == 2))
    service.yard.gate.set()

    await eventually(lambda: _is(len(service.yard.done) == 4))
    assert service.yard.most == 2


async def test_upkeep_rests_until_nobody_watches(bus: Bus, service: Running) -> None:
    service.yard.gate.set()
    await qos.announce(bus, watching=True)
    await eventually(service.makes_way)
    await enqueue(bus, clean, "upkeep")
    await enqueue(bus, scan, "scan")
    await eventually(lambda: _is(service.yard.done == ["scan"]))

    await qos.announce(bus, watching=False)

    await eventually(lambda: _is(service.yard.done == ["scan", "upkeep"]))


async def test_more_work_again_as_soon_as_nobody_watches(bus: Bus, service: Running) -> None:
    await qos.announce(bus, watching=True)
    await eventually(service.makes_way)
    await enqueue(bus, scan, "1", "2", "3")
    await eventually(lambda: _is(service.yard.going_on == 2))

    await qos.announce(bus, watching=False)

    await eventually(lambda: _is(service.yard.going_on == 3))


async def test_a_playback_that_died_does_not_hold_the_work_up_for_ever(
    bus: Bus, nats: settings.Nats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qos, "LASTS", 0.5)
    workers = Workers(settings.Jobs())
    async with Bus.connect(nats, "follower") as other:
        following = asyncio.create_task(qos.follow(other, workers))
        await qos.announce(bus, watching=True)
        await eventually(lambda: _is(workers.watched))

        await eventually(lambda: _is(not workers.watched))

        following.cancel()
        await asyncio.wait([following])


async def test_a_worker_that_starts_late_knows_that_somebody_watches(
    bus: Bus, nats: settings.Nats
) -> None:
    await qos.announce(bus, watching=True)
    workers = Workers(settings.Jobs())
    async with Bus.connect(nats, "follower") as other:
        following = asyncio.create_task(qos.follow(other, workers))

        assert await eventually(lambda: _is(workers.watched))

        following.cancel()
        await asyncio.wait([following])


async def test_slots_that_are_taken_finish_in_peace() -> None:
    slots = Slots(2)
    async with slots, slots:
        slots.resize(1)
        waiting = asyncio.create_task(slots.__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()

    await waiting


async def test_a_wait_that_is_given_up_takes_no_slot() -> None:
    slots = Slots(1)
    async with slots:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await slots.__aenter__()

    async with asyncio.timeout(1), slots:
        pass


async def test_slots_are_given_to_those_who_came_first() -> None:
    slots, order = Slots(1), list[int]()

    async def work(number: int) -> None:
        async with slots:
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*map(work, range(5)))

    assert order == [0, 1, 2, 3, 4]


async def test_a_slot_that_is_given_to_somebody_who_has_gone_is_given_to_the_next() -> None:
    slots = Slots(1)
    await slots.__aenter__()
    first, second = (asyncio.create_task(slots.__aenter__()) for _ in range(2))
    await asyncio.sleep(0)

    await slots.__aexit__()
    first.cancel()

    async with asyncio.timeout(10):
        await second


async def test_nobody_is_woken_who_cannot_go_on() -> None:
    """Of thousands that waited, each one that left used to wake all the others."""
    slots, woken = Slots(2), 0

    async def work() -> None:
        async with slots:
            await asyncio.sleep(0)

    loop = asyncio.get_running_loop()
    handled = loop.call_soon

    def counted(*args: Any, **named: Any) -> Any:
        nonlocal woken
        woken += 1
        return handled(*args, **named)

    loop.call_soon = counted  # type: ignore[method-assign]
    try:
        await asyncio.gather(*(work() for _ in range(500)))
    finally:
        loop.call_soon = handled  # type: ignore[method-assign]

    assert woken < 500 * 20


def test_nobody_works_more_because_somebody_watches() -> None:
    few = settings.Jobs(bulk=1)

    assert few.most(Level.BULK, watched=True) == 1
    assert settings.Jobs().most(Level.CRITICAL, watched=True) == 20


async def _is(answer: bool) -> bool:
    return answer
