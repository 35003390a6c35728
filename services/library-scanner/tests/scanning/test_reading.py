"""Files that cannot be read, or not yet."""

import asyncio
import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from revenge.contracts import library
from revenge.contracts.library import LibraryScan, ScanStatus, ScanType
from revenge.contracts.media import Media
from revenge.library_scanner import jobs
from revenge.library_scanner.handlers import retries
from revenge.library_scanner.probe.messages import Identity
from revenge.library_scanner.probe.prober import Prober, ProbeTooLong
from revenge.library_scanner.scanning.scan import Scanner
from revenge.library_scanner.scanning.telling import TOGETHER
from revenge.library_scanner.store import files

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported


FILM = "Heat (1995)/Heat (1995).mkv"
EPISODE = "Lost/Season 1/Lost S01E02 Tabula Rasa.mkv"


async def test_a_corrupt_file_is_set_aside_with_its_reason_and_the_rest_goes_on(
    shelf: Shelf,
) -> None:
    shelf.video(FILM)
    bad = shelf.write("Bad (2000)/Bad (2000).mkv", b"not a film at all" * 1000)

    scan = await shelf.scan()

    (failure,) = await shelf.failures()
    assert (failure.path, failure.reason) == (str(bad), "it is damaged, or no media at all")
    assert [file.path for file in await shelf.found()] == [str(shelf.root / FILM)]
    assert (scan.status, scan.items_added, scan.error_count) == (ScanStatus.COMPLETED, 1, 1)


async def test_a_corrupt_file_that_is_mended_becomes_a_title(shelf: Shelf) -> None:
    shelf.write(FILM, b"not a film at all" * 1000)
    await shelf.scan()
    shelf.video(FILM)

    scan = await shelf.scan()

    assert await shelf.failures() == []
    assert [file.path for file in await shelf.found()] == [str(shelf.root / FILM)]
    assert scan.items_added == 1


async def test_a_corrupt_file_is_tried_again_only_by_a_full_scan(shelf: Shelf) -> None:
    shelf.write(FILM, b"not a film at all" * 1000)
    await shelf.scan()

    incremental, full = await shelf.scan(), await shelf.scan(ScanType.FULL)

    assert (incremental.error_count, full.error_count) == (0, 1)
    assert len(await shelf.failures()) == 1


async def test_an_empty_file_is_no_title(shelf: Shelf) -> None:
    shelf.write(FILM, b"")

    await shelf.scan()

    assert await shelf.found() == []
    assert [failure.reason for failure in await shelf.failures()] == ["the file is empty"]


