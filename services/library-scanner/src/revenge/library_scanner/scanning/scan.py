"""The scan of a library: walk and compare, find what moved, read what is new, tell it.

Everything is stored in small transactions, and a folder is only called known when all its files
are stored: a scan that is killed goes on where it was, at the cost of looking again.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from loguru import logger
from prometheus_client import Counter, Histogram

from revenge.contracts import FileId, library
from revenge.contracts.media import Media
from revenge.contracts.paths import to_os, to_text
from revenge.kit import Database
from revenge.library_scanner import rules
from revenge.library_scanner.probe.prober import Prober
from revenge.library_scanner.scanning import finding, moves
from revenge.library_scanner.scanning.comparing import SETTLED_NS, Candidate, Difference, compare
from revenge.library_scanner.scanning.progress import Progress
from revenge.library_scanner.scanning.units import Unit, unit, units
from revenge.library_scanner.store import files
from revenge.library_scanner.store.files import Known
from revenge.library_scanner.walk import Cancelled, Problem, RootMissing, RootUnreadable

T = TypeVar("T")

TOGETHER = 100  # files stored and told in one transaction
PARCEL = 512 * 1024  # bytes of files in one event; NATS takes messages of 1 MiB
AT_ONCE = 8  # files in the hands of the prober, so that its processes never wait
AHEAD = 256  # units walked before they are compared

SCANNED = Counter("revenge_library_files_scanned", "Videos looked at")
ERRORS = Counter("revenge_library_scan_errors", "What could not be read", ["library_id"])
DURATION = Histogram(
    "revenge_library_scan_duration_seconds",
    "Scans of whole libraries",
    ["library_id"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600),
)


class RootsLost(Exception):
    """A folder of the library is gone or empty, and what was known in it is kept."""


@dataclass
class Changes:
    """What the walk has found."""

    candidates: list[Candidate] = field(default_factory=list[Candidate])
    gone: list[Known] = field(default_factory=list[Known])
    signatures: dict[str, bytes] = field(default_factory=dict[str, bytes])
    walked: set[str] = field(default_factory=set[str])
    unknown: list[str] = field(default_factory=list[str])  # what could not be read
    unsettled: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Roots, and names right below them, where a file may still grow."""


