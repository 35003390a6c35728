"""Watching folders: the whole service, on a real bus, and files that come, grow, move and go."""

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from revenge.contracts import Event, library
from revenge.contracts.library import FoundFile, Watch
from revenge.embedded.ports import free_ports
from revenge.embedded.testing._disks import Disks
from revenge.kit import Bus, Database, settings
from revenge.kit.following import follow
from revenge.kit.testing import eventually, running
from revenge.library_scanner import folders
from revenge.library_scanner.__main__ import ScannerSettings, start
from revenge.library_scanner.handlers import libraries
from revenge.library_scanner.store import scans
from revenge.library_scanner.watching import libraries as watched_libraries
from revenge.library_scanner.watching import status as watch_status
from revenge.library_scanner.watching import watcher
from revenge.library_scanner.watching.listening import NoMoreListeners, NoMoreWatches, listen

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]

FILM = "Heat (1995)/Heat (1995).mkv"
# on a busy machine: 2 s are promised of an idle one, and measured by the benchmark
soon = partial(eventually, within=60.0)


@pytest.fixture
async def scanner(database_url: str, nats: settings.Nats) -> AsyncGenerator[None]:
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )
    async with running("library-scanner", configured, start):
        yield


@pytest.fixture
async def unwatched(make_shelf: MakeShelf, scanner: None) -> Shelf:
    """A library with a film, which is scanned."""
    shelf = await make_shelf()
    shelf.video(FILM)
    await shelf.scan()
    assert scanner is None
    return shelf


@pytest.fixture
async def watched(unwatched: Shelf) -> Shelf:
    """The same, and its folder is being watched."""
    shelf = unwatched
    await set_realtime_monitoring(shelf, on=True)
    await soon(lambda: is_watched(shelf, Watch.EVENTS))
    await soon(lambda: is_idle(shelf))
    return shelf


async def set_realtime_monitoring(shelf: Shelf, *, on: bool) -> None:
    await libraries.update_library(
        library.UpdateLibrary(shelf.library.id, realtime_monitoring=on), shelf.app.db
    )


async def is_idle(shelf: Shelf) -> bool:
    """Whether no scan waits or runs."""
    async with shelf.app.db.read() as rows:
        return all(
            scan.completed_at for scan in await scans.of_library(rows, shelf.library.id, 9, 0)
        )


async def is_watched(shelf: Shelf, how: Watch) -> bool:
    return (await shelf.now()).watch is how


async def has_problem(shelf: Shelf) -> bool:
    return (await shelf.now()).problem is not None


class Heard:
    """What the bus tells from the beginning."""

    def __init__(self) -> None:
        self.events: list[tuple[str, bytes]] = []

    def of(self, event: Event[Any]) -> list[Any]:
        return [
            msgspec.json.decode(payload, type=event.payload)
            for subject, payload in self.events
            if subject == event.subject
        ]

    def files(self, below: Path | None = None) -> list[FoundFile]:
        files = [file for event in self.of(library.files_found) for file in event.files]
        return [file for file in files if below is None or file.path.startswith(f"{below}/")]

    async def file(self, path: Path) -> FoundFile | None:
        return next((file for file in reversed(self.files()) if file.path == str(path)), None)


@pytest.fixture
async def heard(bus: Bus) -> AsyncGenerator[Heard]:
    told = Heard()

    async def listen() -> None:
        async for event in follow(bus, "event.library.>", after=0):
            told.events.append((event.subject, event.payload))

    listening = asyncio.create_task(listen())
    yield told
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_new_file_is_told_of_soon(watched: Shelf, heard: Heard) -> None:
    path = watched.videos.make(watched.root / "Ronin (1998)/Ronin (1998).mkv", title="Ronin")

    file = await soon(lambda: heard.file(path))

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

    file = await soon(lambda: heard.file(path))

    assert before is None
    assert (file.size, file.revision) == (len(whole), 1)


async def test_a_file_that_is_deleted_is_gone_soon(watched: Shelf, heard: Heard) -> None:
    watched.video("Ronin (1998)/Ronin (1998).mkv")
    await soon(lambda: heard.file(watched.root / "Ronin (1998)/Ronin (1998).mkv"))
    (watched.root / "Ronin (1998)/Ronin (1998).mkv").unlink()

    async def gone() -> list[Any]:
        return heard.of(library.files_gone)

    (event,) = await soon(gone)
    assert len(event.files) == 1


async def test_a_file_that_is_renamed_in_its_folder_keeps_its_identity(
    watched: Shelf, heard: Heard
) -> None:
    path = watched.root / FILM
    before = await known(watched)
    renamed = path.rename(path.with_name("Heat (1995) Remux.mkv"))

    await soon(lambda: heard.file(renamed))

    assert await known(watched) == before
    assert heard.of(library.files_gone) == []


