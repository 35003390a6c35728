"""A scan is ordered: a row that tells how far it is, and the job that does it."""

from __future__ import annotations

from revenge.contracts import library
from revenge.kit import Database, Tx
from revenge.library_scanner.store import libraries, scans


async def order_scan(
    tx: Tx, of: library.Library, scan_type: library.ScanType = library.ScanType.INCREMENTAL
) -> library.LibraryScan | None:
    """None when one is going on already."""
    scan = await scans.start(tx, of.id, scan_type)
    if scan is not None:
        await tx.enqueue(library.scan_library, library.ScanLibrary(of.id, scan.id, scan_type))
    return scan


async def order_at_start(db: Database) -> None:
    """The scans that libraries want at each start of the service."""
    async with db.begin() as tx:
        for item in await libraries.list_all(tx):
            if item.enabled and item.scan_on_startup:
                await order_scan(tx, item)
