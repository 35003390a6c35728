"""Scans: asked for, shown, cancelled."""

from __future__ import annotations

from revenge.contracts import Nothing, library
from revenge.kit import Reading, Router, Tx
from revenge.library_scanner.handlers.libraries import existing, visible
from revenge.library_scanner.ordering import order_scan
from revenge.library_scanner.store import files, libraries, scans

reads = Router[Reading]()
writes = Router[Tx]()


@writes.rpc(library.start_scan)
async def start_scan(request: library.StartScan, tx: Tx) -> library.LibraryScan:
    """Who asks for what is going on already joins it."""
    scan = await order_scan(tx, await existing(tx, request.library_id), request.scan_type)
    if scan is not None:
        return scan
    (going_on,) = await scans.latest(tx, [request.library_id])
    if going_on.scan_type not in (request.scan_type, library.ScanType.FULL):
        raise library.ScanRunning
    return going_on


@writes.job(library.scan_due)
async def begin_due(_: library.ScanDue, tx: Tx) -> None:
    for item in await libraries.list_due(tx):
        await order_scan(tx, item)


@reads.rpc(library.list_scans)
async def list_scans(request: library.ListScans, rows: Reading) -> library.ScanList:
    await visible(rows, request.library_id)
    found = await scans.of_library(rows, request.library_id, request.limit, request.offset)
    return library.ScanList(tuple(found), await scans.count(rows, request.library_id))


@writes.rpc(library.cancel_scan)
async def cancel_scan(request: library.CancelScan, tx: Tx) -> Nothing:
    found = await existing(tx, request.library_id)
    scan = await scans.find(tx, request.scan_id)
    if scan is None or scan.library_id != found.id:
        raise library.ScanNotFound
    if await scans.cancel(tx, scan.id):
        cancelled = await scans.find(tx, scan.id)
        if cancelled is not None:
            await tx.emit(library.scan_done, library.ScanEvent(cancelled, found.name, (found.id,)))
    return Nothing()


@reads.rpc(library.list_failures)
async def list_failures(request: library.ListFailures, rows: Reading) -> library.FailureList:
    await existing(rows, request.library_id)
    found = await files.failed(rows, request.library_id, request.limit, request.offset)
    return library.FailureList(tuple(found), await files.count_failed(rows, request.library_id))
