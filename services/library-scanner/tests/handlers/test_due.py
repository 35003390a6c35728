"""Scans that nobody asks for: at the start, and when the interval of a library has passed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from revenge.contracts import (
    library,
)
from revenge.contracts.library import (
    UpdateLibrary,
)
from revenge.kit import Bus, Database, settings
from revenge.kit.testing import eventually, running
from revenge.library_scanner.__main__ import ScannerSettings, start
from revenge.library_scanner.handlers import libraries, scans
from revenge.library_scanner.store import scans as scan_rows

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]

pytestmark = pytest.mark.usefixtures("scanning")  # what they make is gone after each


async def begin_due(db: Database) -> None:
    async with db.begin() as tx:
        await scans.begin_due(library.ScanDue(), tx)


async def asked_for(shelf: Shelf, ago: timedelta) -> None:
    """Its last scan was that long ago."""
    await shelf.scan()
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update scan set created_at = now() - %(ago)s where library_id = %(id)s",
            ago=ago,
            id=shelf.library.id,
        )


async def scans_of(shelf: Shelf) -> int:
    async with shelf.app.db.read() as rows:
        return await scan_rows.count(rows, shelf.library.id)


async def test_a_library_is_scanned_when_its_interval_has_passed(make_shelf: MakeShelf) -> None:
    due, early = await make_shelf(scan_interval=3600), await make_shelf(scan_interval=7200)
    for shelf in (due, early):
        await asked_for(shelf, timedelta(minutes=61))

    await begin_due(due.app.db)

    assert (await scans_of(due), await scans_of(early)) == (2, 1)
    assert len(await due.told(library.scan_library)) == 2


async def test_a_library_without_an_interval_is_scanned_only_on_demand(
    make_shelf: MakeShelf,
) -> None:
    on_demand, off = await make_shelf(), await make_shelf(scan_interval=60, enabled=False)
    for shelf in (on_demand, off):
        await asked_for(shelf, timedelta(days=400))

    await begin_due(on_demand.app.db)

    assert (await scans_of(on_demand), await scans_of(off)) == (1, 1)


async def test_a_scan_that_takes_longer_than_the_interval_is_not_joined_by_another(
    make_shelf: MakeShelf,
) -> None:
    shelf = await make_shelf(scan_interval=60)
    await shelf.ordered()

    for _ in range(2):
        await begin_due(shelf.app.db)

    assert await scans_of(shelf) == 1


async def test_a_scan_of_the_future_does_not_hold_up_those_of_today(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(scan_interval=3600)
    await asked_for(shelf, timedelta(days=-30))

    await begin_due(shelf.app.db)

    assert await scans_of(shelf) == 2


async def test_an_interval_that_is_changed_counts_from_now_on(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(scan_interval=86_400)
    await asked_for(shelf, timedelta(hours=2))
    await begin_due(shelf.app.db)
    assert await scans_of(shelf) == 1

    changed = await libraries.update_library(
        UpdateLibrary(shelf.library.id, scan_interval=3600), shelf.app.db
    )
    await begin_due(shelf.app.db)

    assert changed.scan_interval == 3600
    assert await scans_of(shelf) == 2


async def test_the_service_looks_by_itself_which_libraries_are_due(
    make_shelf: MakeShelf, database_url: str, nats: settings.Nats, bus: Bus
) -> None:
    shelf = await make_shelf(scan_interval=60)
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )

    async def is_scheduled() -> bool:
        found = await bus.js.get_last_msg("JOBS", f"schedule.{library.scan_due.subject}")
        return (found.headers or {}).get("Nats-Schedule") == "@every 1m"

    async def scanned() -> bool:
        return await scans_of(shelf) == 1

    async with running("library-scanner", configured, start):
        assert await eventually(is_scheduled)
        await bus.js.publish(library.scan_due.subject, msgspec.json.encode(library.ScanDue()))
        await eventually(scanned)


async def test_libraries_that_want_it_are_scanned_when_the_service_starts(
    make_shelf: MakeShelf, database_url: str, nats: settings.Nats
) -> None:
    wanted = await make_shelf(scan_on_startup=True)
    off = await make_shelf(scan_on_startup=True, enabled=False)
    wanted.video("Heat (1995).mkv")
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )

    async def scanned() -> bool:
        async with wanted.app.db.read() as rows:
            found = await scan_rows.of_library(rows, wanted.library.id, 1, 0)
        return bool(found) and found[0].completed_at is not None

    async with running("library-scanner", configured, start):
        await eventually(scanned)

    async with off.app.db.read() as rows:
        assert await scan_rows.count(rows, off.library.id) == 0
