"""What a consumer is given, and when."""

import asyncio
import time
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from revenge.kit import Bus
from revenge.kit.pulling import Pull, PullRefused, acknowledge
from revenge.kit.received import Received
from revenge.kit.testing import eventually


@pytest.fixture
def subject() -> str:
    return f"event.pulled.{uuid4().hex}"


@pytest.fixture
async def pull(bus: Bus, subject: str) -> AsyncGenerator[Pull]:
    durable = subject.rpartition(".")[2]
    wanted = ConsumerConfig(
        durable_name=durable, filter_subject=subject, ack_policy=AckPolicy.EXPLICIT, ack_wait=30
    )
    await bus.js.add_consumer("EVENTS", wanted)
    pull = Pull(bus.client, "EVENTS", durable)
    await pull.open()
    yield pull
    await pull.close()


async def publish(bus: Bus, subject: str, *payloads: bytes) -> None:
    for payload in payloads:
        await bus.js.publish(subject, payload)


async def is_waited_for(bus: Bus, subject: str) -> bool:
    info = await bus.js.consumer_info("EVENTS", subject.rpartition(".")[2])
    return bool(info.num_waiting)


async def test_what_is_there_comes_at_once_and_in_order(bus: Bus, subject: str, pull: Pull) -> None:
    await publish(bus, subject, b"1", b"2", b"3")

    received = await pull.fetch(10, timeout=20)

    assert [message.data for message in received] == [b"1", b"2", b"3"]


async def test_no_more_than_wanted_comes_at_once(bus: Bus, subject: str, pull: Pull) -> None:
    await publish(bus, subject, b"1", b"2", b"3")

    assert [len(await pull.fetch(2, timeout=20)) for _ in range(2)] == [2, 1]


async def test_where_nothing_is_there_the_next_one_is_waited_for(
    bus: Bus, subject: str, pull: Pull
) -> None:
    coming = asyncio.create_task(pull.fetch(10, timeout=20))
    await eventually(lambda: is_waited_for(bus, subject))
    await publish(bus, subject, b"1", b"2")

    assert [message.data for message in await coming] == [b"1"]
    assert [message.data for message in await pull.fetch(10, timeout=20)] == [b"2"]


async def test_many_are_had_in_batches_no_larger_than_wanted(
    bus: Bus, subject: str, pull: Pull
) -> None:
    payloads = [b"%d" % number for number in range(95)]
    await publish(bus, subject, *payloads)

    batches: list[list[Received]] = []
    while sum(map(len, batches)) < 95:
        batches.append(await pull.fetch_ahead(20, timeout=20))

    assert [message.data for batch in batches for message in batch] == payloads
    assert max(map(len, batches)) <= 20


async def test_who_takes_many_is_given_what_is_there_without_waiting_for_more(
    bus: Bus, subject: str, pull: Pull
) -> None:
    coming = asyncio.create_task(pull.fetch_ahead(500, timeout=600))
    await publish(bus, subject, b"1")

    assert [message.data for message in await coming] == [b"1"]


async def test_what_came_ahead_and_was_not_taken_goes_back(
    bus: Bus, subject: str, pull: Pull
) -> None:
    durable = subject.rpartition(".")[2]
    await publish(bus, subject, b"1", b"2", b"3")
    (first,) = await pull.fetch_ahead(1, timeout=20)
    await first.ack_sync()
    await eventually(lambda: delivered(bus, durable, 2))
    await pull.close()

    another = Pull(bus.client, "EVENTS", durable)
    await another.open()
    received = await another.fetch_ahead(10, timeout=20)
    while len(received) < 2:
        received += await another.fetch_ahead(10, timeout=20)
    await another.close()
    assert {message.data for message in received} == {b"2", b"3"}


async def test_all_are_acknowledged_in_one_go(bus: Bus, subject: str, pull: Pull) -> None:
    durable = subject.rpartition(".")[2]
    await publish(bus, subject, b"1", b"2", b"3")
    received: list[Received] = []
    while len(received) < 3:
        received += await pull.fetch_ahead(10, timeout=20)

    await acknowledge(bus.client, received)

    await eventually(lambda: acknowledged(bus, durable, 3))


async def delivered(bus: Bus, durable: str, count: int) -> bool:
    seen = (await bus.js.consumer_info("EVENTS", durable)).delivered
    return seen is not None and seen.consumer_seq == count


async def acknowledged(bus: Bus, durable: str, count: int) -> bool:
    seen = (await bus.js.consumer_info("EVENTS", durable)).ack_floor
    return seen is not None and seen.consumer_seq == count


async def test_nothing_comes_when_the_wait_is_over(pull: Pull) -> None:
    began = time.monotonic()

    assert await pull.fetch(10, timeout=0.2) == []
    assert time.monotonic() - began < 5


async def test_an_empty_message_is_a_message(bus: Bus, subject: str, pull: Pull) -> None:
    await publish(bus, subject, b"")

    assert [message.data for message in await pull.fetch(10, timeout=20)] == [b""]


async def test_a_consumer_that_is_deleted_says_so(bus: Bus, subject: str, pull: Pull) -> None:
    waiting = asyncio.create_task(pull.fetch(10, timeout=20))
    await eventually(lambda: is_waited_for(bus, subject))
    await bus.js.delete_consumer("EVENTS", subject.rpartition(".")[2])

    with pytest.raises(PullRefused, match="409"):
        await waiting
