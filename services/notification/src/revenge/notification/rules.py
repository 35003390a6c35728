"""Which webhook wants which event, and what an event says to the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from revenge.contracts import Event, Message, library, notices, notification, services
from revenge.contracts.notices import category_of
from revenge.contracts.notification import Category, Notice

TOLD = frozenset(event.type for event in services.NOTIFICATION.listens)
FREQUENT = {library.scan_progressed.type}  # several a second: only for those who name it


def refuse_unknown(event_types: Collection[str]) -> None:
    """Raises `EventTypeUnknown`: a webhook that waits for a misspelt event would wait for ever."""
    unknown = sorted(set(event_types) - TOLD)
    if unknown:
        raise notification.EventTypeUnknown(f"there is no event {', '.join(unknown)}")


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


def notice(event: Event[Any], payload: Message, headers: Mapping[str, str], id: str) -> Notice:
    """The event as the outside sees it. `id` is that of its message."""
    encoded = msgspec.json.encode(payload)
    return notices.notice(event.type, encoded, notices.Addressed.of(encoded), headers, id)
