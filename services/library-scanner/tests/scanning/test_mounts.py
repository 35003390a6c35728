"""Disks that are mounted below a root: one that is away takes nothing with it."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from revenge.contracts import library
from revenge.contracts.library import ScanStatus, ScanType
from revenge.embedded.testing._disks import Disks
from revenge.library_scanner.scanning.scan import RootsLost
from revenge.library_scanner.store import folders
from revenge.library_scanner.walk import Folder, walk

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported

FILM = "Heat (1995)/Heat (1995).mkv"
ON_DISK = "Disk/Ronin (1998)/Ronin (1998).mkv"


async def call_a_mount(shelf: Shelf, folder: str) -> None:
    """As if it had been one when it was scanned: to mount a disk takes a privilege."""
    async with shelf.app.db.begin() as tx:
        signed = (await folders.signatures(tx, shelf.library.id))[str(shelf.root / folder)]
        was = signed._replace(is_mount=True)
        await folders.sign(tx, shelf.library.id, {str(shelf.root / folder): was})


async def test_a_folder_on_a_disk_of_its_own_is_known_as_one(shelf: Shelf, disks: Disks) -> None:
    disks.mount(shelf.root / "Shows/Disk")
    shelf.video("Shows/Disk/Lost/Lost S01E01.mkv")

    await shelf.scan()

    async with shelf.app.db.read() as rows:
        assert await folders.mounts(rows, shelf.library.id) == [str(shelf.root / "Shows/Disk")]


def test_a_link_to_the_top_of_a_disk_is_one_too(tmp_path: Path, disks: Disks) -> None:
    disks.mount(tmp_path / "disk")
    (tmp_path / "disk/films").mkdir()
    (tmp_path / "library").mkdir()
    (tmp_path / "library/top").symlink_to(tmp_path / "disk")
    (tmp_path / "library/in it").symlink_to(tmp_path / "disk/films")

    found = [item for item in walk(str(tmp_path / "library")) if isinstance(item, Folder)]

    assert [folder.relative for folder in found if folder.is_mount] == ["top"]


async def test_a_disk_that_is_unmounted_takes_nothing_with_it_and_says_so_once(
    shelf: Shelf, disks: Disks
) -> None:
    disks.mount(shelf.root / "Disk")
    shelf.video(FILM)
    shelf.video(ON_DISK)
    await shelf.scan()
    disks.unmount(shelf.root / "Disk")

    first, second = await shelf.scan(), await shelf.scan()

    assert await shelf.gone() == []
    assert (first.status, second.status) == (ScanStatus.COMPLETED, ScanStatus.COMPLETED)
    assert str(shelf.root / "Disk") in (await shelf.now()).problem
    (warning,) = await shelf.told(library.library_warned)
    assert warning.code == "root_missing"


async def test_a_disk_that_comes_back_is_as_it_was(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(ON_DISK)
    await shelf.scan()
    await call_a_mount(shelf, "Disk")
    away = (shelf.root / "Disk").rename(shelf.root.with_name("unmounted"))
    (shelf.root / "Disk").mkdir()
    await shelf.scan()
    (shelf.root / "Disk").rmdir()
    away.rename(shelf.root / "Disk")

    scan = await shelf.scan()

    assert (scan.status, scan.items_scanned, scan.items_added) == (ScanStatus.COMPLETED, 2, 0)
    assert (await shelf.now()).problem is None
    assert await shelf.gone() == []


@pytest.mark.parametrize("leaves_a_folder", [True, False])
async def test_the_rest_of_the_library_is_scanned_while_a_disk_is_away(
    shelf: Shelf, *, leaves_a_folder: bool
) -> None:
    shelf.video(FILM)
    shelf.video("Disk/Ronin (1998).mkv")
    shelf.video(ON_DISK)
    await shelf.scan()
    await call_a_mount(shelf, "Disk")
    shutil.rmtree(shelf.root / "Disk")
    if leaves_a_folder:
        (shelf.root / "Disk").mkdir()
    shutil.rmtree(shelf.root / "Heat (1995)")
    shelf.video("Alien (1979)/Alien (1979).mkv")

    scan = await shelf.scan()

    ids = {file.parsed.title: file.id for file in await shelf.found()}
    assert await shelf.gone() == [ids["Heat"]]
    assert (scan.status, scan.items_added) == (ScanStatus.COMPLETED, 1)


@pytest.mark.parametrize("leaves_a_folder", [True, False])
async def test_a_full_scan_lets_go_of_a_disk_that_stays_away(
    shelf: Shelf, *, leaves_a_folder: bool
) -> None:
    shelf.video(FILM)
    shelf.video(ON_DISK)
    await shelf.scan()
    await call_a_mount(shelf, "Disk")
    shutil.rmtree(shelf.root / "Disk")
    if leaves_a_folder:
        (shelf.root / "Disk").mkdir()
    await shelf.scan()

    await shelf.scan(ScanType.FULL)
    again = await shelf.scan()

    ids = {file.parsed.title: file.id for file in await shelf.found()}
    assert await shelf.gone() == [ids["Ronin"]]
    assert (again.items_removed, (await shelf.now()).problem) == (0, None)


async def test_what_lies_on_a_disk_that_is_away_has_not_moved(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(ON_DISK, title="the same")
    await shelf.scan()
    await call_a_mount(shelf, "Disk")
    shutil.rmtree(shelf.root / "Disk")
    (shelf.root / "Disk").mkdir()
    shelf.video("Ronin (1998)/Ronin (1998).mkv", title="the same")

    scan = await shelf.scan()

    assert (scan.items_added, await shelf.told(library.files_moved)) == (1, [])


async def test_a_folder_that_holds_something_in_place_of_a_disk_is_taken_as_it_is(
    shelf: Shelf,
) -> None:
    shelf.video(FILM)
    shelf.video(ON_DISK)
    await shelf.scan()
    await call_a_mount(shelf, "Disk")
    shutil.rmtree(shelf.root / "Disk")
    shelf.video("Disk/Alien (1979)/Alien (1979).mkv")

    await shelf.scan()

    ids = {file.parsed.title: file.id for file in await shelf.found()}
    assert await shelf.gone() == [ids["Ronin"]]


async def test_a_disk_that_is_away_loses_nothing_when_its_folder_is_looked_at_alone(
    shelf: Shelf,
) -> None:
    shelf.video(FILM)
    shelf.video(ON_DISK)
    await shelf.scan()
    await call_a_mount(shelf, "Disk")
    shutil.rmtree(shelf.root / "Disk")
    (shelf.root / "Disk").mkdir()

    with pytest.raises(RootsLost, match="a disk of its own"):
        await shelf.app.scanner.scan_unit(shelf.library, str(shelf.root), "Disk")

    assert await shelf.gone() == []