async def test_a_title_whose_file_is_spoilt_is_gone_until_it_is_mended(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    shelf.write(FILM, b"not a film at all" * 1000)
    await shelf.scan()
    shelf.video(FILM)

    await shelf.scan()

    before, after = await shelf.found()
    assert await shelf.gone() == [before.id]
    assert (after.id, after.revision > before.revision) == (before.id, True)


async def test_a_file_that_was_written_a_moment_ago_is_found_at_once(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    os.utime(path)

    assert (await shelf.scan()).items_added == 1


async def test_a_file_that_is_still_being_written_waits_for_the_next_scan(shelf: Shelf) -> None:
    path = shelf.video(FILM)

    async def write_on() -> None:
        while True:
            with path.open("ab") as file:
                file.write(b"more")
            await asyncio.sleep(0.05)

    writing = asyncio.create_task(write_on())
    first = await shelf.scan()
    writing.cancel()
    shelf.age(path)
    second = await shelf.scan()

    assert (first.items_added, second.items_added) == (0, 1)


async def test_a_file_from_the_future_is_a_title_as_well(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    shelf.age(path, -7 * 24 * 3600)

    await shelf.scan()

    assert len(await shelf.found()) == 1


class Meddler(Prober):
    """Something happens to each file after it was walked past, and before it is read."""

    def __init__(self, happens: Callable[[Path], object]) -> None:
        super().__init__(1)
        self._happens = happens

    async def identify(self, path: str) -> tuple[Media, Identity]:
        self._happens(Path(path))
        return await super().identify(path)


async def scan_while(shelf: Shelf, happens: Callable[[Path], object]) -> LibraryScan:
    async with Meddler(happens) as prober:
        app = dataclasses.replace(shelf.app, scanner=Scanner(shelf.app.db, prober))
        scan: LibraryScan = await dataclasses.replace(shelf, app=app).scan()
        return scan


async def test_a_file_that_is_deleted_before_it_is_read_is_no_failure(shelf: Shelf) -> None:
    shelf.video(FILM)

    scan = await scan_while(shelf, Path.unlink)

    assert (scan.status, scan.error_count) == (ScanStatus.COMPLETED, 0)
    assert (await shelf.found(), await shelf.failures()) == ([], [])


async def test_a_file_that_is_cut_while_it_is_read_is_left_to_the_next_scan(shelf: Shelf) -> None:
    path = shelf.video(FILM)

    scan = await scan_while(shelf, lambda path: os.truncate(path, 100))

    assert (scan.error_count, await shelf.failures()) == (0, [])
    shelf.age(path)
    assert (await shelf.scan()).error_count == 1


async def test_a_file_that_is_replaced_while_it_is_read_is_told_as_what_it_is_then(
    shelf: Shelf,
) -> None:
    shelf.video(FILM)

    await scan_while(shelf, lambda _: shelf.video(FILM, title="the director's cut", seconds=2))
    first = await shelf.found()
    await shelf.scan()

    (file,) = await shelf.found()
    assert first == []
    assert file.media.duration == pytest.approx(2, abs=0.2)


async def test_what_was_read_is_told_while_the_walk_goes_on(shelf: Shelf) -> None:
    for number in range(3 * TOGETHER):
        shelf.video(f"Film {number:03} (1999)/Film {number:03} (1999).mkv", title="the same")

    await shelf.scan()

    told = await shelf.told(library.files_found)
    assert len(told) >= 3
    assert sum(len(event.files) for event in told) == 3 * TOGETHER


class Waiting(Prober):
    """Its disk does not answer."""

    async def identify(self, path: str) -> tuple[Media, Identity]:
        raise ProbeTooLong(f"reading {path} took too long")


async def test_a_film_stays_as_it_was_when_a_full_scan_waits_for_its_disk_in_vain(
    shelf: Shelf,
) -> None:
    shelf.video(FILM)
    await shelf.scan()
    late = shelf.video("Ronin (1998)/Ronin (1998).mkv")

    async with Waiting() as prober:
        app = dataclasses.replace(shelf.app, scanner=Scanner(shelf.app.db, prober))
        await dataclasses.replace(shelf, app=app).scan(ScanType.FULL)

    assert await shelf.gone() == []
    assert [(file.path, file.reason) for file in await shelf.failures()] == [
        (str(late), f"reading {late} took too long")
    ]


async def test_a_failed_file_is_read_again_when_that_is_asked_for(shelf: Shelf) -> None:
    path = shelf.write(FILM, b"not a film at all" * 1000)
    await shelf.scan()
    as_it_was = path.stat()
    (failure,) = await shelf.failures()

    async with shelf.app.db.begin() as tx:
        retried = await files.retry(tx, shelf.library.id, [failure.id])
    scan = await shelf.scan()

    assert path.stat().st_mtime_ns == as_it_was.st_mtime_ns
    assert (retried, scan.error_count, len(await shelf.failures())) == (1, 1, 1)


async def test_a_retry_is_refused_while_a_scan_goes_on_and_leaves_all_as_it_was(
    shelf: Shelf,
) -> None:
    shelf.write(FILM, b"not a film at all" * 1000)
    await shelf.scan()
    await shelf.ordered()

    with pytest.raises(library.ScanRunning):
        async with shelf.app.db.begin() as tx:
            await retries.retry_failures(library.RetryFailures(shelf.library.id), tx)

    async with shelf.app.db.read() as rows:
        (row,) = await files.in_folders(rows, shelf.library.id, [str(shelf.root / "Heat (1995)")])
    assert row.mtime_ns > 0


async def test_a_retry_is_a_scan_that_reads_what_failed_and_nothing_else(shelf: Shelf) -> None:
    path = shelf.write(FILM, b"not a film at all" * 1000)
    shelf.video(EPISODE)
    await shelf.scan()
    then = path.stat().st_mtime_ns
    size = path.stat().st_size
    film = shelf.videos.make(shelf.root.with_name("mended.mkv"), title="mended").read_bytes()
    path.write_bytes(film[:size].ljust(size, b"\0"))  # nothing of it tells that it was mended
    os.utime(path, ns=(then, then))

    async with shelf.app.db.begin() as tx:
        scan = await retries.retry_failures(library.RetryFailures(shelf.library.id), tx)
    order = library.ScanLibrary(shelf.library.id, scan.id, scan.scan_type)
    await jobs.scan_library(order, shelf.app)

    done = await shelf.state_of(scan.id)
    assert (done.items_added, done.items_updated, done.items_scanned) == (1, 0, 2)
    assert await shelf.failures() == []


async def test_a_file_that_moves_and_changes_while_it_is_looked_at_is_not_left_behind(
    shelf: Shelf,
) -> None:
    path = shelf.write(FILM, b"not a film at all" * 1000)
    shelf.video(EPISODE)
    await shelf.scan()
    shelf.video(FILM)
    await shelf.scan()
    (shelf.root / "Films").mkdir()
    moved = path.rename(shelf.root / "Films/Heat (1995).mkv")
    path.parent.rmdir()
    async with shelf.app.db.begin() as tx:  # so that it is probed on its way
        await tx.run("update file set media = null where name = %(name)s", name=path.name)

    await scan_while(shelf, lambda _: shelf.video("Films/Heat (1995).mkv", seconds=2))
    await shelf.scan()

    (episode, *heat) = sorted(await shelf.found(), key=lambda file: file.kind)
    assert heat[-1].path == str(moved)
    assert heat[-1].media.duration == pytest.approx(2, abs=0.2)
    async with shelf.app.db.read() as rows:
        left = await files.in_folders(rows, shelf.library.id, [str(path.parent)])
    assert (left, episode.path) == ([], str(shelf.root / EPISODE))
