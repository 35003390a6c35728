"""Scans as jobs: one at a time, to the end."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from revenge.contracts import library
from revenge.contracts.library import ScanStatus, ScanType
from revenge.kit import Bus, settings
from revenge.kit.following import follow
from revenge.kit.testing import eventually
from revenge.library_scanner import jobs
from revenge.library_scanner.handlers import scans as handlers

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported


FILM = "Heat (1995)/Heat (1995).mkv"


async def test_a_scan_of_which_two_workers_hear_is_done_once(shelf: Shelf) -> None:
    for number in range(1, 20):
        shelf.video(f"Lost/Season 1/Lost S01E{number:02}.mkv", title="the same in all")
    order = await shelf.ordered()

    await asyncio.gather(jobs.scan_library(order, shelf.app), jobs.scan_library(order, shelf.app))

    found = await shelf.found()
    assert len({file.id for file in found}) == len(found) == 19
    assert len(await shelf.told(library.scan_started)) == 1
    assert len(await shelf.told(library.scan_done)) == 1


async def test_a_cancelled_scan_stops_at_once_and_is_done_once(shelf: Shelf) -> None:
    for number in range(1, 1501):
        shelf.video(f"Lost/Season 1/Lost S01E{number:04}.mkv", title="the same in all")
    order = await shelf.ordered()
    working = asyncio.create_task(jobs.scan_library(order, shelf.app))
    await eventually(shelf.found)

    async with shelf.app.db.begin() as tx:
        await handlers.cancel_scan(library.CancelScan(order.library_id, order.scan_id), tx)
    began = time.monotonic()
    await working

    assert time.monotonic() - began < 10
    scan = await shelf.state_of(order.scan_id)
    assert scan.status is ScanStatus.CANCELLED
    assert scan.completed_at is not None
    assert len(await shelf.found()) < 1500
    (done,) = await shelf.told(library.scan_done)
    assert done.scan.status is ScanStatus.CANCELLED


async def test_a_scan_that_was_cancelled_before_it_began_does_nothing(shelf: Shelf) -> None:
    shelf.video(FILM)
    order = await shelf.ordered()
    async with shelf.app.db.begin() as tx:
        await handlers.cancel_scan(library.CancelScan(order.library_id, order.scan_id), tx)

    await jobs.scan_library(order, shelf.app)

    assert await shelf.found() == []
    assert await shelf.told(library.scan_started) == []


async def test_the_scan_of_a_library_that_is_deleted_meanwhile_does_nothing(shelf: Shelf) -> None:
    order = await shelf.ordered()
    async with shelf.app.db.begin() as tx:
        await tx.run("delete from library where id = %(id)s", id=order.library_id)

    await jobs.scan_library(order, shelf.app)

    assert await shelf.told(library.scan_started) == []


async def test_progress_is_told_while_a_scan_runs_but_not_more_than_once_a_second(
    shelf: Shelf,
) -> None:
    for number in range(1, 1001):
        shelf.video(f"Lost/Season 1/Lost S01E{number:04}.mkv", title="the same in all")

    began = time.monotonic()
    await shelf.scan()
    took = time.monotonic() - began

    told = [event.scan for event in await shelf.told(library.scan_progressed)]
    assert 1 <= len(told) <= took + 1
    scanned = [scan.items_scanned for scan in told]
    assert scanned == sorted(scanned)
    assert {scan.items_total for scan in told} <= {0, 1000}  # 0 while that is not known
    assert {scan.status for scan in told} == {ScanStatus.RUNNING}


@asynccontextmanager
async def a_process(url: str, at: settings.Nats) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The service as it runs in production; killed when the block ends."""
    environ = os.environ | {"REVENGE_DATABASE_URL": url, "REVENGE_NATS_URL": at.url}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "revenge.library_scanner",
        env=environ,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stored(shelf: Shelf) -> int:
    async with shelf.app.db.read() as rows:
        return await rows.one(
            int,
            "select count(*) from file where library_id = %(id)s",
            id=shelf.library.id,
        )


