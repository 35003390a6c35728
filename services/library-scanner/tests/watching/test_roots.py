"""Roots and disks that are watched, go away, and come back."""

import shutil
from collections.abc import Awaitable, Callable
from typing import Any

from revenge.contracts import library
from revenge.contracts.library import Watch
from revenge.embedded.testing._disks import Disks
from revenge.kit.testing import eventually

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]
Heard = Any  # what the bus tells: the same

# on a busy machine: 2 s are promised of an idle one, and measured by the benchmark


async def test_nothing_is_gone_when_the_root_goes_away(watched: Shelf, heard: Heard) -> None:
    watched.root.rename(watched.root.with_name("unmounted"))

    async def warned() -> list[Any]:
        return heard.of(library.library_warned)

    (warning,) = await eventually(warned)

    assert str(watched.root) in warning.message
    assert heard.of(library.files_gone) == []


async def test_a_root_that_comes_back_is_watched_again(watched: Shelf, heard: Heard) -> None:
    shutil.move(watched.root, watched.root.with_name("unmounted"))
    await eventually(lambda: watched.is_watched(Watch.UNREADABLE))
    shutil.copytree(watched.root.with_name("unmounted"), watched.root)
    await eventually(lambda: watched.is_watched(Watch.EVENTS))
    await eventually(watched.is_idle)

    path = watched.video("Ronin (1998)/Ronin (1998).mkv")

    await eventually(lambda: heard.file(path))
    assert (await watched.now()).problem is None


async def test_a_disk_below_a_root_that_is_unmounted_is_missed_soon_and_found_again_soon(
    watched: Shelf, heard: Heard, disks: Disks
) -> None:
    disk = watched.root / "Disk"
    disks.mount(disk)
    first = watched.video("Disk/Ronin (1998)/Ronin (1998).mkv")
    await eventually(lambda: heard.file(first))
    await eventually(watched.is_idle)

    disks.unmount(disk)
    await eventually(watched.has_problem)
    disks.mount(disk)
    second = watched.video("Disk/Alien (1979)/Alien (1979).mkv")

    await eventually(lambda: heard.file(second))


async def test_a_library_whose_root_is_away_says_so(make_shelf: MakeShelf, scanner: None) -> None:
    shelf = await make_shelf(realtime_monitoring=True)
    shelf.root.rmdir()
    assert scanner is None

    await eventually(lambda: shelf.is_watched(Watch.UNREADABLE))
