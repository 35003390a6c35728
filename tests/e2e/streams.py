"""What the streams of a running suite hold, read with the operator's own rights."""

import asyncio
from contextlib import aclosing

from tests.e2e.suite import Suite

from revenge.embedded.datadir import Data
from revenge.embedded.suite import operator
from revenge.kit.following import Followed, follow


def events(suite: Suite, after: int = 0) -> list[Followed]:
    """All events that the stream has, from the one after this sequence on."""
    return asyncio.run(_events(suite, after))


def last_event(suite: Suite) -> int:
    return asyncio.run(_last(suite))


def count_dead(suite: Suite) -> int:
    return asyncio.run(_count(suite, "DEAD"))


async def _events(suite: Suite, after: int) -> list[Followed]:
    found: list[Followed] = []
    async with operator.asking(Data.at(suite.data)) as bus:
        last = (await bus.js.stream_info("EVENTS")).state.last_seq
        if last <= after:
            return []
        async with aclosing(follow(bus, "event.>", after=after)) as stream:
            async for event in stream:
                found.append(event)
                if event.sequence >= last:
                    break
    return found


async def _last(suite: Suite) -> int:
    async with operator.asking(Data.at(suite.data)) as bus:
        return (await bus.js.stream_info("EVENTS")).state.last_seq


async def _count(suite: Suite, stream: str) -> int:
    async with operator.asking(Data.at(suite.data)) as bus:
        return (await bus.js.stream_info(stream)).state.messages
