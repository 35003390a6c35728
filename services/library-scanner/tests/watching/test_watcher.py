"""Which libraries are watched, and by whom."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from revenge.contracts import library
from revenge.contracts.library import Watch
from revenge.embedded.ports import free_ports
from revenge.kit import Database, settings
from revenge.kit.testing import eventually, running
from revenge.library_scanner.__main__ import ScannerSettings, start
from revenge.library_scanner.handlers import libraries
from revenge.library_scanner.watching import libraries as watched_libraries
from revenge.library_scanner.watching import watcher

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]
Heard = Any  # what the bus tells: the same

FILM = "Heat (1995)/Heat (1995).mkv"

# on a busy machine: 2 s are promised of an idle one, and measured by the benchmark


async def test_what_happened_while_nobody_watched_is_caught_up_with(
    make_shelf: MakeShelf, heard: Heard, database_url: str, nats: settings.Nats
) -> None:
    shelf = await make_shelf(realtime_monitoring=True)
    path = shelf.video(FILM)
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )

    async with running("library-scanner", configured, start):
        file = await eventually(lambda: heard.file(path))

    assert file.parsed.title == "Heat"


async def test_a_library_that_is_no_longer_to_be_watched_is_not(watched: Shelf) -> None:
    await watched.set_realtime_monitoring(on=False)

    await eventually(lambda: watched.is_watched(Watch.OFF))


async def test_a_change_of_its_folders_counts_at_once(
    watched: Shelf, heard: Heard, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    await libraries.update_library(
        library.UpdateLibrary(watched.library.id, paths=(str(watched.root), str(other))),
        watched.app.db,
    )
    await eventually(lambda: watched.is_watched(Watch.EVENTS))
    path = watched.age(watched.videos.make(other / "Ronin (1998)/Ronin (1998).mkv"))

    file = await eventually(lambda: heard.file(path))

    assert file.parsed.title == "Ronin"


async def test_a_library_that_is_deleted_is_not_counted_any_more(watched: Shelf) -> None:
    async with watched.app.db.begin() as tx:
        await libraries.delete_library(library.DeleteLibrary(watched.library.id), tx)

    async def is_forgotten() -> bool:
        return watched.counted() is None

    await eventually(is_forgotten)


async def test_a_watcher_outlives_a_database_that_is_away(unwatched: Shelf) -> None:
    (nobody,) = free_ports(1)
    away = settings.Database(url=f"postgresql://nobody@127.0.0.1:{nobody}/none")
    async with Database.connect(away, "library-scanner") as db:
        app = dataclasses.replace(unwatched.app, db=db)
        working = asyncio.create_task(watcher.Watcher(app, unwatched.library).run())
        done, _ = await asyncio.wait([working], timeout=8)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    assert not done


async def test_of_two_replicas_one_watches(
    watched: Shelf, heard: Heard, database_url: str, nats: settings.Nats
) -> None:
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )
    async with running("library-scanner", configured, start):
        await asyncio.sleep(3)  # until it would watch as well
        path = watched.videos.make(watched.root / "Ronin (1998).mkv", title="Ronin")

        await eventually(lambda: heard.file(path))
        await asyncio.sleep(2)

    assert [file.revision for file in heard.files() if file.path == str(path)] == [1]


async def test_watching_goes_on_while_the_database_is_away(shelf: Shelf) -> None:
    (nobody,) = free_ports(1)
    away = settings.Database(url=f"postgresql://nobody@127.0.0.1:{nobody}/none")
    async with Database.connect(away, "library-scanner") as db:
        app = dataclasses.replace(shelf.app, db=db)
        working = asyncio.create_task(asyncio.sleep(60))
        watched = {shelf.library.id: (shelf.library, working)}
        try:
            await watched_libraries._adjust(app, watched)

            assert not working.done()
        finally:
            working.cancel()
