"""What has changed in a unit since it was last stored."""

from __future__ import annotations

import functools
import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from revenge.contracts import ScanId
from revenge.contracts.library import Kind, LibraryType
from revenge.contracts.paths import to_text
from revenge.library_scanner.names import Name, parse
from revenge.library_scanner.neighbours import Neighbours, Surroundings
from revenge.library_scanner.scanning.units import Unit
from revenge.library_scanner.store.files import Known
from revenge.library_scanner.walk import File, Folder

SETTLED_NS = 500_000_000  # a file that was written to later than this may still grow


class Candidate(NamedTuple):
    """A video that is new, or changed, or whose neighbours have changed."""

    folder: Folder
    file: File
    name: Name
    neighbours: Neighbours
    surrounded: str
    known: Known | None
    needs_probe: bool

    @property
    def path(self) -> str:
        """As `os` takes it."""
        return f"{self.folder.path}/{self.file.name}"


class Difference(NamedTuple):
    candidates: tuple[Candidate, ...]
    gone: tuple[Known, ...]
    titles: dict[str, int]  # in each folder, by its path as text
    is_settled: bool  # False while a file of it may still grow


def compare(
    unit: Unit, known: Iterable[Known], kind: LibraryType, *, again: ScanId | None
) -> Difference:
    """With `again`, every file is a candidate that needs a probe, but for those that this scan
    has read before it was stopped.
    """
    comparison = _Comparison(unit, known, kind, again)
    for folder, file in unit.videos:
        comparison.look_at(folder, file)
    return comparison.difference()


class _Comparison:
    def __init__(
        self, unit: Unit, known: Iterable[Known], kind: LibraryType, again: ScanId | None
    ) -> None:
        self._left = {(row.folder, row.name): row for row in known}
        self._surroundings = Surroundings(unit.around)
        self._unit = unit
        self._root = unit.top.path
        self._kind = kind
        self._again = again
        self._now = time.time_ns()
        self._candidates: list[Candidate] = []
        self._titles: Counter[str] = Counter()
        self._is_settled = True

    def look_at(self, folder: Folder, file: File) -> None:
        place = (to_text(folder.path), to_text(file.name))
        row = self._left.get(place)
        if self._may_grow(file, row):
            self._is_settled = False
            self._left.pop(place, None)
            return
        candidate = self._candidate(folder, file, row)
        if candidate is None:
            return  # an extra: if it was a title before, that is gone
        self._left.pop(place, None)
        self._titles[place[0]] += 1
        if candidate.needs_probe or _is_news(candidate):
            self._candidates.append(candidate)

    def difference(self) -> Difference:
        gone = tuple(self._left.values())
        return Difference(tuple(self._candidates), gone, self._titles, self._is_settled)

    def _may_grow(self, file: File, row: Known | None) -> bool:
        # a time in the future says nothing: some clock was wrong
        is_young = abs(self._now - file.mtime_ns) < SETTLED_NS
        return is_young and (row is None or row.size != file.size)

    def _candidate(self, folder: Folder, file: File, row: Known | None) -> Candidate | None:
        """None for an extra."""
        name = parse(f"{folder.path}/{file.name}", self._root, self._kind)
        if name.extra_kind is not None:
            return None
        season = name.season if name.kind is Kind.EPISODE else None
        neighbours = self._surroundings.of(folder, file, name.kind, season)
        if neighbours.extra is not None:
            return None
        surrounded = self._digest(neighbours)
        needs_probe = self._is_to_be_read(file, row)
        return Candidate(folder, file, name, neighbours, surrounded, row, needs_probe)

    @functools.cached_property
    def _stats(self) -> dict[str, str]:
        """The size and time of every file around, by its path as text."""
        return {
            to_text(f"{folder.path}/{file.name}"): f"{file.size}:{file.mtime_ns}"
            for folder in self._unit.around
            for file in folder.files
        }

    def _digest(self, neighbours: Neighbours) -> str:
        """Of what belongs to a video: its NFO, art and subtitles, and when they were written."""
        told = "\n".join(f"{path}:{self._stats.get(path, '')}" for path in _paths(neighbours))
        encoded = told.encode("utf-8", "surrogateescape")
        return hashlib.blake2b(encoded, digest_size=12).hexdigest()

    def _is_to_be_read(self, file: File, row: Known | None) -> bool:
        if row is None or (row.size, row.mtime_ns) != (file.size, file.mtime_ns):
            return True
        return self._again is not None and row.scan_id != self._again


def _is_news(candidate: Candidate) -> bool:
    """Whether what belongs to it has changed."""
    known = candidate.known
    return known is not None and known.is_readable and known.surrounded != candidate.surrounded


def _paths(neighbours: Neighbours) -> Iterator[str]:
    for nfo in (neighbours.nfo, neighbours.season_nfo, neighbours.series_nfo):
        if nfo is not None:
            yield nfo
    for art in (*neighbours.art, *neighbours.series_art):
        yield art.path
    for subtitle in neighbours.subtitles:
        if subtitle.path is not None:
            yield subtitle.path
