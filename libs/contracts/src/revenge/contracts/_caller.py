"""Who asks: carried in the headers of every request that a person caused."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from revenge.contracts._ids import LibraryId, SessionId, UserId

EVERYTHING = "*:*"


class Caller(Struct, frozen=True):
    """Set by the gateway after it has checked a token; services trust it.

    `permissions` are `resource:action`; an administrator holds `*:*`. `libraries` are those
    whose titles the caller may see; None means all of them.
    """

    user_id: UserId
    username: str
    role: str
    permissions: frozenset[str] = frozenset()
    libraries: frozenset[LibraryId] | None = frozenset()
    locale: str = "en"
    session_id: SessionId | None = None  # none with an API key

    @property
    def is_admin(self) -> bool:
        return EVERYTHING in self.permissions

    def may(self, permission: str) -> bool:
        """True if the caller holds `resource:action`, or everything."""
        return permission in self.permissions or self.is_admin

    def sees(self, libraries: Iterable[LibraryId]) -> bool:
        """True if one of the libraries is among those that the caller may see."""
        return self.libraries is None or not self.libraries.isdisjoint(libraries)
