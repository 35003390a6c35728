"""How far a scan is, kept in its row, told once a second."""

from __future__ import annotations

import time
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
from revenge.kit import Database, jobs
from revenge.library_scanner.store import scans

SAVE_EVERY = 0.5  # seconds
TELL_EVERY = 1.0


class ScanCancelled(Exception):
    """Somebody cancelled the scan, or deleted its library."""


class Progress:
    """Of one scan; of a partial one, which has no row, it only counts."""

    def __init__(self, db: Database, library: Library, scan: LibraryScan | None) -> None:
        self._db = db
        self._library = library
        self._scan = scan
        self._counts = {"total": 0, "scanned": 0, "added": 0, "updated": 0, "removed": 0}
        self._errors = 0
        self._phase = ""
        self._saved = self._told = 0.0

    @property
    def scan_id(self) -> ScanId | None:
        return self._scan.id if self._scan else None

    @property
    def errors(self) -> int:
        return self._errors

    def count(self, **more: int) -> None:
        for name, number in more.items():
            self._counts[name] += number

    def fail(self) -> None:
        self._errors += 1

    async def begin(self) -> None:
        """Tell that it has started; of one that was begun by a process that died, no more."""
        if self._scan is None:
            return
        is_first = self._scan.started_at is None
        self._scan = msgspec.structs.replace(
            self._scan,
            status=ScanStatus.RUNNING,
            started_at=self._scan.started_at or datetime.now(UTC),
        )
        async with self._db.begin() as tx:
            await self._check(await scans.save(tx, self._current()))
            if is_first:
                await tx.emit(scan_started, self._event())

    async def step(self, phase: str) -> None:
        """Call it often. Raises `ScanCancelled`."""
        self._phase = phase
        now = time.monotonic()
        if self._scan is None or now - self._saved < SAVE_EVERY:
            return
        self._saved = now
        async with self._db.begin() as tx:
            await self._check(await scans.save(tx, self._current()))
            if now - self._told >= TELL_EVERY:
                self._told = now
                await tx.emit(scan_progressed, self._event())
        await jobs.report(phase, self._counts["scanned"], self._counts["total"])

    async def finish(self, status: ScanStatus, message: str | None = None) -> None:
        self._phase = "done"
        if self._scan is None:
            return
        self._scan = msgspec.structs.replace(
            self._scan, status=status, error_message=message, completed_at=datetime.now(UTC)
        )
        async with self._db.begin() as tx:
            if await scans.save(tx, self._current()) is status:
                await tx.emit(scan_done, self._event())
        logger.info("the scan of {} is {}: {}", self._library.name, status, self._counts)

    async def _check(self, status: ScanStatus | None) -> None:
        if status in (None, ScanStatus.CANCELLED):
            raise ScanCancelled

    def _current(self) -> LibraryScan:
        if self._scan is None:
            raise LookupError("a partial scan has no row")
        return msgspec.structs.replace(
            self._scan,
            phase=self._phase,
            items_total=max(self._counts["total"], self._counts["scanned"]),
            items_scanned=self._counts["scanned"],
            items_added=self._counts["added"],
            items_updated=self._counts["updated"],
            items_removed=self._counts["removed"],
            error_count=self._errors,
        )

    def _event(self) -> ScanEvent:
        return ScanEvent(self._current(), self._library.name, (self._library.id,))
