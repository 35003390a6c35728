"""Follow events as every replica must: all of them, from a given moment, and nothing kept.

For caches, live pages and replays. Handlers that must not miss an event use a `Router`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime

from loguru import logger
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig, DeliverPolicy

from revenge.kit.bus import Bus
from revenge.kit.ordered import Followed, OrderedConsumer

__all__ = ["STREAM", "Followed", "follow"]

STREAM = "EVENTS"
AGAIN = 1.0  # seconds until the bus is asked once more, when it was away


async def follow(
    bus: Bus,
    *subjects: str,
    after: int | None = None,
    since: datetime | None = None,
) -> AsyncGenerator[Followed]:
    """Events of these subjects from now on; or those after a sequence, or since a moment.

    Never ends. What a lost connection has swallowed comes once there is one again. Raises the
    client's errors when the bus is away at the start.
    """
    start, begun = _start(after, since), False
    while True:
        start.filter_subjects = list(subjects)
        try:
            async with OrderedConsumer.open(bus.client, bus.js, STREAM, start) as consumer:
                begun = True
                try:
                    async with aclosing(consumer.messages()) as messages:
                        async for message in messages:
                            yield message
                finally:  # whatever ends it: nothing comes twice
                    start = _start(consumer.after, None)
        except (NatsError, TimeoutError) as error:
            if not begun:
                raise
            logger.debug("events are not followed now: {!r}", error)
            await asyncio.sleep(AGAIN)


def _start(after: int | None, since: datetime | None) -> ConsumerConfig:
    if after is not None:
        return ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=after + 1
        )
    if since is not None:
        return ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_TIME, opt_start_time=since)
    return ConsumerConfig(deliver_policy=DeliverPolicy.NEW)
