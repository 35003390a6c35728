"""What is to be told of a title that changed."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct

from revenge.contracts import LibraryId

E = TypeVar("E")


class Change(Struct, frozen=True, kw_only=True):
    """A title before and after."""

    libraries_before: tuple[LibraryId, ...]
    library_ids: tuple[LibraryId, ...]

    @property
    def appeared(self) -> bool:
        return bool(self.library_ids) and not self.libraries_before

    @property
    def in_sight_of(self) -> tuple[LibraryId, ...]:
        """Where the title could be seen, or can be now."""
        return tuple(dict.fromkeys((*self.libraries_before, *self.library_ids)))

    def news(self, added: E, updated: E, deleted: E) -> E | None:
        """One of these. A title that is and was hidden is nobody's news."""
        if self.appeared:
            return added
        if self.library_ids:
            return updated
        return deleted if self.libraries_before else None
