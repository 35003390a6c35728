"""Requests, events and jobs from one process to another, on a real bus and a real database."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from loguru import logger

from revenge.contracts import (
    Busy,
    Denied,
    Domain,
    Full,
    Level,
    Message,
    NotFound,
    Nothing,
    Unavailable,
)
from revenge.kit import Bus, Database, Router, Service, always, calling, settings, telemetry
from revenge.kit import consuming as consuming_module
from revenge.kit import jobs as jobs_module
from revenge.kit.schedules import set_schedule
from revenge.kit.testing import a_user, eventually, running

domain = Domain("toys")


class Toy(Message, frozen=True):
    name: str


class Seen(Message, frozen=True):
    username: str
    trace_id: str


class ToyNotFound(NotFound):
    """There is no such toy."""


find_toy = domain.rpc("find", Toy, Toy, raises=(ToyNotFound,))
break_toy = domain.rpc("break", Toy, Nothing)
who_asks = domain.rpc("who", Nothing, Seen)
toy_made = domain.event("made", Toy)
toy_sold = domain.event("sold", Toy)
paint_toy = domain.job("paint", Toy, level=Level.HIGH, attempts=2)
slow_toy = domain.job("slow", Toy, attempts=1, timeout=0.2)


@dataclass
class Shop:
    """What the handlers saw."""

    made: list[str] = field(default_factory=list[str])
    batches: list[list[str]] = field(default_factory=list[list[str]])
    painted: list[str] = field(default_factory=list[str])
    traces: list[str] = field(default_factory=list[str])
    failures: dict[str, int] = field(default_factory=dict[str, int])

    def fail_as_told(self, name: str) -> None:
        self.failures[name] = self.failures.get(name, 0) + 1
        if name == "poison" or (name == "clumsy" and self.failures[name] == 1):
            raise LookupError(name)
        if name == "forbidden":
            raise Denied("not for sale")
        if name == "unpaid":
            raise Unavailable("the paint shop answered 402")


def router() -> Router[Shop]:  # noqa: C901 - one short handler of each kind
    routes = Router[Shop]()

    @routes.rpc(find_toy)
    async def find(request: Toy, _: Shop) -> Toy:
        if request.name == "unicorn":
            raise ToyNotFound
        if request.name == "giant":
            return Toy("x" * 2_000_000)
        return request

    @routes.rpc(break_toy)
    async def break_it(request: Toy, _: Shop) -> Nothing:
        raise RuntimeError(f"a secret detail of {request.name}")

    @routes.rpc(who_asks)
    async def who(_: Nothing, __: Shop) -> Seen:
        trace = telemetry.trace_ids()
        return Seen(calling.caller().username, trace[0] if trace else "")

    @routes.on(toy_made)
    async def made(event: Toy, shop: Shop) -> None:
        shop.fail_as_told(event.name)
        shop.made.append(event.name)
        shop.traces.append(telemetry.to_headers()["traceparent"].split("-")[1])

    @routes.on_many(toy_sold, batch=50)
    async def sold(events: list[Toy], shop: Shop) -> None:
        for event in events:
            shop.fail_as_told(event.name)
        shop.batches.append([event.name for event in events])

    @routes.job(paint_toy, concurrency=2)
    async def paint(job: Toy, shop: Shop) -> None:
        shop.fail_as_told(job.name)
        await jobs_module.report("painting", 1, 2)
        shop.painted.append(job.name)

    @routes.job(slow_toy)
    async def slow(_: Toy, __: Shop) -> None:
        await asyncio.sleep(30)

    return routes


ShopRunner = Callable[[Shop], AbstractAsyncContextManager[None]]


@pytest.fixture
def open_shop(nats: settings.Nats, monkeypatch: pytest.MonkeyPatch) -> ShopRunner:
    monkeypatch.setattr(jobs_module, "back_off", lambda *_: 0.05)
    monkeypatch.setattr(consuming_module, "POLL", 0.5)

    @asynccontextmanager
    async def opened(shop: Shop) -> AsyncGenerator[None]:
        async def start(service: Service, _: settings.Settings) -> None:
            service.include(router(), always(shop))

        async with running("toys", settings.Settings(nats=nats), start):
            yield

    return opened


@pytest.fixture
async def relayed(db: Database, bus: Bus) -> AsyncGenerator[Database]:
    """The database, with a relay that moves its outbox to the bus."""
    from revenge.kit import outbox  # noqa: PLC0415 - the fixture is its only user

    relay = asyncio.create_task(outbox.relay(db, bus))
    yield db
    relay.cancel()
    await asyncio.wait([relay])


@pytest.fixture
def records() -> Generator[list[dict[str, Any]]]:
    """What is logged."""
    kept: list[dict[str, Any]] = []
    sink = logger.add(lambda line: kept.append(dict(line.record)), level="DEBUG")
    yield kept
    logger.remove(sink)


async def dead(bus: Bus) -> list[dict[str, str]]:
    state = (await bus.js.stream_info("DEAD")).state
    found = [
        await bus.js.get_msg("DEAD", sequence)
        for sequence in range(max(state.first_seq, 1), state.last_seq + 1)
    ]
    return [{**(message.headers or {}), "subject": message.subject or ""} for message in found]


async def test_a_request_is_answered(bus: Bus, open_shop: ShopRunner) -> None:
    async with open_shop(Shop()):
        assert await bus.call(find_toy, Toy("bear")) == Toy("bear")


async def test_a_reply_that_is_too_large_is_a_fault_and_ends_nothing(
    bus: Bus, open_shop: ShopRunner
) -> None:
    async with open_shop(Shop()):
        with pytest.raises(Full, match="ask for less"):
            await bus.call(find_toy, Toy("giant"))
        assert await bus.call(find_toy, Toy("bear")) == Toy("bear")


async def test_a_declared_fault_arrives_as_itself(bus: Bus, open_shop: ShopRunner) -> None:
    async with open_shop(Shop()):
        with pytest.raises(ToyNotFound, match="There is no such toy"):
            await bus.call(find_toy, Toy("unicorn"))


async def test_a_bug_tells_nothing_of_the_inside(bus: Bus, open_shop: ShopRunner) -> None:
    async with open_shop(Shop()):
        with pytest.raises(Exception, match=r"^internal error$"):
            await bus.call(break_toy, Toy("bear"))


async def test_caller_and_trace_travel_with_the_request(bus: Bus, open_shop: ShopRunner) -> None:
    async with open_shop(Shop()):
        with telemetry.span("here"), calling.acting_as(a_user(username="ada")):
            here = telemetry.trace_ids()
            seen = await bus.call(who_asks, Nothing())

    assert here is not None
    assert seen == Seen("ada", here[0])


async def test_a_committed_event_reaches_its_listener_with_its_trace(
    relayed: Database, open_shop: ShopRunner
) -> None:
    shop = Shop()
    async with open_shop(shop):
        with telemetry.span("cause"):
            cause = telemetry.trace_ids()
            async with relayed.begin() as tx:
                await tx.emit(toy_made, Toy("bear"))
        await eventually(lambda: said(shop.made))

    assert cause is not None
    assert shop.traces == [cause[0]]


async def test_events_are_handled_in_their_order(relayed: Database, open_shop: ShopRunner) -> None:
    shop = Shop()
    names = [f"toy {number}" for number in range(300)]
    async with relayed.begin() as tx:
        for name in names:
            await tx.emit(toy_made, Toy(name))
    async with open_shop(shop):
        await eventually(lambda: said(len(shop.made) >= 300))

    assert shop.made == names


async def test_what_failed_is_tried_again(relayed: Database, open_shop: ShopRunner) -> None:
    shop = Shop()
    async with open_shop(shop):
        async with relayed.begin() as tx:
            await tx.emit(toy_made, Toy("clumsy"))
        await eventually(lambda: said(shop.made))

    assert shop.failures == {"clumsy": 2}


async def test_a_batch_with_a_poisoned_event_loses_only_that_one(
    relayed: Database, bus: Bus, open_shop: ShopRunner
) -> None:
    shop = Shop()
    async with relayed.begin() as tx:
        for name in ("bear", "forbidden", "doll"):
            await tx.emit(toy_sold, Toy(name))
    async with open_shop(shop):
        await eventually(lambda: said(flat(shop.batches) == ["bear", "doll"]))
        (buried,) = await eventually(lambda: dead(bus))

    assert buried["subject"] == "dead.event.toys.sold"
    assert buried["Revenge-Reason"] == "Denied: not for sale"


async def test_a_job_that_used_up_its_attempts_is_dead_with_its_reason(
    relayed: Database, bus: Bus, open_shop: ShopRunner
) -> None:
    shop = Shop()
    async with open_shop(shop):
        async with relayed.begin() as tx:
            job_id = await tx.enqueue(paint_toy, Toy("poison"))
        (buried,) = await eventually(lambda: dead(bus))

    assert shop.failures["poison"] == 2
    assert buried["Revenge-Id"] == job_id
    assert buried["Revenge-Reason"] == "LookupError: poison"
    assert buried["Revenge-Consumer"] == "toys-high-toys-paint"
    assert (await bus.js.stream_info("JOBS")).state.messages == 0


async def test_a_failure_that_is_foreseen_is_logged_in_a_line(
    relayed: Database, bus: Bus, open_shop: ShopRunner, records: list[dict[str, Any]]
) -> None:
    async with open_shop(Shop()):
        async with relayed.begin() as tx:
            await tx.enqueue(paint_toy, Toy("unpaid"))
        await eventually(lambda: dead(bus))

    again, given_up = [record for record in records if "402" in record["message"]]
    assert again["message"] == (
        "job.high.toys.paint failed in attempt 1 of 2: the paint shop answered 402; again in 0 s"
    )
    assert given_up["message"] == "job.high.toys.paint is dead: the paint shop answered 402"
    for record in (again, given_up):
        assert record["level"].name == "WARNING"
        assert record["exception"] is None


async def test_a_bug_is_logged_with_its_traceback(
    relayed: Database, bus: Bus, open_shop: ShopRunner, records: list[dict[str, Any]]
) -> None:
    async with open_shop(Shop()):
        async with relayed.begin() as tx:
            await tx.enqueue(paint_toy, Toy("poison"))
        await eventually(lambda: dead(bus))

    again, given_up = [record for record in records if "poison" in record["message"]]
    assert (again["level"].name, given_up["level"].name) == ("WARNING", "ERROR")
    assert again["exception"]
    assert given_up["exception"]


async def test_a_job_of_a_schedule_is_buried_like_any_other(
    bus: Bus, open_shop: ShopRunner
) -> None:
    shop = Shop()
    async with open_shop(shop):
        await set_schedule(bus, paint_toy, Toy("poison"), "@every 1s")
        buried, *_ = await eventually(lambda: dead(bus))

    assert buried["Revenge-Reason"] == "LookupError: poison"


async def test_a_job_that_takes_too_long_is_dead(
    relayed: Database, bus: Bus, open_shop: ShopRunner
) -> None:
    async with open_shop(Shop()):
        async with relayed.begin() as tx:
            await tx.enqueue(slow_toy, Toy("sloth"))
        (buried,) = await eventually(lambda: dead(bus))

    assert buried["Revenge-Reason"] == "TimedOut: took longer than 0 s"


async def test_a_job_whose_worker_died_on_its_last_attempt_is_buried(
    relayed: Database, bus: Bus, open_shop: ShopRunner
) -> None:
    async with relayed.begin() as tx:
        await tx.enqueue(slow_toy, Toy("sloth"))
    await eventually(lambda: stored(bus, "JOBS"))
    await take_and_die(bus)

    async with open_shop(Shop()):
        (buried,) = await eventually(lambda: dead(bus))

    assert buried["Revenge-Reason"].startswith("WorkerDied: The worker died")


async def take_and_die(bus: Bus) -> None:
    """Take the job as the service would, and never answer."""
    from nats.js.api import AckPolicy, ConsumerConfig  # noqa: PLC0415

    await bus.js.add_consumer(
        "JOBS",
        ConsumerConfig(
            durable_name="toys-default-toys-slow",
            filter_subject=slow_toy.subject,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=0.2,
        ),
    )
    subscription = await bus.js.pull_subscribe_bind(durable="toys-default-toys-slow", stream="JOBS")
    await subscription.fetch(1, timeout=20)
    await subscription.unsubscribe()
    await asyncio.sleep(0.3)


async def test_progress_of_a_job_can_be_read(
    relayed: Database, bus: Bus, open_shop: ShopRunner
) -> None:
    shop = Shop()
    async with open_shop(shop):
        async with relayed.begin() as tx:
            job_id = await tx.enqueue(paint_toy, Toy("bear"))
        await eventually(lambda: said(shop.painted))
        entry = await (await bus.bucket("progress")).get(job_id)

    assert entry.value is not None
    assert b'"percent":50.0' in entry.value


async def test_a_service_that_is_busy_is_asked_again_later() -> None:
    assert not consuming_module.is_final(Busy())
    assert consuming_module.is_final(Denied())


async def said(value: Any) -> Any:
    return value


async def stored(bus: Bus, stream: str) -> int:
    return (await bus.js.stream_info(stream)).state.messages


def flat(batches: list[list[str]]) -> list[str]:
    return [name for batch in batches for name in batch]
