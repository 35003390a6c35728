"""What is told of a scan while it goes on."""

import asyncio
import dataclasses
from typing import Any

from revenge.contracts import library
from revenge.contracts.media import Media
from revenge.library_scanner import jobs
from revenge.library_scanner.probe.messages import Identity
from revenge.library_scanner.probe.prober import Prober
from revenge.library_scanner.scanning.scan import Scanner

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported

FILES = 160


class Leisurely(Prober):
    """Takes its time for each file, as a disk far away does."""

    async def identify(self, path: str) -> tuple[Media, Identity]:
        await asyncio.sleep(0.2)
        return await super().identify(path)


async def told(shelf: Shelf) -> list[library.LibraryScan]:
    """What was told while all the files were read."""
    for number in range(FILES):
        shelf.video(f"Lost/Season 1/Lost S01E{number:04}.mkv", title="the same in all")
    shelf.video("Lost/Season 1/Lost S01E0001-trailer.mkv", title="the same in all")
    async with Leisurely(2) as prober:
        app = dataclasses.replace(shelf.app, scanner=Scanner(shelf.app.db, prober))
        await dataclasses.replace(shelf, app=app).scan()
    return [event.scan for event in await shelf.told(library.scan_progressed)]


async def test_how_fast_it_goes_and_how_long_it_takes_is_told(shelf: Shelf) -> None:
    scans = await told(shelf)

    last = scans[-1]
    assert last.items_per_second is not None
    assert last.items_per_second > 0
    assert last.seconds_left is not None
    assert {scan.phase for scan in scans} <= {"walking", "reading"}


async def test_of_how_many_is_told_without_what_is_no_title(shelf: Shelf) -> None:
    scans = await told(shelf)

    assert (scans[-1].items_total, scans[-1].phase) == (FILES, "reading")
    assert scans[-1].items_scanned <= FILES


async def test_no_more_is_new_than_was_seen(shelf: Shelf) -> None:
    for number in range(FILES):
        shelf.video(f"Lost/Season 1/Lost S01E{number:04}.mkv", title="the same in all")
    order = await shelf.ordered()
    scanning = asyncio.create_task(jobs.scan_library(order, shelf.app))

    states = [await shelf.state_of(order.scan_id)]
    while states[-1].completed_at is None:
        states.append(await shelf.state_of(order.scan_id))
    await scanning

    assert [scan for scan in states if scan.items_scanned < scan.items_added] == []


async def test_when_it_is_done_all_is_seen_and_nothing_is_left(shelf: Shelf) -> None:
    shelf.video("Heat (1995)/Heat (1995).mkv")

    scan = await shelf.scan()

    assert (scan.phase, scan.items_scanned, scan.items_total) == ("done", 1, 1)
    assert (scan.items_per_second, scan.seconds_left) == (None, None)