@dataclass(frozen=True)
class Look:
    """One look at a library: what was known when it began, and what it has found so far."""

    of: library.Library
    progress: Progress
    again: bool = False  # also at what has not changed
    signed: dict[str, bytes] = field(default_factory=dict[str, bytes])
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True)
class Scanner:
    db: Database
    prober: Prober

    async def scan(self, of: library.Library, progress: Progress, kind: library.ScanType) -> None:
        """All of a library. Raises `RootsLost`, `ScanCancelled`."""
        if of.type not in rules.SCANNED:
            return
        async with self.db.read() as rows:
            signed = await files.signatures(rows, of.id)
        look = Look(of, progress, kind is not library.ScanType.INCREMENTAL, signed)
        for root in of.paths:
            await self._walk(look, root)
            await self._check_root(look, root)
        await self._look_again(look)
        lost = await self._add_lost(look, signed)
        await self._apply(look, probe_again=kind is library.ScanType.FULL)
        async with self.db.begin() as tx:
            await files.forget_folders(tx, of.id, lost)

    async def scan_unit(self, of: library.Library, root: str, name: str) -> None:
        """Only what lies in the folder `name` right below a root. Raises `RootsLost`."""
        if not await asyncio.to_thread(_has_entries, to_os(root)):
            raise RootsLost(f"{root} is gone or empty; what was known in it is kept")
        look = Look(of, Progress(self.db, of, None))
        await self._take_unit(look, root, name)
        top = f"{root}/{to_text(name)}"
        async with self.db.read() as rows:
            signed = await files.signatures(rows, of.id)
        inside = [path for path in signed if path == top or path.startswith(f"{top}/")]
        lost = await self._add_lost(look, inside if name else ())
        await self._apply(look, probe_again=False)
        async with self.db.begin() as tx:
            await files.forget_folders(tx, of.id, lost)

    async def _look_again(self, look: Look) -> None:
        """Once, at what was written to a moment ago: by now it has mostly come to an end."""
        if look.changes.unsettled:
            await asyncio.sleep(1.1 * SETTLED_NS / 1e9)
        for root, name in sorted(look.changes.unsettled):
            await self._take_unit(look, root, name)

    async def _take_unit(self, look: Look, root: str, name: str) -> None:
        with suppress(RootMissing, RootUnreadable):
            async with _in_thread(lambda stop: unit(to_os(root), name, stop)) as found:
                async for item in found:
                    await self._take(look, root, item, at_last=True)

    async def _walk(self, look: Look, root: str) -> None:
        try:
            async with _in_thread(lambda stop: units(to_os(root), stop)) as found:
                async for item in found:
                    await self._take(look, root, item)
        except (RootMissing, RootUnreadable) as error:
            raise RootsLost(f"{error}; what was known in it is kept") from error

    async def _take(
        self, look: Look, root: str, found: Unit | Problem, *, at_last: bool = False
    ) -> None:
        """With `at_last`, what still grows is left to the next scan."""
        if isinstance(found, Problem):
            logger.warning("{} cannot be read: {}", to_text(found.path), found.reason)
            ERRORS.labels(str(look.of.id)).inc()
            look.progress.fail()
            look.changes.unknown.append(to_text(found.path))
            return
        signatures = found.signatures()
        look.changes.walked.update(signatures)
        unchanged = all(look.signed.get(path) == sign for path, sign in signatures.items())
        if unchanged and not look.again:
            seen = sum(1 for _ in found.videos)
            look.progress.count(scanned=seen, total=seen)
            return
        difference = await self._compare(look, root, found, list(signatures))
        if not difference.is_settled and not at_last:
            look.changes.unsettled.add((root, found.name))
            return
        as_they_were = difference.videos - len(difference.candidates)
        look.progress.count(total=difference.videos, scanned=as_they_were)
        look.changes.candidates += difference.candidates
        look.changes.gone += difference.gone
        if difference.is_settled:
            look.changes.signatures.update(signatures)
        await look.progress.step("walking")

    async def _compare(self, look: Look, root: str, found: Unit, folders: list[str]) -> Difference:
        async with self.db.read() as rows:
            known = await files.in_folders(rows, look.of.id, folders)
        return await asyncio.to_thread(
            compare, found, known, to_os(root), look.of.type, again=look.again
        )

    async def _check_root(self, look: Look, root: str) -> None:
        """A root in which everything has vanished at once is rather a disk that is not mounted."""
        inside = [path for path in look.signed if path.startswith(f"{root}/")]
        walked = [path for path in look.changes.walked if path.startswith(f"{root}/")]
        if walked or look.changes.candidates:
            return
        if not inside and await asyncio.to_thread(_has_entries, to_os(root)):
            return
        async with self.db.read() as rows:
            if await files.in_folders(rows, look.of.id, [root, *inside]):
                raise RootsLost(
                    f"{root} is empty, but held files before: is its disk mounted? "
                    "What was known in it is kept"
                )

    async def _add_lost(self, look: Look, signed: Iterable[str]) -> list[str]:
        """The folders that are there no more; their files may have gone as well."""
        walked, unknown = look.changes.walked, look.changes.unknown
        lost = [path for path in signed if path not in walked and not _lies_in(path, unknown)]
        async with self.db.read() as rows:
            look.changes.gone += await files.in_folders(rows, look.of.id, lost)
        return lost

    async def _apply(self, look: Look, *, probe_again: bool) -> None:
        of, changes, progress = look.of, look.changes, look.progress
        matched = await moves.match(changes.candidates, changes.gone)
        await self._tell_moves(of, matched.moved)
        await self._read_all(of, matched.candidates, progress, probe_again=probe_again)
        await self._tell_gone(of, matched.gone, progress)
        if changes.signatures:
            async with self.db.begin() as tx:
                await files.sign(tx, of.id, changes.signatures)

    async def _tell_moves(self, of: library.Library, moved: Sequence[Candidate]) -> None:
        paths = {
            candidate.known.id: to_text(candidate.path)
            for candidate in moved
            if candidate.known is not None
        }
        if paths:
            async with self.db.begin() as tx:
                await tx.emit(library.files_moved, library.FilesMoved(of.id, paths))

    async def _read_all(
        self,
        of: library.Library,
        candidates: Sequence[Candidate],
        progress: Progress,
        *,
        probe_again: bool,
    ) -> None:
        """Several at once; stored and told in their order, in batches."""
        for first in range(0, len(candidates), TOGETHER):
            batch = candidates[first : first + TOGETHER]
            kept = await self._kept(batch, probe_again=probe_again)
            turns = asyncio.Semaphore(AT_ONCE)

            async def one(candidate: Candidate) -> finding.Found:
                async with turns:  # noqa: B023 - gathered before the next batch begins
                    known = candidate.known
                    found = await finding.read(
                        candidate,
                        self.prober,
                        kept.get(known.id) if known else None,  # noqa: B023 - the same
                    )
                    progress.count(scanned=1)
                    await progress.step("reading")
                    return found

            await self._store(of, await asyncio.gather(*map(one, batch)), progress)

    async def _kept(self, batch: Sequence[Candidate], *, probe_again: bool) -> dict[FileId, Media]:
        """What is known already of files that have not changed themselves."""
        unchanged = [
            candidate.known.id
            for candidate in batch
            if candidate.known is not None
            and (not candidate.needs_probe or _is_same(candidate))
            and not probe_again
        ]
        async with self.db.read() as rows:
            return await files.media_of(rows, unchanged)

    async def _store(
        self, of: library.Library, found: Sequence[finding.Found], progress: Progress
    ) -> None:
        told = tuple(item.told for item in found if item.told is not None)
        for item in found:
            if item.told is None:
                logger.warning("{}: {}", _place_of(item), item.stored.reason)
                ERRORS.labels(str(of.id)).inc()
                progress.fail()
            else:
                progress.count(**({"added": 1} if item.is_new else {"updated": 1}))
        SCANNED.inc(len(found))
        unread = [item.stored.id for item in found if item.told is None and not item.is_new]
        async with self.db.begin() as tx:
            await files.save(tx, of.id, [item.stored for item in found])
            for parcel in _parcels(told):
                event = library.FilesFound(of.id, parcel, progress.scan_id)
                await tx.emit(library.files_found, event)
            if unread:
                await tx.emit(library.files_gone, library.FilesGone(of.id, tuple(unread)))

    async def _tell_gone(
        self, of: library.Library, gone: Sequence[Known], progress: Progress
    ) -> None:
        for first in range(0, len(gone), TOGETHER):
            ids = tuple(row.id for row in gone[first : first + TOGETHER])
            async with self.db.begin() as tx:
                await files.remove(tx, ids)
                await tx.emit(library.files_gone, library.FilesGone(of.id, ids))
            progress.count(removed=len(ids))
            await progress.step("removing")


