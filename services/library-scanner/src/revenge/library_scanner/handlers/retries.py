"""What could not be read, and is to be read again."""

from __future__ import annotations

from revenge.contracts import library
from revenge.kit import Router, Tx
from revenge.library_scanner.handlers.libraries import existing
from revenge.library_scanner.ordering import order_scan
from revenge.library_scanner.store import files

writes = Router[Tx]()


@writes.rpc(library.retry_failures)
async def retry_failures(request: library.RetryFailures, tx: Tx) -> library.LibraryScan:
    """By a scan: one that is going on already may have passed these files."""
    found = await existing(tx, request.library_id)
    scan = await order_scan(tx, found)
    if scan is None:
        raise library.ScanRunning
    await files.retry(tx, found.id, request.files)
    return scan
