"""Changes wait here until what has changed stands still.

A file that is still being written holds up nothing but itself, and the many files of a folder that
is being copied are one look at that folder.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from revenge.contracts.paths import to_os

STILL = 0.6  # seconds without a change: longer than `comparing` takes a file for growing
ENOUGH = 5.0  # seconds that what stands still waits for its neighbours

_IGNORE_FILES = {".ignore", ".plexignore", ".nomedia"}
_MANGLED = "\ufffd"  # stands for what is not UTF-8

_Stats = tuple[tuple[str, int, int], ...]  # paths, sizes and times


class Place(NamedTuple):
    """A root, and the name of what lies right below it; the root's own files without a name.

    No name at all stands for the whole root.
    """

    root: str
    name: str | None


@dataclass
class _Change:
    places: tuple[Place, ...]
    stats: _Stats
    since: float


class Settling:
    """Touches the disk: call its methods in a thread, one at a time. Times are monotonic."""

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = {root: PurePosixPath(to_os(root)) for root in roots}
        self._changes: dict[str, _Change] = {}

    def __bool__(self) -> bool:
        """True while something has not come to rest."""
        return bool(self._changes)

    def step(self, heard: Collection[str], now: float) -> list[Place]:
        """Take what was heard, and give what stands still."""
        for path in heard:
            self._changes[path] = _Change(tuple(self._places(path)), self._stats(path), now)
        for path, change in self._changes.items():
            if path not in heard and (stats := self._stats(path)) != change.stats:
                change.stats, change.since = stats, now
        return self._ready(now)

    def _ready(self, now: float) -> list[Place]:
        still = {path for path, change in self._changes.items() if now - change.since >= STILL}
        moving = self._places_of(path for path in self._changes if path not in still)
        taken = {
            path
            for path in still
            if moving.isdisjoint(self._changes[path].places)
            or now - self._changes[path].since >= ENOUGH
        }
        ready = self._places_of(iter(taken))
        for path in taken:
            del self._changes[path]
        return sorted(ready, key=lambda place: (place.root, place.name or ""))

    def _places_of(self, paths: Iterator[str]) -> set[Place]:
        return {place for path in paths for place in self._changes[path].places}

    def _places(self, path: str) -> Iterator[Place]:
        changed = PurePosixPath(path)
        for root, top in self._roots.items():
            if changed.is_relative_to(top):
                yield from _below(root, changed.relative_to(top).parts, path)

    def _stats(self, path: str) -> _Stats:
        """Of a folder, those of all that is in it; of a root nothing: it is looked at at once."""
        if PurePosixPath(path) in self._roots.values():
            return ()
        return tuple(_walked(path))


def _below(root: str, parts: Sequence[str], path: str) -> Iterator[Place]:
    if _MANGLED in path or (len(parts) == 1 and parts[0] in _IGNORE_FILES):
        yield Place(root, None)
    elif not parts:
        yield Place(root, "")
    elif len(parts) > 1 or Path(path).is_dir():
        yield Place(root, parts[0])
    else:
        yield Place(root, "")
        if not Path(path).exists():
            yield Place(root, parts[0])  # what is gone may have been a folder


def _walked(path: str) -> Iterator[tuple[str, int, int]]:
    for folder, _, names in os.walk(path):
        for name in names:
            yield from _stat(f"{folder}/{name}")
    yield from _stat(path)


def _stat(path: str) -> Iterator[tuple[str, int, int]]:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return
    yield path, found.st_size, found.st_mtime_ns
