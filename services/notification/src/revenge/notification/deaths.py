"""Tells administrators of each message that was set aside, once."""

from __future__ import annotations

import asyncio

from loguru import logger
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.client import JetStreamContext
from nats.js.errors import Error as JetStreamError

from revenge.contracts import Busy, Unavailable, notification
from revenge.contracts.jobs import JobState
from revenge.kit import Bus, Database, Delivery
from revenge.kit.delivery import AlreadyHandled
from revenge.notification import burial
from revenge.notification.burial import Id
from revenge.notification.streams import Stored

DURABLE = "notification-deaths"
POLL = 5.0  # seconds that a pull waits
RETRY = 60.0  # seconds until the next attempt to see the dead at all
LATER = 5.0  # seconds until a message is tried again

Subscription = JetStreamContext.PullSubscription


async def announce_deaths(bus: Bus, db: Database) -> None:
    """Until cancelled. Replicas share the work: they have one durable consumer."""
    while (subscription := await _subscribe(bus)) is None:  # noqa: ASYNC110 - the bus decides
        await asyncio.sleep(RETRY)
    try:
        while True:
            for message in await _fetch(subscription):
                await _announce(message, db)
    finally:
        await subscription.unsubscribe()


async def _subscribe(bus: Bus) -> Subscription | None:
    """None where the bus does not let us see the dead: everything else goes on without."""
    config = ConsumerConfig(durable_name=DURABLE, ack_policy=AckPolicy.EXPLICIT, max_deliver=-1)
    try:
        await bus.js.add_consumer("DEAD", config)
        return await bus.js.pull_subscribe_bind(durable=DURABLE, stream="DEAD")
    except (NatsError, JetStreamError, TimeoutError) as error:
        logger.warning("deaths cannot be announced: {!r}", error)
        return None


async def _fetch(subscription: Subscription) -> list[Msg]:
    try:
        return await subscription.fetch(16, timeout=POLL)
    except TimeoutError:
        return []
    except (NatsError, JetStreamError) as error:
        logger.warning("the dead cannot be seen now: {!r}", error)
        await asyncio.sleep(1)
        return []


async def _announce(message: Msg, db: Database) -> None:
    try:
        await announce(stored(message), db)
    except AlreadyHandled:
        pass
    except (Unavailable, Busy) as error:
        logger.warning("a death cannot be announced now: {}", error)
        await message.nak(delay=LATER)
        return
    await message.ack()


async def announce(dead: Stored, db: Database) -> None:
    """Raises `AlreadyHandled` for one that was announced before."""
    subject = burial.subject_of(dead)
    if subject == notification.job_died.subject:
        return  # nobody could hear of it: it would die again, for ever
    id = str(Id(JobState.DEAD, dead.sequence))
    # numbers begin again when a bus is set up anew: alone they are not enough
    once = f"{id}:{burial.id_of(dead)}"
    async with db.writing(Delivery(DURABLE, (once,))) as tx:
        died = notification.JobDied(id, subject, burial.reason_of(dead))
        await tx.emit(notification.job_died, died)


def stored(message: Msg) -> Stored:
    where = message.metadata
    return Stored(
        where.sequence.stream,
        message.subject,
        message.data,
        message.headers or {},
        where.timestamp,
    )
