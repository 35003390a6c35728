"""Which webhook wants which event, and what an event says to the outside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from revenge.contracts import (
    Event,
    Message,
    UserId,
    auth,
    catalog,
    library,
    movies,
    notification,
    playback,
    tvshows,
)
from revenge.contracts.notification import Category, Notice
from revenge.kit import Delivery

CATEGORIES = {
    "movie": Category.CONTENT,
    "tvshow": Category.CONTENT,
    "episode": Category.CONTENT,
    "library": Category.LIBRARY,
    "user": Category.USER,
    "auth": Category.AUTH,
    "playback": Category.PLAYBACK,
    "watch": Category.PLAYBACK,
    "system": Category.SYSTEM,
    "test": Category.SYSTEM,
}
FREQUENT = {library.scan_progressed.type}  # several a second: only for those who name it


def category_of(event_type: str) -> Category:
    return CATEGORIES[event_type.partition(".")[0]]


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
    """The event as the outside sees it. Its id and time are those of the CloudEvent."""
    return Notice(
        id=delivery.headers.get("ce-id") or delivery.ids[0],
        type=event.type,
        timestamp=_moment(delivery.headers.get("ce-time")),
        data=msgspec.Raw(msgspec.json.encode(payload)),
        user_id=_user_of(payload),
        target_id=_target_of(payload),
    )


def _moment(written: str | None) -> datetime:
    return msgspec.convert(written, datetime) if written else datetime.now(UTC)


def _user_of(payload: Message) -> UserId | None:
    match payload:
        case (
            auth.UserEvent()
            | auth.LoginAttempted()
            | playback.PlaybackEvent()
            | catalog.WatchChanged()
        ):
            return payload.user_id
        case _:
            return None


def _target_of(payload: Message) -> UUID | None:  # noqa: PLR0911 - one line for each kind
    """What the event is about."""
    match payload:
        case movies.MovieEvent():
            return payload.movie_id
        case tvshows.SeriesEvent():
            return payload.series_id
        case tvshows.EpisodeEvent():
            return payload.episode_id
        case playback.PlaybackEvent() | catalog.WatchChanged():
            return payload.media_id
        case library.LibraryEvent():
            return payload.library.id
        case library.ScanEvent():
            return payload.scan.library_id
        case library.LibraryDeleted() | library.LibraryWarning():
            return payload.library_id
        case auth.UserEvent():
            return payload.user_id
        case _:
            return None
