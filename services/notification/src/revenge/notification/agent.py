"""The webhook agent: it hears every announced event, and orders its deliveries."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from revenge.contracts import Event, Message, notification
from revenge.contracts.services import NOTIFICATION
from revenge.kit import Database, Delivery, Router
from revenge.kit.serving import Scope
from revenge.notification import rules, store

AT_ONCE = 8  # events of one kind; no order is promised to webhooks

Hear = Callable[[Message, "Heard"], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Heard:
    """The context of an event: how it came, and where to write."""

    db: Database
    delivery: Delivery


def hearing(db: Database) -> Scope[Heard]:
    """A scope that opens nothing: most events are wanted by nobody."""
    return lambda delivery: nullcontext(Heard(db, delivery))


def listen() -> Router[Heard]:
    """A test goes to the one webhook that is tested, and so not through here."""
    router: Router[Heard] = Router()
    for event in NOTIFICATION.listens:
        if event is not notification.tested:
            router.on(event, concurrency=AT_ONCE)(_teller(event))
    return router


async def tell(event: Event[Any], payload: Message, heard: Heard) -> None:
    """Order one delivery for each webhook that wants the event, once for each event."""
    async with heard.db.read() as rows:
        subscribers = await store.list_subscribers(rows)
    wanting = [
        subscriber
        for subscriber in subscribers
        if rules.wants(subscriber.event_types, subscriber.event_categories, event.type)
    ]
    if not wanting or rules.is_own_failure(payload):
        return
    notice = rules.notice(event, payload, heard.delivery)
    async with heard.db.writing(heard.delivery) as tx:
        for subscriber in wanting:
            order = notification.DeliverWebhook(subscriber.id, notice)
            await tx.enqueue(notification.deliver_webhook, order)


def _teller(event: Event[Any]) -> Hear:
    async def told(payload: Message, heard: Heard) -> None:
        await tell(event, payload, heard)

    return told
