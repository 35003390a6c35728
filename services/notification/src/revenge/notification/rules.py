"""Which webhook wants which event, and what an event says to the outside."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from revenge.contracts import Event, Message, library, notices, notification
from revenge.contracts.notices import category_of
from revenge.contracts.notification import Category, Notice
from revenge.kit import Delivery

FREQUENT = {library.scan_progressed.type}  # several a second: only for those who name it


def wants(event_types: Collection[str], categories: Collection[Category], event_type: str) -> bool:
    """True if either list names the event; two empty lists name all."""
    if event_type in event_types:
        return True
    if event_type in FREQUENT:
        return False
    return category_of(event_type) in categories or not (event_types or categories)


def is_own_failure(payload: Message) -> bool:
    """True for the death of a delivery: delivering news of it could go on for ever."""
    if not isinstance(payload, notification.JobDied):
        return False
    return payload.subject == notification.deliver_webhook.subject


def notice(event: Event[Message], payload: Message, delivery: Delivery) -> Notice:
    """The event as the outside sees it."""
    encoded = msgspec.json.encode(payload)
    return notices.notice(
        event.type, encoded, notices.Addressed.of(encoded), delivery.headers, delivery.ids[0]
    )
