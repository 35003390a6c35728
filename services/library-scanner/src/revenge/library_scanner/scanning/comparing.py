"""What has changed in a unit since it was last stored."""

from __future__ import annotations

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
    by_place = {(row.folder, row.name): row for row in known}
    comparison = _Comparison(unit, kind)
    now = time.time_ns()
    candidates: list[Candidate] = []
    titles: Counter[str] = Counter()
    is_settled = True
    for folder, file in unit.videos:
        place = (to_text(folder.path), to_text(file.name))
        row = by_place.get(place)
        # a time in the future says nothing: some clock was wrong
        is_young = abs(now - file.mtime_ns) < SETTLED_NS
        if is_young and (row is None or row.size != file.size):
            is_settled = False
            by_place.pop(place, None)
            continue
        candidate = comparison.candidate(folder, file, row)
        if candidate is None:
            continue  # an extra: if it was a title before, that is gone
        by_place.pop(place, None)
        titles[place[0]] += 1
        is_again = again is not None and (row is None or row.scan_id != again)
        if is_again or _is_news(candidate):
            candidates.append(candidate._replace(needs_probe=is_again or candidate.needs_probe))
    return Difference(tuple(candidates), tuple(by_place.values()), titles, is_settled)


class _Comparison:
    def __init__(self, unit: Unit, kind: LibraryType) -> None:
        self._surroundings = Surroundings(unit.around)
        self._stats = _stats(unit)
        self._root = unit.top.path
        self._kind = kind

    def candidate(self, folder: Folder, file: File, row: Known | None) -> Candidate | None:
        """None for an extra."""
        name = parse(f"{folder.path}/{file.name}", self._root, self._kind)
        if name.extra_kind is not None:
            return None
        season = name.season if name.kind is Kind.EPISODE else None
        neighbours = self._surroundings.of(folder, file, name.kind, season)
        if neighbours.extra is not None:
            return None
        changed = row is None or row.size != file.size or row.mtime_ns != file.mtime_ns
        surrounded = _digest(neighbours, self._stats)
        return Candidate(folder, file, name, neighbours, surrounded, row, changed)


def _is_news(candidate: Candidate) -> bool:
    known = candidate.known
    if known is None or candidate.needs_probe:
        return True
    return known.is_readable and known.surrounded != candidate.surrounded


def _stats(unit: Unit) -> dict[str, str]:
    """The size and time of every file around, by its path as text."""
    return {
        to_text(f"{folder.path}/{file.name}"): f"{file.size}:{file.mtime_ns}"
        for folder in unit.around
        for file in folder.files
    }


def _digest(neighbours: Neighbours, stats: dict[str, str]) -> str:
    """Of what belongs to a video: its NFO, art and subtitles, and when they were written."""
    told = "\n".join(f"{path}:{stats.get(path, '')}" for path in _paths(neighbours))
    return hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()


def _paths(neighbours: Neighbours) -> Iterator[str]:
    for nfo in (neighbours.nfo, neighbours.season_nfo, neighbours.series_nfo):
        if nfo is not None:
            yield nfo
    for art in (*neighbours.art, *neighbours.series_art):
        yield art.path
    for subtitle in neighbours.subtitles:
        if subtitle.path is not None:
            yield subtitle.path