async def test_a_file_that_moves_to_another_folder_keeps_its_identity(
    watched: Shelf, heard: Heard
) -> None:
    path = watched.root / FILM
    before = await known(watched)
    (watched.root / "Films").mkdir()
    moved = path.rename(watched.root / "Films/Heat (1995).mkv")

    await soon(lambda: heard.file(moved))

    assert await known(watched) == before


async def test_a_subtitle_that_comes_later_is_told_of_soon(watched: Shelf, heard: Heard) -> None:
    subtitle = watched.root / "Heat (1995)/Heat (1995).de.srt"
    subtitle.write_text("1\n00:00:00,000 --> 00:00:01,000\nHallo\n")

    async def again() -> FoundFile | None:
        return next((file for file in heard.files() if file.revision == 2), None)

    file = await soon(again)

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

    await soon(all_told)

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

    await soon(both)

    assert len({file.path for file in heard.files(watched.root / "Lost")}) == 2
    assert len(heard.files(watched.root / "Lost")) == 2


async def test_nothing_is_gone_when_the_root_goes_away(watched: Shelf, heard: Heard) -> None:
    watched.root.rename(watched.root.with_name("unmounted"))

    async def warned() -> list[Any]:
        return heard.of(library.library_warned)

    (warning,) = await soon(warned)

    assert str(watched.root) in warning.message
    assert heard.of(library.files_gone) == []


async def test_a_root_that_comes_back_is_watched_again(watched: Shelf, heard: Heard) -> None:
    shutil.move(watched.root, watched.root.with_name("unmounted"))
    await soon(lambda: is_watched(watched, Watch.UNREADABLE))
    shutil.copytree(watched.root.with_name("unmounted"), watched.root)
    await soon(lambda: is_watched(watched, Watch.EVENTS))
    await soon(lambda: is_idle(watched))

    path = watched.video("Ronin (1998)/Ronin (1998).mkv")

    await soon(lambda: heard.file(path))
    assert (await watched.now()).problem is None


async def test_a_disk_below_a_root_that_is_unmounted_is_missed_soon_and_found_again_soon(
    watched: Shelf, heard: Heard, disks: Disks
) -> None:
    disk = watched.root / "Disk"
    disks.mount(disk)
    first = watched.video("Disk/Ronin (1998)/Ronin (1998).mkv")
    await soon(lambda: heard.file(first))
    await soon(lambda: is_idle(watched))

    disks.unmount(disk)
    await soon(lambda: has_problem(watched))
    disks.mount(disk)
    second = watched.video("Disk/Alien (1979)/Alien (1979).mkv")

    await soon(lambda: heard.file(second))


async def test_a_library_whose_root_is_away_says_so(make_shelf: MakeShelf, scanner: None) -> None:
    shelf = await make_shelf(realtime_monitoring=True)
    shelf.root.rmdir()
    assert scanner is None

    await soon(lambda: is_watched(shelf, Watch.UNREADABLE))


