"""Listening to folders, up to the limits of the system."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from revenge.contracts.paths import to_os
from revenge.library_scanner.watching.comparing import Heard
from revenge.library_scanner.watching.listening import OddName, listen

SOON = 20.0  # seconds, on a machine that has other things to do


async def the_next_change(changes: AsyncGenerator[Heard]) -> Heard:
    async with asyncio.timeout(SOON):
        return await anext(batch async for batch in changes if batch)


@pytest.mark.parametrize("poll_ms", [None, 50])
async def test_after_the_first_answer_no_change_is_missed(
    poll_ms: int | None, tmp_path: Path
) -> None:
    (tmp_path / "Heat").mkdir()
    async with aclosing(listen([str(tmp_path)], poll_ms)) as changes:
        first = await anext(changes)
        (tmp_path / "Heat/Heat.mkv").touch()

        heard = await the_next_change(changes)

    assert first == frozenset()
    assert str(tmp_path / "Heat/Heat.mkv") in heard


async def test_a_folder_that_is_not_there_cannot_be_listened_to(tmp_path: Path) -> None:
    async with aclosing(listen([str(tmp_path / "nothing")])) as changes:
        with pytest.raises(FileNotFoundError):
            await anext(changes)


@pytest.mark.parametrize("poll_ms", [None, 50])
async def test_links_in_a_circle_and_to_nothing_keep_nobody_from_listening(
    poll_ms: int | None, tmp_path: Path
) -> None:
    (tmp_path / "Heat").mkdir()
    (tmp_path / "Heat/up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "dead").symlink_to("nothing")
    async with aclosing(listen([str(tmp_path)], poll_ms)) as changes:
        await anext(changes)
        (tmp_path / "Heat/Heat.mkv").touch()

        assert str(tmp_path / "Heat/Heat.mkv") in await the_next_change(changes)


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder whose name is not UTF-8."""
    folder = Path(to_os(f"{tmp_path}/Caf\ufffdE9"))
    folder.mkdir()
    return folder


async def test_a_name_that_is_not_utf_8_is_told_by_comparing_only(
    tmp_path: Path, odd: Path
) -> None:
    async with aclosing(listen([str(tmp_path)])) as changes:
        with pytest.raises(OddName, match=r"Caf.*is not UTF-8"):
            await the_next_change(changes)

    async with aclosing(listen([str(tmp_path)], 50)) as changes:
        await anext(changes)
        (odd / "film.mkv").touch()
        assert str(odd / "film.mkv") in await the_next_change(changes)


async def test_a_folder_that_goes_and_one_that_comes_are_found_by_comparing(tmp_path: Path) -> None:
    (tmp_path / "Heat").mkdir()
    async with aclosing(listen([str(tmp_path)], 50)) as changes:
        await anext(changes)
        (tmp_path / "Heat").rename(tmp_path / "Ronin")

        heard: set[str] = set()
        while len(heard) < 2:
            heard |= await the_next_change(changes)

    assert heard == {str(tmp_path / "Heat"), str(tmp_path / "Ronin")}


# In a user namespace of its own a process may lower its limits without touching those of others.
LIMITED = """
import asyncio, sys
from pathlib import Path
from revenge.library_scanner.watching.listening import listen, what_lacks

async def main(limit, number, folder, also):
    Path("/proc/sys/user", limit).write_text(number)
    try:
        changes = listen([folder])
        await anext(changes)
    except Exception as error:
        print("listening:", type(error).__name__)
        return
    print("listening:", None)
    Path(folder, "new").mkdir()
    await anext(batch async for batch in changes if batch)
    print("one more:", type(what_lacks(also)).__name__)
    await changes.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


def limited(limit: str, number: int, folder: Path) -> list[str]:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-Ur", "true"], check=False).returncode:
        pytest.skip("this machine lets nobody make a user namespace")
    command = [unshare, "-Ur", sys.executable, "-c", LIMITED, limit, str(number)]
    done = subprocess.run(
        [*command, str(folder), str(folder / "1")],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With nine folders in it: ten watches."""
    for number in range(9):
        (tmp_path / str(number)).mkdir()
    return tmp_path


def test_too_few_watches_are_told(folder: Path) -> None:
    assert limited("max_inotify_watches", 5, folder) == ["listening: NoMoreWatches"]


def test_too_few_listeners_are_told(folder: Path) -> None:
    assert limited("max_inotify_instances", 0, folder) == ["listening: NoMoreListeners"]


def test_that_a_new_folder_could_not_be_watched_can_be_known(folder: Path) -> None:
    """Nothing tells: only one more watch, which the system refuses, shows it."""
    assert limited("max_inotify_watches", 11, folder) == [
        "listening: None",
        "one more: NoMoreWatches",
    ]


def test_while_there_is_room_nothing_lacks(folder: Path) -> None:
    assert limited("max_inotify_watches", 1000, folder) == [
        "listening: None",
        "one more: NoneType",
    ]
