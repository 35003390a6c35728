"""Which libraries each user may see: asked of their owner, kept for a moment."""

from __future__ import annotations

from revenge.contracts import Caller, LibraryId, library
from revenge.kit import Bus, acting_as
from revenge.kit.cache import TwoLevelCache
from revenge.kit.following import Followed

KEPT = 30.0  # seconds

CHANGES = {
    library.library_created.subject,
    library.library_updated.subject,
    library.library_deleted.subject,
    library.permission_changed.subject,
}


class Visibility:
    """`generation` is the sequence of the last event that may have changed what anyone sees.

    It is part of every key, so that what was kept before it is not found any more, neither here
    nor by another gateway that has heard of it later.
    """

    def __init__(self, bus: Bus, kept: TwoLevelCache[list[LibraryId]]) -> None:
        self.generation = 0
        self._bus = bus
        self._kept = kept

    def hear(self, event: Followed) -> None:
        if event.subject in CHANGES:
            self.generation = event.sequence

    async def of(self, who: Caller) -> frozenset[LibraryId] | None:
        """None for administrators: all of them."""
        if who.libraries is None:
            return None
        key = f"{self.generation}:{who.user_id}"
        return frozenset(await self._kept.get_or_load(key, lambda: self._ask(who), ttl=KEPT))

    async def _ask(self, who: Caller) -> list[LibraryId]:
        with acting_as(who):
            reply = await self._bus.call(library.list_libraries, library.ListLibraries())
        return [found.id for found in reply.libraries]