async def test_an_unreadable_watch_is_not_warned_of_as_a_root_that_is_missing(
    unwatched: Shelf, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that the system refuses."""
    shelf = unwatched
    monkeypatch.setattr(watcher, "listen", refusing(OSError("the system does not want to")))
    await set_realtime_monitoring(shelf, on=True)

    warnings = await soon(lambda: warnings_of(heard, shelf))

    assert [warning.code for warning in warnings] == ["watch_failed"]
    assert (await shelf.now()).watch is Watch.UNREADABLE
    assert "does not want to" in (await shelf.now()).watch_reason


@pytest.mark.parametrize(
    ("error", "setting"),
    [
        (NoMoreWatches("no more"), "fs.inotify.max_user_watches"),
        (NoMoreListeners("no more"), "fs.inotify.max_user_instances"),
    ],
)
async def test_where_the_system_gives_no_more_watches_a_library_is_polled_and_says_so(
    error: Exception,
    setting: str,
    unwatched: Shelf,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf = unwatched
    monkeypatch.setattr(watcher, "listen", refusing(error))
    monkeypatch.setattr(watcher, "POLL_MS", 200)
    await set_realtime_monitoring(shelf, on=True)

    await soon(lambda: is_watched(shelf, Watch.POLLING))
    path = shelf.video("Ronin (1998)/Ronin (1998).mkv")
    await soon(lambda: heard.file(path))

    warnings = await soon(lambda: warnings_of(heard, shelf))
    assert [warning.code for warning in warnings] == ["watch_limit"]
    assert setting in (await shelf.now()).watch_reason
    assert counted(shelf) == Watch.POLLING


async def test_on_a_network_file_system_a_library_is_polled_and_says_so(
    make_shelf: MakeShelf,
    scanner: None,
    heard: Heard,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("22 1 0:40 / / rw - nfs4 nas:/ rw\n")
    monkeypatch.setattr(folders, "MOUNTS", mounts)
    monkeypatch.setattr(watcher, "POLL_MS", 200)
    shelf = await make_shelf(realtime_monitoring=True)
    assert scanner is None

    await soon(lambda: is_watched(shelf, Watch.POLLING))
    path = shelf.video("Ronin (1998)/Ronin (1998).mkv")
    await soon(lambda: heard.file(path))

    (warning,) = await soon(lambda: warnings_of(heard, shelf))
    assert warning.code == "polling"
    assert f"{shelf.root} (on nfs4)" in warning.message
    assert counted(shelf) == Watch.POLLING


async def test_what_happened_while_nobody_watched_is_caught_up_with(
    make_shelf: MakeShelf, heard: Heard, database_url: str, nats: settings.Nats
) -> None:
    shelf = await make_shelf(realtime_monitoring=True)
    path = shelf.video(FILM)
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )

    async with running("library-scanner", configured, start):
        file = await soon(lambda: heard.file(path))

    assert file.parsed.title == "Heat"


@pytest.mark.parametrize("hidden", ["@eaDir", ".Trash", "Old"])
async def test_changes_in_folders_that_are_ignored_are_no_news(
    hidden: str, watched: Shelf, heard: Heard
) -> None:
    (watched.root / ".ignore").write_text("Old/\n")
    watched.video(f"{hidden}/Alien (1979)/Alien (1979).mkv")
    path = watched.video("Ronin (1998)/Ronin (1998).mkv")

    await soon(lambda: heard.file(path))
    await soon(lambda: is_idle(watched))

    assert heard.files(watched.root / hidden) == []


async def test_a_folder_that_is_ignored_from_now_on_is_gone(watched: Shelf, heard: Heard) -> None:
    watched.video("Ronin (1998)/Ronin (1998).mkv")
    await soon(lambda: heard.file(watched.root / "Ronin (1998)/Ronin (1998).mkv"))
    (watched.root / ".plexignore").write_text("Ronin*\n")

    async def gone() -> list[Any]:
        return heard.of(library.files_gone)

    (event,) = await soon(gone)
    assert len(event.files) == 1


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
        await soon(lambda: heard.file(path))
        before = await heard.file(growing)
        stop.set()

    assert before is None


async def test_a_library_that_is_no_longer_to_be_watched_is_not(watched: Shelf) -> None:
    await set_realtime_monitoring(watched, on=False)

    await soon(lambda: is_watched(watched, Watch.OFF))


async def test_a_change_of_its_folders_counts_at_once(
    watched: Shelf, heard: Heard, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    await libraries.update_library(
        library.UpdateLibrary(watched.library.id, paths=(str(watched.root), str(other))),
        watched.app.db,
    )
    await soon(lambda: is_watched(watched, Watch.EVENTS))
    path = watched.age(watched.videos.make(other / "Ronin (1998)/Ronin (1998).mkv"))

    file = await soon(lambda: heard.file(path))

    assert file.parsed.title == "Ronin"


async def test_a_library_that_is_deleted_is_not_counted_any_more(watched: Shelf) -> None:
    async with watched.app.db.begin() as tx:
        await libraries.delete_library(library.DeleteLibrary(watched.library.id), tx)

    async def is_forgotten() -> bool:
        return counted(watched) is None

    await soon(is_forgotten)


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

        await soon(lambda: heard.file(path))
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


def refusing(error: Exception) -> Any:
    """What listens as ever, but where the system would have to tell of changes, and refuses."""

    def refuse(paths: Sequence[str], poll_ms: int | None = None) -> AsyncGenerator[frozenset[str]]:
        return listen(paths, poll_ms) if poll_ms is not None else refused()

    async def refused() -> AsyncGenerator[frozenset[str]]:
        raise error
        yield

    return refuse


async def warnings_of(heard: Heard, shelf: Shelf) -> list[library.LibraryWarning]:
    told = heard.of(library.library_warned)
    return [warning for warning in told if warning.library_id == shelf.library.id]


def counted(shelf: Shelf) -> str | None:
    """The state of which the metric says 1."""
    samples = next(iter(watch_status.WATCHED.collect())).samples
    of_it = [sample for sample in samples if sample.labels["library_id"] == str(shelf.library.id)]
    return next((sample.labels["state"] for sample in of_it if sample.value == 1), None)


async def known(shelf: Shelf) -> list[Any]:
    """The ids of all its files."""
    async with shelf.app.db.read() as rows:
        return await rows.all(
            str,
            "select id::text from file where library_id = %(id)s order by id",
            id=shelf.library.id,
        )
