"""How far a scan is: counted here, kept in its row, told once a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from loguru import logger

from revenge.contracts import ScanId
from revenge.contracts.library import (
    Library,
    LibraryScan,
    ScanEvent,
    ScanStatus,
    scan_done,
    scan_progressed,
    scan_started,
)
from revenge.kit import Database, Tx, jobs
from revenge.library_scanner.scanning.pace import Pace
from revenge.library_scanner.scanning.threads import task_group
from revenge.library_scanner.store import files, scans

BEAT = 0.25  # seconds between two looks at whether it was cancelled
TELL_EVERY = 1.0


class ScanCancelled(Exception):
    """Somebody cancelled the scan, or deleted its library."""


@dataclass(frozen=True)
class Counts:
    added: int = 0
    updated: int = 0
    removed: int = 0
    failed: int = 0

    def __add__(self, more: Counts) -> Counts:
        return Counts(
            self.added + more.added,
            self.updated + more.updated,
            self.removed + more.removed,
            self.failed + more.failed,
        )


class Progress:
    """Of one scan; of a partial one, which has no row, it only counts."""

    def __init__(self, db: Database, library: Library, scan: LibraryScan | None) -> None:
        self._db = db
        self._library = library
        self._scan = scan
        self._counts = Counts()
        self._problems = 0
        self._saving = asyncio.Lock()  # or an older state would be written over a newer one
        self._told = 0.0
        self._pace = Pace()
        self._expected: Callable[[], int] = lambda: 0
        self.phase = ""
        self.seen = 0
        self.extras = 0  # videos that are no titles

    @property
    def scan_id(self) -> ScanId | None:
        return self._scan.id if self._scan else None

    @property
    def total(self) -> int:
        """0 while that is not known."""
        expected = self._expected()
        return max(expected - self.extras, self.seen) if expected else 0

    def expect(self, videos: Callable[[], int]) -> None:
        """How many there are, as soon as that is known; until then 0."""
        self._expected = videos

    def fail(self) -> None:
        """Something that the walk met could not be read. It meets it again when it is repeated."""
        self._problems += 1

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keep the row up to date until the block ends. Raises `ScanCancelled`, in the midst."""
        if self._scan is None:
            yield
            return
        await self._begin(self._scan)
        async with task_group() as tasks:
            beating = tasks.create_task(self._beat())
            yield
            async with self._saving:  # not in the midst of a transaction
                beating.cancel()

    @asynccontextmanager
    async def counting(self, more: Counts) -> AsyncGenerator[Tx]:
        """A transaction in which this many files are stored: they are counted if it commits."""
        async with self._saving:
            async with self._db.begin() as tx:
                await self._save(tx, self._counts + more)
                yield tx
            self._counts += more

    async def finish(self, status: ScanStatus, message: str | None = None) -> None:
        if self._scan is None:
            return
        self.phase = "done"
        self.expect(lambda: self.seen + self.extras)
        self._scan = msgspec.structs.replace(
            self._scan, status=status, error_message=message, completed_at=datetime.now(UTC)
        )
        async with self._db.begin() as tx:
            if await scans.save(tx, self._current(self._counts)) is status:
                await tx.emit(scan_done, self._event())
        logger.info("the scan of {} is {}: {}", self._library.name, status, self._counts)

    async def _begin(self, scan: LibraryScan) -> None:
        """Tell that it has started; of one that was begun by a process that died, no more."""
        if scan.started_at is not None:
            async with self._db.read() as rows:
                failed = await files.count_failed(rows, scan.library_id, scan.id)
            self._counts = Counts(scan.items_added, scan.items_updated, scan.items_removed, failed)
        self._scan = msgspec.structs.replace(
            scan,
            status=ScanStatus.RUNNING,
            started_at=scan.started_at or datetime.now(UTC),
        )
        async with self._db.begin() as tx:
            await self._save(tx, self._counts)
            if scan.started_at is None:
                await tx.emit(scan_started, self._event())

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._pace.note(self.seen, time.monotonic())
            async with self._saving, self._db.begin() as tx:
                await self._save(tx, self._counts)
                now = time.monotonic()
                if now - self._told >= TELL_EVERY:
                    self._told = now
                    await tx.emit(scan_progressed, self._event())
            await jobs.report(self.phase, self.seen, self.total)

    async def _save(self, tx: Tx, counts: Counts) -> None:
        if self._scan is None:
            return
        if await scans.save(tx, self._current(counts)) in (None, ScanStatus.CANCELLED):
            raise ScanCancelled

    def _current(self, counts: Counts) -> LibraryScan:
        if self._scan is None:
            raise LookupError("a partial scan has no row")
        total = self.total
        phase = self.phase or ("reading" if total else "walking")
        is_over = phase == "done"
        return msgspec.structs.replace(
            self._scan,
            phase=phase,
            items_total=total,
            items_scanned=self.seen,
            items_added=counts.added,
            items_updated=counts.updated,
            items_removed=counts.removed,
            error_count=counts.failed + self._problems,
            items_per_second=None if is_over else self._pace.rate,
            seconds_left=None if is_over else self._pace.seconds_left(total),
        )

    def _event(self) -> ScanEvent:
        return ScanEvent(self._current(self._counts), self._library.name, (self._library.id,))
