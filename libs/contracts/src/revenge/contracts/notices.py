"""What the outside is told of an event: the same over SSE and by webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from revenge.contracts._ids import LibraryId, UserId
from revenge.contracts.notification import Category, Notice

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


def category_of(event_type: str) -> Category:
    return CATEGORIES[event_type.partition(".")[0]]


class Named(msgspec.Struct, frozen=True):
    """A library in a payload, or a scan of one."""

    id: UUID
    library_id: UUID | None = None


class Addressed(msgspec.Struct, frozen=True):
    """What of a payload says whom it is for, and what it is about."""

    user_id: UserId | None = None
    library_ids: tuple[LibraryId, ...] = ()
    movie_id: UUID | None = None
    episode_id: UUID | None = None
    series_id: UUID | None = None
    media_id: UUID | None = None
    library_id: UUID | None = None
    library: Named | None = None
    scan: Named | None = None

    @classmethod
    def of(cls, payload: bytes) -> Addressed:
        """Raises msgspec.DecodeError."""
        return msgspec.json.decode(payload, type=cls)

    @property
    def target(self) -> UUID | None:
        named = (
            self.movie_id,
            self.episode_id,
            self.series_id,
            self.media_id,
            self.library_id,
            self.library.id if self.library else None,
            self.scan.library_id if self.scan else None,
            self.user_id,
        )
        return next((id for id in named if id is not None), None)


def notice(
    event_type: str, payload: bytes, addressed: Addressed, headers: Mapping[str, str], id: str
) -> Notice:
    """The id and time are those of the CloudEvent; `id` is for one that has none."""
    return Notice(
        id=headers.get("ce-id", id),
        type=event_type,
        timestamp=_moment(headers.get("ce-time", "")),
        data=msgspec.Raw(payload),
        user_id=addressed.user_id,
        target_id=addressed.target,
    )


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return datetime.now(UTC)
