"""What the library scanner opens and serves."""

from __future__ import annotations

import os

from revenge.contracts import library
from revenge.kit import Service, Settings, always, run
from revenge.kit.settings import Database
from revenge.library_scanner import jobs, ordering, watching
from revenge.library_scanner.handlers import libraries, permissions, retries, scans
from revenge.library_scanner.probe.prober import Prober
from revenge.library_scanner.scanning.scan import Scanner


class ScannerSettings(Settings, frozen=True, kw_only=True):
    database: Database


async def start(service: Service, settings: ScannerSettings) -> None:
    db = await service.open_database(settings.database)
    prober = await service.open(Prober(os.cpu_count() or 1, workers=service.workers))
    scanning = jobs.Scanning(service.bus, db, Scanner(db, prober))
    for reads in (libraries.reads, permissions.reads, scans.reads):
        service.include(reads, scope=db.reading)
    for writes in (libraries.writes, permissions.writes, retries.writes, scans.writes):
        service.include(writes, scope=db.writing)
    service.include(libraries.checked, scope=always(db))
    service.include(permissions.grants, scope=always(permissions.Granting(service.bus, db)))
    service.include(jobs.router, scope=always(scanning))
    service.schedule(library.scan_due, library.ScanDue(), "@every 1m")
    service.spawn(watching.watch_all, scanning)
    await ordering.order_at_start(db)


if __name__ == "__main__":
    run("library-scanner", ScannerSettings, start, niceness=10)
