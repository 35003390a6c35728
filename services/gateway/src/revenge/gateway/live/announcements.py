"""Events as clients hear of them: which, of what category, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from loguru import logger

from revenge.contracts import Audience, Caller, Event, LibraryId, UserId, library
from revenge.contracts.notification import Category, Notice
from revenge.contracts.services import DOMAINS
from revenge.kit.following import Followed

ANNOUNCED = {
    contract.subject: contract
    for domain in DOMAINS
    for contract in domain
    if isinstance(contract, Event) and contract.audience is not Audience.INTERNAL
}

CATEGORIES = {
    "movie": Category.CONTENT,
    "tvshow": Category.CONTENT,
    "episode": Category.CONTENT,
    "library": Category.LIBRARY,
    "user": Category.USER,
    "watch": Category.USER,
    "auth": Category.AUTH,
    "playback": Category.PLAYBACK,
    "system": Category.SYSTEM,
    "test": Category.SYSTEM,
}


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
        )
        return next((id for id in named if id is not None), None)


class Announcement(msgspec.Struct, frozen=True):
    """`frame` is what is sent. It is made once, however many hear it."""

    sequence: int
    subject: str
    category: Category
    audience: Audience
    addressed: Addressed
    frame: bytes

    def is_for(self, who: Caller) -> bool:
        match self.audience:
            case Audience.EVERYONE:
                return True
            case Audience.ADMINS:
                return who.is_admin
            case Audience.LIBRARIES:
                return who.sees(self.addressed.library_ids)
            case Audience.USER:
                return who.user_id == self.addressed.user_id
            case Audience.INTERNAL:
                return False

    @property
    def ends_a_library(self) -> bool:
        """Afterwards nobody sees it any more: those who did before are told."""
        return self.subject == library.library_deleted.subject


def announcement(event: Followed) -> Announcement | None:
    """None for what is between services."""
    contract = ANNOUNCED.get(event.subject)
    if contract is None:
        return None
    try:
        addressed = msgspec.json.decode(event.payload, type=Addressed)
    except msgspec.DecodeError as error:
        logger.warning("{} cannot be announced: {}", event.subject, error)
        return None
    notice = Notice(
        id=event.headers.get("ce-id", str(event.sequence)),
        type=contract.type,
        timestamp=_when(event),
        data=msgspec.Raw(_one_line(event.payload)),
        user_id=addressed.user_id,
        target_id=addressed.target,
    )
    frame = b"id: %d\nevent: %b\ndata: %b\n\n" % (
        event.sequence,
        contract.type.encode(),
        msgspec.json.encode(notice),
    )
    category = CATEGORIES[contract.type.partition(".")[0]]
    return Announcement(
        event.sequence, event.subject, category, contract.audience, addressed, frame
    )


def _when(event: Followed) -> datetime:
    try:
        return datetime.fromisoformat(event.headers.get("ce-time", ""))
    except ValueError:
        return datetime.now(UTC)


def _one_line(payload: bytes) -> bytes:
    """A line break would end the frame's data."""
    if b"\n" in payload or b"\r" in payload:
        return msgspec.json.format(payload, indent=-1)
    return payload
