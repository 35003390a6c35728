"""Scans that are asked for, and what is told of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from revenge.contracts import (
    Nothing,
    ScanId,
    library,
)
from revenge.contracts.library import (
    ScanStatus,
)
from revenge.kit import acting_as
from revenge.kit.testing import an_admin
from revenge.library_scanner.handlers import scans

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]

pytestmark = pytest.mark.usefixtures("scanning")  # what they make is gone after each


async def test_who_asks_for_a_scan_while_one_waits_or_runs_joins_it(shelf: Shelf) -> None:
    request = library.StartScan(shelf.library.id)
    async with shelf.app.db.begin() as tx:
        first = await scans.start_scan(request, tx)

    async with shelf.app.db.begin() as tx:
        second = await scans.start_scan(request, tx)

    assert second.id == first.id
    assert len(await shelf.told(library.scan_library)) == 1


async def test_who_asks_for_more_than_what_runs_is_told_to_wait(shelf: Shelf) -> None:
    async with shelf.app.db.begin() as tx:
        await scans.start_scan(library.StartScan(shelf.library.id), tx)

    with pytest.raises(library.ScanRunning):
        async with shelf.app.db.begin() as tx:
            await scans.start_scan(library.StartScan(shelf.library.id, library.ScanType.FULL), tx)


async def test_many_who_ask_at_once_join_one_scan(shelf: Shelf) -> None:
    async def ask() -> library.LibraryScan:
        async with shelf.app.db.begin() as tx:
            return await scans.start_scan(library.StartScan(shelf.library.id), tx)

    answers = await asyncio.gather(*(ask() for _ in range(8)))

    assert len({answer.id for answer in answers}) == 1
    assert len(await shelf.told(library.scan_library)) == 1


async def test_scans_are_listed_the_latest_first(shelf: Shelf) -> None:
    done = [(await shelf.scan()).id for _ in range(3)]

    async with shelf.app.db.read() as rows:
        with acting_as(an_admin()):
            listed = await scans.list_scans(library.ListScans(shelf.library.id, limit=2), rows)

    assert [scan.id for scan in listed.scans] == done[:0:-1]
    assert listed.total == 3


async def test_a_scan_that_is_over_stays_as_it_is_when_it_is_cancelled(shelf: Shelf) -> None:
    scan = await shelf.scan()

    async with shelf.app.db.begin() as tx:
        answer = await scans.cancel_scan(library.CancelScan(shelf.library.id, scan.id), tx)

    assert answer == Nothing()
    assert (await shelf.state_of(scan.id)).status is ScanStatus.COMPLETED
    assert len(await shelf.told(library.scan_done)) == 1


async def test_a_scan_of_another_library_cannot_be_cancelled_here(make_shelf: MakeShelf) -> None:
    one, other = await make_shelf(), await make_shelf()
    order = await other.ordered()

    async with one.app.db.begin() as tx:
        with pytest.raises(library.ScanNotFound):
            await scans.cancel_scan(library.CancelScan(one.library.id, order.scan_id), tx)
        with pytest.raises(library.ScanNotFound):
            await scans.cancel_scan(library.CancelScan(one.library.id, ScanId(uuid4())), tx)


async def test_files_that_failed_are_listed_with_their_reason(shelf: Shelf) -> None:
    for number in range(3):
        shelf.write(f"Bad {number} (2000).mkv", b"not a film at all" * 1000)
    await shelf.scan()

    async with shelf.app.db.read() as rows:
        with acting_as(an_admin()):
            listed = await scans.list_failures(
                library.ListFailures(shelf.library.id, limit=2), rows
            )

    assert (len(listed.files), listed.total) == (2, 3)
    assert {file.reason for file in listed.files} == {"it is damaged, or no media at all"}
