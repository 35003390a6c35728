"""Quality of service: while somebody watches, background work makes way.

Playback says that somebody watches, in a key of its own, and says it again and again. Every process
that works on jobs follows that key, and has fewer workers while it is there. Silence means that
nobody watches, or that playback is gone: either way the work may go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from loguru import logger
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import Error as JetStreamError

from revenge.kit.bus import Bus
from revenge.kit.jobs import Workers

BUCKET = "qos"
SUBJECT = f"$KV.{BUCKET}.watching"
LASTS = 45.0  # seconds that the word counts; it is given three times as often
AGAIN = 5.0  # seconds until the bus is asked once more, when it was away


async def announce(bus: Bus, *, watching: bool) -> None:
    """Say whether somebody watches. Raises the client's errors when the bus is away."""
    await bus.js.publish(SUBJECT, b"1" if watching else b"0")


async def follow(bus: Bus, workers: Workers) -> None:
    """Keep the number of workers right, for ever."""
    while True:
        try:
            async with aclosing(_heard(bus)) as words:
                async for watching in words:
                    workers.make_way(watching)
        except (NatsError, JetStreamError, TimeoutError) as error:
            logger.debug("whether somebody watches is not known now: {!r}", error)
        workers.make_way(False)
        await asyncio.sleep(AGAIN)


async def _heard(bus: Bus) -> AsyncGenerator[bool]:
    """What is said now, and whenever something else is said; False after a silence."""
    last = ConsumerConfig(deliver_policy=DeliverPolicy.LAST_PER_SUBJECT)
    subscription = await bus.js.subscribe(
        SUBJECT, stream=f"KV_{BUCKET}", ordered_consumer=True, config=last
    )
    try:
        while True:
            try:
                message = await subscription.next_msg(timeout=LASTS)
            except TimeoutError:
                yield False
            else:
                yield message.data == b"1"
    finally:
        await subscription.unsubscribe()
