"""Roots and folders that cannot be reached: what is known in them is kept."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from revenge.contracts import library
from revenge.contracts.library import ScanStatus
from revenge.kit.testing import eventually
from revenge.library_scanner import jobs
from revenge.library_scanner.handlers import scans as handlers
from revenge.library_scanner.scanning import threads
from revenge.library_scanner.scanning.scan import RootsLost

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
HangingDisk = Any  # the same

FILM = "Heat (1995)/Heat (1995).mkv"
EPISODE = "Lost/Season 1/Lost S01E02 Tabula Rasa.mkv"


async def test_a_root_that_is_gone_takes_nothing_with_it_and_says_so_once(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    shelf.root.rename(shelf.root.with_name("unmounted"))

    first, _ = await shelf.scan(), await shelf.scan()

    assert await shelf.gone() == []
    assert first.status is ScanStatus.FAILED
    assert str(shelf.root) in (await shelf.now()).problem
    (warning,) = await shelf.told(library.library_warned)
    assert (warning.code, warning.library_name) == ("root_missing", shelf.library.name)


async def test_a_root_that_comes_back_is_as_it_was(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    away = shelf.root.rename(shelf.root.with_name("unmounted"))
    await shelf.scan()
    away.rename(shelf.root)

    scan = await shelf.scan()

    assert (scan.status, scan.items_scanned, scan.items_added) == (ScanStatus.COMPLETED, 1, 0)
    assert (await shelf.now()).problem is None
    assert len(await shelf.found()) == 1


async def test_a_root_that_is_empty_all_at_once_takes_nothing_with_it(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)")

    scan = await shelf.scan()

    assert (scan.status, await shelf.gone()) == (ScanStatus.FAILED, [])
    assert "empty" in (await shelf.now()).problem


async def test_a_root_that_is_to_be_empty_is_so_with_a_folder_in_it(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)")
    await shelf.scan()
    assert "make any folder in it" in (await shelf.now()).problem
    (shelf.root / "any folder").mkdir()

    await shelf.scan()

    assert len(await shelf.gone()) == 1
    assert (await shelf.now()).problem is None


async def test_an_empty_root_whose_films_lay_right_in_it_takes_nothing_with_it(
    shelf: Shelf,
) -> None:
    path = shelf.video("Heat (1995).mkv")
    await shelf.scan()
    path.unlink()

    await shelf.scan()

    assert await shelf.gone() == []


async def test_one_root_that_is_gone_does_not_keep_the_others_from_being_scanned(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.video(FILM)
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update library set paths = %(paths)s where id = %(id)s",
            paths=[str(tmp_path / "not mounted"), str(shelf.root)],
            id=shelf.library.id,
        )

    await shelf.scan()

    assert [file.path for file in await shelf.found()] == [str(shelf.root / FILM)]


@pytest.fixture
async def at_a_hanging_disk(shelf: Shelf, hanging_disk: HangingDisk) -> HangingDisk:
    """The first root of the library is one."""
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update library set paths = %(paths)s where id = %(id)s",
            paths=[str(hanging_disk.root), str(shelf.root)],
            id=shelf.library.id,
        )
    return hanging_disk


async def test_a_disk_that_does_not_answer_does_not_keep_the_others_from_being_scanned(
    shelf: Shelf, at_a_hanging_disk: HangingDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "SILENCE", 2.0)
    shelf.video(FILM)
    at_a_hanging_disk.hang()

    scan = await shelf.scan()

    assert [file.path for file in await shelf.found()] == [str(shelf.root / FILM)]
    assert scan.status is ScanStatus.COMPLETED
    assert f"{at_a_hanging_disk.root}: the disk does not answer" in (await shelf.now()).problem


async def test_a_scan_of_a_disk_that_does_not_answer_can_be_cancelled(
    shelf: Shelf, at_a_hanging_disk: HangingDisk
) -> None:
    at_a_hanging_disk.hang()
    order = await shelf.ordered()
    scanning = asyncio.create_task(jobs.scan_library(order, shelf.app))
    await eventually(lambda: shelf.told(library.scan_started))

    async with shelf.app.db.begin() as tx:
        await handlers.cancel_scan(library.CancelScan(order.library_id, order.scan_id), tx)

    async with asyncio.timeout(60):
        await scanning


async def test_what_lies_behind_a_link_that_leads_nowhere_has_not_gone(
    shelf: Shelf, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    shelf.video(EPISODE)
    shelf.videos.make(disk / "Heat (1995).mkv")
    shelf.age(disk / "Heat (1995).mkv")
    (shelf.root / "Heat (1995)").symlink_to(disk)
    await shelf.scan()
    disk.rename(tmp_path / "unplugged")

    scan = await shelf.scan()

    assert len(await shelf.found()) == 2
    assert (await shelf.gone(), scan.error_count) == ([], 1)


@pytest.mark.usefixtures("ordinary_threads")
async def test_what_lies_in_a_folder_that_cannot_be_read_has_not_gone(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    (shelf.root / "Heat (1995)").chmod(0)

    scan = await shelf.scan()

    (shelf.root / "Heat (1995)").chmod(0o755)
    assert (await shelf.gone(), scan.error_count) == ([], 1)


async def with_roots(shelf: Shelf, *roots: Path) -> None:
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update library set paths = %(paths)s where id = %(id)s",
            paths=[str(root) for root in roots],
            id=shelf.library.id,
        )


async def test_a_root_that_goes_keeps_its_files_while_others_lose_theirs(
    shelf: Shelf, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shelf.video(FILM)
    shelf.video(EPISODE)
    shelf.age(shelf.videos.make(other / "Ronin (1998)/Ronin (1998).mkv"))
    await with_roots(shelf, other, shelf.root)
    await shelf.scan()
    other.rename(tmp_path / "unmounted")
    shutil.rmtree(shelf.root / "Heat (1995)")

    scan = await shelf.scan()

    (heat,) = [file for file in await shelf.found() if file.parsed.title == "Heat"]
    assert await shelf.gone() == [heat.id]
    assert (scan.status, str(other) in scan.error_message) == (ScanStatus.COMPLETED, True)
    (warning,) = await shelf.told(library.library_warned)
    assert str(other) in warning.message
    assert str(shelf.root) not in warning.message


async def test_a_scan_fails_when_all_its_roots_are_gone(shelf: Shelf, tmp_path: Path) -> None:
    await with_roots(shelf, tmp_path / "one", tmp_path / "two")

    scan = await shelf.scan()

    assert scan.status is ScanStatus.FAILED


async def test_a_link_that_leads_nowhere_now_loses_nothing_when_it_is_looked_at_alone(
    shelf: Shelf, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    shelf.video(EPISODE)
    shelf.age(shelf.videos.make(disk / "Heat (1995).mkv"))
    (shelf.root / "Heat (1995)").symlink_to(disk)
    await shelf.scan()
    disk.rename(tmp_path / "unplugged")

    await shelf.app.scanner.scan_unit(shelf.library, str(shelf.root), "Heat (1995)")

    assert await shelf.gone() == []


async def test_a_file_that_is_a_link_to_nowhere_has_not_gone(shelf: Shelf, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    shelf.video(EPISODE)
    shelf.age(shelf.videos.make(disk / "Heat (1995).mkv"))
    (shelf.root / "Heat (1995).mkv").symlink_to(disk / "Heat (1995).mkv")
    await shelf.scan()
    disk.rename(tmp_path / "unplugged")
    away, _ = await shelf.scan(), await shelf.scan()
    (shelf.root / "Heat (1995).mkv").unlink()

    await shelf.scan()

    heat = next(file for file in await shelf.found() if file.parsed.title == "Heat")
    assert (away.items_removed, await shelf.gone()) == (0, [heat.id])


async def test_of_two_roots_that_are_looked_at_the_one_that_is_there_is(
    shelf: Shelf, tmp_path: Path
) -> None:
    await with_roots(shelf, tmp_path / "not mounted", shelf.root)
    shelf.video(FILM)
    places = [(str(tmp_path / "not mounted"), "Ronin"), (str(shelf.root), "Heat (1995)")]

    with pytest.raises(RootsLost, match="not mounted"):
        await shelf.app.scanner.scan_units(await shelf.now(), places)

    assert [file.path for file in await shelf.found()] == [str(shelf.root / FILM)]


async def test_links_in_a_circle_and_out_of_the_library_end(shelf: Shelf, tmp_path: Path) -> None:
    shelf.age(shelf.videos.make(tmp_path / "outside/Ronin (1998).mkv"))
    shelf.video(FILM)
    (shelf.root / "Heat (1995)/up").symlink_to(shelf.root)
    (shelf.root / "self").symlink_to("self")
    (shelf.root / "out").symlink_to(tmp_path / "outside")

    scan = await shelf.scan()

    titles = sorted(file.parsed.title for file in await shelf.found())
    assert (scan.status, titles) == (ScanStatus.COMPLETED, ["Heat", "Ronin"])
