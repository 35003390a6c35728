"""What the one who asks may see."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.contracts import LibraryId
from revenge.kit import caller


def libraries() -> Sequence[LibraryId] | None:
    """The libraries whose titles the caller may see; None for all of them."""
    seen = caller().libraries
    return None if seen is None else list(seen)
