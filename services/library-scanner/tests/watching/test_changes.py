"""Files that come, grow, move and go in a folder that is watched."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from revenge.contracts import library
from revenge.contracts.library import FoundFile
from revenge.kit.testing import eventually

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
Heard = Any  # what the bus tells: the same

FILM = "Heat (1995)/Heat (1995).mkv"

# on a busy machine: 2 s are promised of an idle one, and measured by the benchmark


async def test_a_new_file_is_told_of_soon(watched: Shelf, heard: Heard) -> None:
    path = watched.videos.make(watched.root / "Ronin (1998)/Ronin (1998).mkv", title="Ronin")

    file = await eventually(lambda: heard.file(path))

    assert (file.parsed.title, file.revision) == ("Ronin", 1)


async def test_a_file_is_told_of_only_when_it_has_stopped_growing(
    watched: Shelf, heard: Heard, tmp_path: Path
) -> None:
    whole = watched.videos.make(tmp_path / "whole.mkv", title="Ronin", seconds=8).read_bytes()
    path = watched.root / "Ronin (1998).mkv"
    piece = len(whole) // 12 + 1
    with path.open("wb", buffering=0) as file:
        for at in range(0, len(whole), piece):
            file.write(whole[at : at + piece])
            await asyncio.sleep(0.25)
    before = await heard.file(path)

    file = await eventually(lambda: heard.file(path))

    assert before is None
    assert (file.size, file.revision) == (len(whole), 1)


async def test_a_file_that_grows_does_not_hold_up_another(watched: Shelf, heard: Heard) -> None:
    growing = watched.root / "Alien (1979).mkv"
    stop = asyncio.Event()

    async def grow() -> None:
        with growing.open("wb", buffering=0) as file:
            while not stop.is_set():
                file.write(b"x" * 1000)
                await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(grow())
        path = watched.videos.make(watched.root / "Ronin (1998)/Ronin (1998).mkv", title="Ronin")
        await eventually(lambda: heard.file(path))
        before = await heard.file(growing)
        stop.set()

    assert before is None


async def test_a_file_that_is_deleted_is_gone_soon(watched: Shelf, heard: Heard) -> None:
    watched.video("Ronin (1998)/Ronin (1998).mkv")
    await eventually(lambda: heard.file(watched.root / "Ronin (1998)/Ronin (1998).mkv"))
    (watched.root / "Ronin (1998)/Ronin (1998).mkv").unlink()

    async def gone() -> list[Any]:
        return heard.of(library.files_gone)

    (event,) = await eventually(gone)
    assert len(event.files) == 1


async def test_a_file_that_is_renamed_in_its_folder_keeps_its_identity(
    watched: Shelf, heard: Heard
) -> None:
    path = watched.root / FILM
    before = await watched.ids()
    renamed = path.rename(path.with_name("Heat (1995) Remux.mkv"))

    await eventually(lambda: heard.file(renamed))

    assert await watched.ids() == before
    assert heard.of(library.files_gone) == []


async def test_a_file_that_moves_to_another_folder_keeps_its_identity(
    watched: Shelf, heard: Heard
) -> None:
    path = watched.root / FILM
    before = await watched.ids()
    (watched.root / "Films").mkdir()
    moved = path.rename(watched.root / "Films/Heat (1995).mkv")

    await eventually(lambda: heard.file(moved))

    assert await watched.ids() == before


async def test_a_subtitle_that_comes_later_is_told_of_soon(watched: Shelf, heard: Heard) -> None:
    subtitle = watched.root / "Heat (1995)/Heat (1995).de.srt"
    subtitle.write_text("1\n00:00:00,000 --> 00:00:01,000\nHallo\n")

    async def again() -> FoundFile | None:
        return next((file for file in heard.files() if file.revision == 2), None)

    file = await eventually(again)

    assert file.path == str(watched.root / FILM)
    assert [track.path for track in file.media.subtitles] == [str(subtitle)]


async def test_a_thousand_changes_are_a_few_looks(watched: Shelf, heard: Heard) -> None:
    elsewhere = watched.root.with_name("prepared")
    for number in range(1, 1001):
        path = elsewhere / f"Season 1/Lost S01E{number:04}.mkv"
        watched.age(watched.videos.make(path, title="the same in all"))
    shutil.copytree(elsewhere, watched.root / "Lost")

    async def all_told() -> bool:
        return len({file.id for file in heard.files(watched.root / "Lost")}) == 1000

    await eventually(all_told)

    assert len(heard.files(watched.root / "Lost")) == 1000
    assert len(heard.of(library.scan_started)) <= 2  # the first one, and one to catch up
    assert len(heard.of(library.files_found)) <= 100  # as they are read, not one by one


async def test_a_folder_that_is_moved_in_is_told_of_with_all_its_files(
    watched: Shelf, heard: Heard
) -> None:
    elsewhere = watched.root.with_name("prepared")
    for number in (1, 2):
        watched.age(watched.videos.make(elsewhere / f"Season 1/Lost S01E0{number}.mkv"))
    elsewhere.rename(watched.root / "Lost")

    async def both() -> bool:
        return len(heard.files(watched.root / "Lost")) >= 2

    await eventually(both)

    assert len({file.path for file in heard.files(watched.root / "Lost")}) == 2
    assert len(heard.files(watched.root / "Lost")) == 2


@pytest.mark.parametrize("hidden", ["@eaDir", ".Trash", "Old"])
async def test_changes_in_folders_that_are_ignored_are_no_news(
    hidden: str, watched: Shelf, heard: Heard
) -> None:
    (watched.root / ".ignore").write_text("Old/\n")
    watched.video(f"{hidden}/Alien (1979)/Alien (1979).mkv")
    path = watched.video("Ronin (1998)/Ronin (1998).mkv")

    await eventually(lambda: heard.file(path))
    await eventually(watched.is_idle)

    assert heard.files(watched.root / hidden) == []


async def test_a_folder_that_is_ignored_from_now_on_is_gone(watched: Shelf, heard: Heard) -> None:
    watched.video("Ronin (1998)/Ronin (1998).mkv")
    await eventually(lambda: heard.file(watched.root / "Ronin (1998)/Ronin (1998).mkv"))
    (watched.root / ".plexignore").write_text("Ronin*\n")

    async def gone() -> list[Any]:
        return heard.of(library.files_gone)

    (event,) = await eventually(gone)
    assert len(event.files) == 1
