"""One look at a library: what the walk finds is compared with what was known, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from loguru import logger

from revenge.contracts import FileId, library
from revenge.contracts.media import Media
from revenge.contracts.paths import to_text
from revenge.kit import Database
from revenge.library_scanner import problems
from revenge.library_scanner.scanning.comparing import Candidate, Difference, compare
from revenge.library_scanner.scanning.mounts import Mounts
from revenge.library_scanner.scanning.moves import Moves
from revenge.library_scanner.scanning.progress import Progress
from revenge.library_scanner.scanning.reading import Reader
from revenge.library_scanner.scanning.surveying import RootWalked, Surveyed, Unchanged
from revenge.library_scanner.scanning.telling import ERRORS, Teller
from revenge.library_scanner.scanning.units import Unit
from revenge.library_scanner.store import files
from revenge.library_scanner.store.files import Known
from revenge.library_scanner.store.folders import Signature
from revenge.library_scanner.walk import Problem


class Lost(NamedTuple):
    """A root, or a disk below one, that is gone, empty or unreadable: its files are kept."""

    path: str
    problem: problems.Problem


@dataclass
class Look:
    db: Database
    of: library.Library
    progress: Progress
    kind: library.ScanType
    mounts: Mounts
    lost: list[Lost] = field(default_factory=list[Lost])
    unsettled: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Roots, and names right below them, where a file may still grow."""
    _gone: list[Known] = field(default_factory=list[Known])
    _left: dict[str, Signature] = field(default_factory=dict[str, Signature])
    """Folders that are complete when what went from them has been told."""
    _unknown: list[str] = field(default_factory=list[str])  # what could not be read

    def __post_init__(self) -> None:
        self._moves = Moves(self.db, self.of, self.progress.scan_id, self.mounts.known)

    @classmethod
    async def begin(
        cls, db: Database, of: library.Library, progress: Progress, kind: library.ScanType
    ) -> Look:
        async with db.read() as rows:
            return cls(db, of, progress, kind, await Mounts.of(rows, of.id, kind))

    @property
    def again(self) -> bool:
        """Whether also what has not changed is looked at."""
        return self.kind is not library.ScanType.INCREMENTAL

    async def take(
        self, found: Iterable[Surveyed], reader: Reader, *, at_last: bool = False
    ) -> None:
        """With `at_last`, what still grows is left to the next scan."""
        changed: list[Unit] = []
        for item in found:
            if isinstance(item, Unit):
                changed.append(item)
            elif isinstance(item, Unchanged):
                self.progress.seen += item.videos
            elif isinstance(item, Problem):
                self._note_problem(item)
            else:
                await self._check_root(item)
        if changed:
            await self._take_units(changed, reader, at_last=at_last)

    def lose_root(self, root: str, error: Exception) -> None:
        """What is known of it by now may not be all."""
        self._moves.away(root)
        self._lose(root, f"{root}: {error}; what was known in it is kept", "root_unreadable")

    async def let_go(self, lost_folders: Collection[str], teller: Teller) -> None:
        """Tell what has gone: by now it is known what of it is somewhere else."""
        for path in self.mounts.gone(lost_folders):
            await self._lose_mount(path)
        folders = [path for path in lost_folders if not self._is_unknown(path)]
        if folders:
            async with self.db.read() as rows:
                self._gone += await files.in_folders(rows, self.of.id, folders)
        gone = [row for row in self._gone if self._has_gone(row)]
        if gone:
            self.progress.phase = "removing"
            await teller.let_go(gone)
        # to be looked at again: where something is away for now, or did not arrive elsewhere
        settled = {row.id for row in gone} | teller.moved
        open_ = {row.folder for row in self._gone if row.id not in settled}
        left = {path: signed for path, signed in self._left.items() if path not in open_}
        await teller.settle(left, [path for path in folders if path not in open_])

    async def _take_units(self, units: Sequence[Unit], reader: Reader, *, at_last: bool) -> None:
        for unit in units:
            for path in self.mounts.emptied(unit):
                await self._lose_mount(path)
        known = await self._known(units)
        differences = await asyncio.to_thread(self._compare, units, known)
        settled: list[tuple[Unit, Difference]] = []
        for unit, difference in zip(units, differences, strict=True):
            if difference.is_settled or at_last:
                settled.append((unit, difference))
            else:
                self.unsettled.add((unit.root, unit.name))
        found = [candidate for _, difference in settled for candidate in difference.candidates]
        matched = await self._moves.match(found)
        kept, coming = await self._kept(matched), iter(matched)
        for unit, difference in settled:
            candidates = list(islice(coming, len(difference.candidates)))
            self._count(unit, difference)
            await reader.take(candidates, kept, self._complete(unit, difference))

    async def _known(self, units: Sequence[Unit]) -> dict[str, list[Known]]:
        """The files that were known in these, by their folder."""
        paths = [path for unit in units for path in unit.signatures]
        known: dict[str, list[Known]] = {path: [] for path in paths}
        if paths:
            async with self.db.read() as rows:
                for row in await files.in_folders(rows, self.of.id, paths):
                    known[row.folder].append(row)
        return known

    def _compare(self, units: Iterable[Unit], known: dict[str, list[Known]]) -> list[Difference]:
        again = self.progress.scan_id if self.again else None
        return [
            compare(
                unit,
                [row for path in unit.signatures for row in known[path]],
                self.of.type,
                again=again,
            )
            for unit in units
        ]

    def _count(self, unit: Unit, difference: Difference) -> None:
        titles = sum(difference.titles.values())
        self.progress.seen += titles - len(difference.candidates)
        self.progress.extras += sum(1 for _ in unit.videos) - titles

    def _complete(self, unit: Unit, difference: Difference) -> dict[str, Signature]:
        """What is known of its folders when all that is new in them is stored."""
        mounts = {to_text(folder.path) for folder in unit.folders if folder.is_mount}
        signed = {
            path: Signature(signature, difference.titles.get(path, 0), path in mounts)
            for path, signature in unit.signatures.items()
            if difference.is_settled and not self._is_unknown(path)
        }
        self._gone += difference.gone
        if not difference.gone:
            return signed
        self._left |= signed
        return {}

    async def _kept(self, candidates: Sequence[Candidate]) -> dict[FileId, Media]:
        """What is known already of files that have not changed themselves."""
        if self.kind is library.ScanType.FULL:
            return {}
        ids = [
            candidate.known.id
            for candidate in candidates
            if candidate.known is not None
            and candidate.known.is_readable
            and (not candidate.needs_probe or _is_same(candidate.known, candidate))
        ]
        if not ids:
            return {}
        async with self.db.read() as rows:
            return await files.media_of(rows, ids)

    async def _check_root(self, walked: RootWalked) -> None:
        """A root in which everything has vanished at once is rather a disk that is not mounted."""
        if walked.reason is not None:
            code = "root_missing" if walked.is_missing else "root_unreadable"
            self._lose(walked.root, f"{walked.reason}; what was known in it is kept", code)
        elif walked.is_bare and await self._held_files(walked.root):
            reason = (
                f"{walked.root} is empty, but held files before: is its disk mounted? "
                "What was known in it is kept; if it is to be empty, make any folder in it"
            )
            self._lose(walked.root, reason)

    async def _lose_mount(self, path: str) -> None:
        """The folder that a disk was mounted on is empty, or not even there."""
        if not self._is_unknown(path) and await self._held_files(path):
            reason = (
                f"{path} was on a disk of its own: is it mounted? "
                "What was known in it is kept until a full scan"
            )
            self._lose(path, reason)

    def _lose(self, path: str, reason: str, code: str = "root_missing") -> None:
        self.lost.append(Lost(path, problems.Problem(code, reason)))

    async def _held_files(self, path: str) -> bool:
        async with self.db.read() as rows:
            return await files.any_below(rows, self.of.id, path)

    def _note_problem(self, found: Problem) -> None:
        logger.warning("{} cannot be read: {}", to_text(found.path), found.reason)
        ERRORS.labels(str(self.of.id)).inc()
        self.progress.fail()
        self._unknown.append(to_text(found.path))

    def _has_gone(self, row: Known) -> bool:
        is_away = self._is_unknown(f"{row.folder}/{row.name}")
        return not is_away and row.id not in self._moves.claimed

    def _is_unknown(self, path: str) -> bool:
        """Of what lies in a folder that could not be read, nothing is known: it has not gone."""
        places = (*self._unknown, *(lost.path for lost in self.lost))
        return any(path == place or path.startswith(f"{place}/") for place in places)


def _is_same(known: Known, candidate: Candidate) -> bool:
    return (known.size, known.mtime_ns) == (candidate.file.size, candidate.file.mtime_ns)
