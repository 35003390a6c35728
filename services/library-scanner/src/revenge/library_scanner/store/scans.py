# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Scans and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

import msgspec

from revenge.contracts import LibraryId, ScanId
from revenge.contracts.library import LibraryScan, ScanStatus, ScanType
from revenge.kit import Reading, Tx

COLUMNS: LiteralString = """
    id, library_id, scan_type, status, phase, items_total, items_scanned, items_added,
    items_updated, items_removed, error_count, items_per_second, seconds_left, error_message,
    created_at, started_at, completed_at
"""
SELECT: LiteralString = "select " + COLUMNS + " from scan "


async def start(tx: Tx, library_id: LibraryId, scan_type: ScanType) -> LibraryScan | None:
    """None when one of this library is going on already."""
    return await tx.maybe(
        LibraryScan,
        """
        insert into scan (library_id, scan_type)
        values (%(library_id)s, %(scan_type)s)
        on conflict (library_id) where status in ('pending', 'running') do nothing
        returning """
        + COLUMNS,
        library_id=library_id,
        scan_type=scan_type.value,
    )


async def find(rows: Reading, scan_id: ScanId) -> LibraryScan | None:
    return await rows.maybe(
        LibraryScan,
        SELECT
        + """
        where id = %(id)s
        """,
        id=scan_id,
    )


async def of_library(
    rows: Reading, library_id: LibraryId, limit: int, offset: int
) -> list[LibraryScan]:
    return await rows.all(
        LibraryScan,
        SELECT
        + """
        where library_id = %(library_id)s
        order by created_at desc, id desc
        limit %(limit)s offset %(offset)s
        """,
        library_id=library_id,
        limit=limit,
        offset=offset,
    )


async def count(rows: Reading, library_id: LibraryId) -> int:
    return await rows.one(
        int,
        "select count(*) from scan where library_id = %(library_id)s",
        library_id=library_id,
    )


async def latest(rows: Reading, libraries: Sequence[LibraryId]) -> list[LibraryScan]:
    """The last one of each of these libraries."""
    return await rows.all(
        LibraryScan,
        "select distinct on (library_id) "
        + COLUMNS
        + """
        from scan
        where library_id = any(%(libraries)s)
        order by library_id, created_at desc, id desc
        """,
        libraries=list(libraries),
    )


async def save(tx: Tx, scan: LibraryScan) -> ScanStatus | None:
    """Write how far it is. Returns its status now: it may have been cancelled meanwhile."""
    return await tx.maybe(
        ScanStatus,
        """
        update scan
        set status = case when status = 'cancelled' then status else %(status)s end,
            phase = %(phase)s,
            items_total = %(items_total)s,
            items_scanned = %(items_scanned)s,
            items_added = %(items_added)s,
            items_updated = %(items_updated)s,
            items_removed = %(items_removed)s,
            error_count = %(error_count)s,
            items_per_second = %(items_per_second)s,
            seconds_left = %(seconds_left)s,
            error_message = %(error_message)s,
            started_at = %(started_at)s,
            completed_at = coalesce(completed_at, %(completed_at)s)
        where id = %(id)s
        returning status
        """,
        **(msgspec.structs.asdict(scan) | {"status": scan.status.value}),
    )


async def cancel(tx: Tx, scan_id: ScanId) -> bool:
    """True if it was going on."""
    cancelled = await tx.run(
        """
        update scan
        set status = 'cancelled', completed_at = now()
        where id = %(id)s and status in ('pending', 'running')
        """,
        id=scan_id,
    )
    return cancelled == 1
