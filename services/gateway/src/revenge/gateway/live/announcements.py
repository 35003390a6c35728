"""Events as clients hear of them: which, of what category, and for whom."""

from __future__ import annotations

import msgspec
from loguru import logger

from revenge.contracts import Audience, Caller, Event, library, notices
from revenge.contracts.notification import Category
from revenge.contracts.services import DOMAINS
from revenge.kit.following import Followed

ANNOUNCED = {
    contract.subject: contract
    for domain in DOMAINS
    for contract in domain
    if isinstance(contract, Event) and contract.audience is not Audience.INTERNAL
}


class Announcement(msgspec.Struct, frozen=True):
    """`frame` is what is sent. It is made once, however many hear it."""

    sequence: int
    subject: str
    category: Category
    audience: Audience
    addressed: notices.Addressed
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
        addressed = notices.Addressed.of(event.payload)
    except msgspec.DecodeError as error:
        logger.warning("{} cannot be announced: {}", event.subject, error)
        return None
    notice = notices.notice(
        contract.type, _one_line(event.payload), addressed, event.headers, str(event.sequence)
    )
    frame = b"id: %d\nevent: %b\ndata: %b\n\n" % (
        event.sequence,
        contract.type.encode(),
        msgspec.json.encode(notice),
    )
    category = notices.category_of(contract.type)
    return Announcement(
        event.sequence, event.subject, category, contract.audience, addressed, frame
    )


def _one_line(payload: bytes) -> bytes:
    """A line break would end the frame's data."""
    if b"\n" in payload or b"\r" in payload:
        return msgspec.json.format(payload, indent=-1)
    return payload
