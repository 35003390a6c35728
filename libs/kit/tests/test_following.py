"""Events, followed by those who must hear all of them."""

import asyncio
from contextlib import aclosing

from revenge.kit import Bus
from revenge.kit.following import AHEAD, Followed, follow


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
    many = AHEAD + 100
    after = await tell(bus, *["event.toys.made"] * many)

    async with aclosing(follow(bus, "event.toys.>", after=after)) as events:
        first = await anext(events)
        await asyncio.sleep(0.5)  # the others come meanwhile
        others = [await anext(events) for _ in range(many - 1)]

    assert [int(event.payload) for event in (first, *others)] == list(range(many))