async def test_a_scan_that_is_taken_up_again_counts_all_that_it_found(shelf: Shelf) -> None:
    for number in range(1, 401):
        shelf.video(f"Lost/Season 1/Lost S01E{number:03}.mkv", title="the same in all")
    shelf.write("Bad (2000)/Bad (2000).mkv", b"not a film at all" * 1000)
    (shelf.root / "Away (2001)").symlink_to("nowhere")
    order = await shelf.ordered()
    working = asyncio.create_task(jobs.scan_library(order, shelf.app))
    await eventually(shelf.found)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    await jobs.scan_library(order, shelf.app)

    scan = await shelf.state_of(order.scan_id)
    assert (scan.status, scan.items_added) == (ScanStatus.COMPLETED, 400)
    assert scan.error_count == 2


async def test_a_full_scan_that_is_taken_up_again_reads_each_file_once(shelf: Shelf) -> None:
    for number in range(1, 401):
        shelf.video(f"Lost/Season 1/Lost S01E{number:03}.mkv", title="the same in all")
    await shelf.scan()
    order = await shelf.ordered(ScanType.FULL)
    working = asyncio.create_task(jobs.scan_library(order, shelf.app))

    async def again() -> bool:
        return any(file.revision == 2 for file in await shelf.found())

    await eventually(again)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    await jobs.scan_library(order, shelf.app)

    scan = await shelf.state_of(order.scan_id)
    assert (scan.status, scan.items_updated) == (ScanStatus.COMPLETED, 400)
    assert max(file.revision for file in await shelf.found()) == 2


async def test_a_scan_ends_when_its_library_is_deleted(shelf: Shelf) -> None:
    for number in range(1, 1501):
        shelf.video(f"Lost/Season 1/Lost S01E{number:04}.mkv", title="the same in all")
    order = await shelf.ordered()
    working = asyncio.create_task(jobs.scan_library(order, shelf.app))
    await eventually(shelf.found)

    async with shelf.app.db.begin() as tx:
        await tx.run("delete from library where id = %(id)s", id=order.library_id)
    await working

    assert len(await shelf.found()) < 1500
    assert await shelf.told(library.scan_done) == []


async def test_a_scan_that_is_killed_goes_on_where_it_was(
    shelf: Shelf, database_url: str, nats: settings.Nats, bus: Bus
) -> None:
    scan, events = await killed_and_done(shelf, database_url, nats, bus)

    assert scan.status is ScanStatus.COMPLETED
    found = [id for id, subject in events if subject == library.files_found.subject]
    assert len(found) == len(set(found)) == 400
    subjects = [subject for _, subject in events]
    assert subjects.count(library.scan_started.subject) == 1
    assert subjects.count(library.scan_done.subject) == 1


async def killed_and_done(
    shelf: Shelf, url: str, at: settings.Nats, bus: Bus
) -> tuple[library.LibraryScan, list[tuple[Any, str]]]:
    """The scan, and what was told: an id and a subject for each file, a subject for the rest."""
    for number in range(1, 401):
        shelf.video(f"Lost/Season 1/Lost S01E{number:03}.mkv", title="the same in all")
    order = await shelf.ordered()
    async with a_process(url, at) as first:
        await eventually(lambda: stored(shelf), within=30)
        first.kill()
        await first.wait()
    assert await stored(shelf) < 400

    async def done() -> bool:
        return (await shelf.state_of(order.scan_id)).completed_at is not None

    async with a_process(url, at):
        await eventually(done, within=70)
        await eventually(lambda: nothing_left(shelf), within=10)
    return await shelf.state_of(order.scan_id), await heard(bus)


async def nothing_left(shelf: Shelf) -> bool:
    async with shelf.app.db.read() as rows:
        return await rows.one(bool, "select not exists (select from outbox)")


async def heard(bus: Bus) -> list[tuple[Any, str]]:
    info = await bus.js.stream_info("EVENTS")
    told: list[tuple[Any, str]] = []
    async for event in follow(bus, "event.library.>", after=0):
        if event.subject == library.files_found.subject:
            files = msgspec.json.decode(event.payload, type=library.FilesFound).files
            told += [(file.id, event.subject) for file in files]
        else:
            told.append((None, event.subject))
        if event.sequence >= info.state.last_seq:
            return told
    return told
