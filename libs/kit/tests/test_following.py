"""Events, followed by those who must hear all of them."""

import asyncio
from contextlib import aclosing

import pytest

from revenge.kit import Bus, ordered
from revenge.kit.following import Followed, follow
from revenge.kit.wire import Client, Take


async def tell(bus: Bus, *subjects: str) -> int:
    """One event of each; returns the sequence that they come after."""
    before = (await bus.js.stream_info("EVENTS")).state.last_seq
    for number, subject in enumerate(subjects):
        await bus.js.publish(subject, str(number).encode())
    return before


async def heard(bus: Bus, after: int, *subjects: str, many: int) -> list[Followed]:
    found: list[Followed] = []
    async with asyncio.timeout(30), aclosing(follow(bus, *subjects, after=after)) as events:
        async for event in events:
            found.append(event)
            if len(found) == many:
                break
    return found


async def test_events_of_the_subjects_that_are_followed_come_in_their_order(bus: Bus) -> None:
    told = ("event.toys.made", "event.toys.lost", "event.toys.sold", "event.toys.made")
    after = await tell(bus, *told)

    events = await heard(bus, after, "event.toys.made", "event.toys.sold", many=3)

    assert [event.payload for event in events] == [b"0", b"2", b"3"]
    assert [event.sequence for event in events] == [after + 1, after + 3, after + 4]


async def test_who_is_slower_than_the_events_misses_none(bus: Bus) -> None:
    many = 400
    after = await tell(bus, *["event.toys.made"] * many)

    async with aclosing(follow(bus, "event.toys.>", after=after)) as events:
        first = await anext(events)
        await asyncio.sleep(0.5)  # the others come meanwhile
        others = [await anext(events) for _ in range(many - 1)]

    assert [int(event.payload) for event in (first, *others)] == list(range(many))


async def test_a_consumer_that_the_server_has_forgotten_is_made_anew_where_it_was(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered, "SILENCE", 0.2)
    monkeypatch.setattr(ordered, "LOST", 1.0)
    after = await tell(bus, "event.toys.made", "event.toys.made")

    async with asyncio.timeout(60), aclosing(follow(bus, "event.toys.>", after=after)) as events:
        before = [await anext(events) for _ in range(2)]
        for consumer in await bus.js.consumers_info("EVENTS"):
            if consumer.config.deliver_subject:
                await bus.js.delete_consumer("EVENTS", consumer.name)
        await tell(bus, "event.toys.lost", "event.toys.sold")
        others = [await anext(events) for _ in range(2)]

    assert [event.sequence for event in (*before, *others)] == [after + n for n in range(1, 5)]


async def test_what_was_lost_on_the_way_is_noticed_and_comes_again(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, lost = Client.take, list[bytes]()

    async def losing(client: Client, subject: str, its: Take) -> object:
        def lose_the_third(subject: bytes, reply: bytes, head: bytes, data: bytes) -> None:
            if data == b"2" and not lost:
                lost.append(data)
            else:
                its(subject, reply, head, data)

        return await take(client, subject, lose_the_third)

    monkeypatch.setattr(Client, "take", losing)
    after = await tell(bus, *["event.toys.made"] * 5)

    events = await heard(bus, after, "event.toys.>", many=5)

    assert lost
    assert [event.payload for event in events] == [b"0", b"1", b"2", b"3", b"4"]


async def test_more_than_the_server_sends_unasked_comes_too(bus: Bus) -> None:
    after = await tell(bus, "event.toys.made")
    payload = bytes(500_000)
    for _ in range(100):
        await bus.js.publish("event.toys.made", payload)

    events = await heard(bus, after, "event.toys.>", many=101)

    assert sum(len(event.payload) for event in events[1:]) == 100 * len(payload)