def _is_same(candidate: Candidate) -> bool:
    known = candidate.known
    return (
        known is not None
        and known.size == candidate.file.size
        and known.mtime_ns == candidate.file.mtime_ns
    )


def _place_of(found: finding.Found) -> str:
    return f"{found.stored.folder}/{found.stored.name}"


def _lies_in(path: str, places: Iterable[str]) -> bool:
    """Of what lies in a folder that could not be read, nothing is known: it has not gone."""
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _parcels(told: Sequence[library.FoundFile]) -> Iterator[tuple[library.FoundFile, ...]]:
    """As many together as the bus carries in one message."""
    parcel: list[library.FoundFile] = []
    size = 0
    for file in told:
        its_size = len(msgspec.json.encode(file))
        if parcel and size + its_size > PARCEL:
            yield tuple(parcel)
            parcel, size = [], 0
        parcel.append(file)
        size += its_size
    if parcel:
        yield tuple(parcel)


def _has_entries(root: str) -> bool:
    try:
        with os.scandir(root) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


_END = object()


@asynccontextmanager
async def _in_thread(
    make: Callable[[threading.Event], Iterator[T]],
) -> AsyncGenerator[AsyncGenerator[T]]:
    """What a blocking iterator yields, made in a thread that never runs far ahead."""
    loop = asyncio.get_running_loop()
    stop = threading.Event()
    ready: asyncio.Queue[object] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)

    def work() -> None:
        for item in make(stop):
            room.acquire()
            if stop.is_set():
                return
            loop.call_soon_threadsafe(ready.put_nowait, item)

    async def items() -> AsyncGenerator[T]:
        while (item := await ready.get()) is not _END:
            room.release()
            yield item  # type: ignore[misc]  # only items and the end are put there

    working = loop.run_in_executor(None, work)
    working.add_done_callback(lambda _: ready.put_nowait(_END))
    try:
        yield items()
        await working
    finally:
        stop.set()
        room.release()
        with suppress(RootMissing, RootUnreadable, Cancelled):
            await working
