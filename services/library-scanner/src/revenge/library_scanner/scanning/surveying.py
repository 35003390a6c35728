"""The walk over all roots of a library: what there is not as it was."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from revenge.contracts.paths import to_os, to_text
from revenge.library_scanner.scanning.units import Unit, unit, units
from revenge.library_scanner.store.folders import Signature
from revenge.library_scanner.walk import Problem, RootMissing, RootUnreadable

ENOUGH = 5000  # videos as they were that are told together


class Unchanged(NamedTuple):
    """So many titles are as they were."""

    videos: int


class RootWalked(NamedTuple):
    """`reason` is why it could not be, in part or at all."""

    root: str
    reason: str | None = None
    is_missing: bool = False
    is_bare: bool = False  # nothing is in it, though there was


Surveyed = Unit | Unchanged | Problem | RootWalked


@dataclass
class Survey:
    """Runs in a thread, far ahead of those who read what it finds.

    Whatever is met is taken out of `signed`: in the end, that holds what is there no more.
    """

    roots: Sequence[str]
    signed: dict[str, Signature]
    again: bool = False  # yield also what has not changed
    videos: int = 0
    is_over: bool = False
    root: str = ""  # where it is
    _unchanged: int = 0

    def __post_init__(self) -> None:
        self._ahead = deque(self.roots)

    @property
    def total(self) -> int:
        """Of all videos; 0 while that is not known."""
        return self.videos if self.is_over else 0

    def run(self, stop: threading.Event) -> Iterator[Surveyed]:
        """Of the roots that are still ahead. Raises `Cancelled`."""
        while self._ahead:
            self.root = self._ahead.popleft()
            yield from self._walk(self.root, stop)
        self.is_over = True

    def _walk(self, root: str, stop: threading.Event) -> Iterator[Surveyed]:
        is_bare = True
        try:
            for found in units(to_os(root), stop):
                is_bare = is_bare and isinstance(found, Unit) and _is_bare(found)
                yield from self._sift(found)
            yield from self._as_they_were(at_least=1)
            yield RootWalked(root, is_bare=is_bare and self._was_more(root))
        except RootMissing as error:
            yield RootWalked(root, str(error), is_missing=True)
        except RootUnreadable as error:
            yield RootWalked(root, str(error))

    def _sift(self, found: Unit | Problem) -> Iterator[Surveyed]:
        if isinstance(found, Problem):
            yield found
            return
        titles = self._titles(found.signatures)
        if titles is None or self.again:
            self.videos += sum(1 for _ in found.videos)
            yield found
            return
        self.videos += titles
        self._unchanged += titles
        yield from self._as_they_were(at_least=ENOUGH)

    def _titles(self, signatures: dict[str, bytes]) -> int | None:
        """How many are in these folders; None if one of them has changed."""
        titles, is_changed = 0, False
        for path, signature in signatures.items():
            before = self.signed.pop(path, None)
            if before is None or before.signature != signature:
                is_changed = True
            else:
                titles += before.titles
        return None if is_changed else titles

    def _as_they_were(self, *, at_least: int) -> Iterator[Unchanged]:
        if self._unchanged >= at_least:
            yield Unchanged(self._unchanged)
            self._unchanged = 0

    def _was_more(self, root: str) -> bool:
        """Whether folders have gone; of files right in it, no trace is left in an empty one."""
        return any(path.startswith(f"{root}/") for path in self.signed) or not has_entries(root)


def survey_unit(root: str, name: str, stop: threading.Event) -> Iterator[Unit | Problem]:
    """One unit, whether it has changed or not; nothing if it is gone."""
    path = to_os(f"{root}/{to_text(name)}").rstrip("/")
    try:
        yield from unit(to_os(root), name, stop)
    except RootMissing:
        if os.path.islink(path):  # noqa: PTH114 the path may be odd bytes
            yield Problem(path, name, "a link to nothing")
    except RootUnreadable as error:
        yield Problem(path, name, str(error))


def has_entries(root: str) -> bool:
    try:
        with os.scandir(to_os(root)) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def _is_bare(found: Unit) -> bool:
    return not found.name and not any(found.videos)
