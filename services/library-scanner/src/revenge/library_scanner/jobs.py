"""The scan of a library, as a job that survives being killed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from loguru import logger

from revenge.contracts import library
from revenge.kit import Bus, Database, Router
from revenge.kit.leases import hold
from revenge.library_scanner import problems, rules
from revenge.library_scanner.scanning.progress import Progress, ScanCancelled
from revenge.library_scanner.scanning.scan import DURATION, Scanner
from revenge.library_scanner.store import libraries, scans


@dataclass(frozen=True)
class Scanning:
    bus: Bus
    db: Database
    scanner: Scanner


router = Router[Scanning]()


@router.job(library.scan_library, concurrency=2)
async def scan_library(job: library.ScanLibrary, app: Scanning) -> None:
    """Nothing is left to do for a scan that is over, or whose library is gone."""
    async with hold(app.bus, lease_of(job.library_id)):
        async with app.db.read() as rows:
            found = await libraries.find(rows, job.library_id)
            scan = await scans.find(rows, job.scan_id)
        if found is None or scan is None or scan.completed_at is not None:
            return
        try:
            await _scan(app, found, Progress(app.db, found, scan), job.scan_type)
        except ScanCancelled:
            logger.info("the scan of {} was cancelled", found.name)


async def _scan(
    app: Scanning, of: library.Library, progress: Progress, kind: library.ScanType
) -> None:
    began = time.monotonic()
    async with progress.running():
        lost = await app.scanner.scan(of, progress, kind)
    problem = problems.together([item.problem for item in lost])
    async with app.db.begin() as tx:
        await problems.keep(tx, of, problem)
    reason = problem.reason if problem else None
    if {item.path for item in lost}.issuperset(of.paths):
        await progress.finish(library.ScanStatus.FAILED, reason)
        return
    await progress.finish(library.ScanStatus.COMPLETED, reason or rules.why_nothing(of.type))
    DURATION.labels(str(of.id)).observe(time.monotonic() - began)


def lease_of(library_id: object) -> str:
    """Whoever holds it may look into this library: one at a time, over all replicas."""
    return f"library-{library_id}"
