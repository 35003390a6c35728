"""Follow events as every replica must: all of them, from a given moment, and nothing kept.

For caches, live pages and replays. Handlers that must not miss an event use a `Router`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

from msgspec import Struct
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy

from revenge.kit.bus import Bus

AHEAD = 256  # events that wait for who follows; the rest waits where the client keeps it


class Followed(Struct, frozen=True):
    sequence: int  # grows with every event of the stream
    subject: str
    payload: bytes
    headers: dict[str, str]


async def follow(
    bus: Bus,
    *subjects: str,
    after: int | None = None,
    since: datetime | None = None,
) -> AsyncGenerator[Followed]:
    """Events of these subjects from now on; or those after a sequence, or since a moment.

    Ends only when the consumer of it does. Gaps that a lost connection brings are filled by the
    ordered consumer itself.
    """
    # the client library's `next_msg` waits for each message in two tasks of its own
    arrived: asyncio.Queue[Msg] = asyncio.Queue(AHEAD)
    config = _start(after, since)
    config.filter_subjects = list(subjects)
    subscription = await bus.js.subscribe(
        "", stream="EVENTS", ordered_consumer=True, config=config, cb=arrived.put
    )
    try:
        while True:
            yield _followed(await arrived.get())
    finally:
        await subscription.unsubscribe()


def _start(after: int | None, since: datetime | None) -> ConsumerConfig:
    if after is not None:
        return ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=after + 1
        )
    if since is not None:
        return ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_TIME, opt_start_time=since)
    return ConsumerConfig(deliver_policy=DeliverPolicy.NEW)


def _followed(message: Msg) -> Followed:
    return Followed(
        message.metadata.sequence.stream,
        message.subject,
        message.data,
        dict(message.headers or {}),
    )
