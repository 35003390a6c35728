"""The webhook agent: it hears every announced event, and orders its deliveries."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from revenge.contracts import Event, Message, notification
from revenge.contracts.notification import Notice
from revenge.contracts.services import NOTIFICATION
from revenge.kit import Database, Delivery, Router, Tx
from revenge.kit.serving import Scope
from revenge.notification import rules, store

Hear = Callable[[Sequence[Message], "Heard"], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Heard:
    """The context of some events of one kind: how they came, and where to write."""

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
            router.on_many(event)(_teller(event))
    return router


async def tell(event: Event[Any], payloads: Sequence[Message], heard: Heard) -> None:
    """Order one delivery for each webhook that wants the event, once for each of them."""
    async with heard.db.read() as rows:
        subscribers = await store.list_subscribers(rows)
    wanting = [
        subscriber
        for subscriber in subscribers
        if rules.wants(subscriber.event_types, subscriber.event_categories, event.type)
    ]
    if not wanting:
        return
    delivery = heard.delivery
    async with heard.db.writing(delivery) as tx:
        for payload, id, carried in zip(payloads, delivery.ids, delivery.batch, strict=True):
            if id not in delivery.duplicates and not rules.is_own_failure(payload):
                notice = rules.notice(event, payload, carried.all_headers(), id)
                await _order(tx, wanting, notice)


async def _order(tx: Tx, wanting: Iterable[store.Subscriber], notice: Notice) -> None:
    for subscriber in wanting:
        order = notification.DeliverWebhook(subscriber.id, notice)
        await tx.enqueue(notification.deliver_webhook, order)


def _teller(event: Event[Any]) -> Hear:
    async def told(payloads: Sequence[Message], heard: Heard) -> None:
        await tell(event, payloads, heard)

    return told
