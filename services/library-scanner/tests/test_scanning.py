"""Scanning libraries of real files: what is told, what is kept, what is set aside."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from revenge.contracts import library
from revenge.contracts.library import Kind, LibraryType, ScanStatus, ScanType
from revenge.embedded.servers.nats import MAX_PAYLOAD
from revenge.kit import Bus, settings
from revenge.kit.following import follow
from revenge.kit.testing import eventually
from revenge.library_scanner import jobs
from revenge.library_scanner.handlers import scans as handlers
from revenge.library_scanner.scanning.telling import TOGETHER

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]

needs_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")

FILM = "Heat (1995)/Heat (1995).mkv"
EPISODE = "Lost/Season 1/Lost S01E02 Tabula Rasa.mkv"


# --- what is there ---


async def test_a_film_and_an_episode_are_told_of_with_their_names_and_streams(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)

    scan = await shelf.scan()

    film, episode = sorted(await shelf.found(), key=lambda file: file.kind, reverse=True)
    assert (film.kind, film.parsed.title, film.parsed.year) == (Kind.MOVIE, "Heat", 1995)
    assert (episode.kind, episode.parsed.title) == (Kind.EPISODE, "Lost")
    assert (episode.parsed.season, episode.parsed.episodes) == (1, (2,))
    assert (film.path, film.size) == (
        str(shelf.root / FILM),
        (shelf.root / FILM).stat().st_size,
    )
    assert (film.media.video[0].codec, film.media.audio[0].codec) == ("h264", "aac")
    assert (scan.status, scan.items_added, scan.items_scanned) == (ScanStatus.COMPLETED, 2, 2)


async def test_files_carry_the_scan_that_found_them(shelf: Shelf) -> None:
    shelf.video(FILM)

    scan = await shelf.scan()

    (told,) = await shelf.told(library.files_found)
    assert told.scan_id == scan.id


async def test_a_scan_is_started_once_and_done_once(shelf: Shelf) -> None:
    scan = await shelf.scan()

    (started,) = await shelf.told(library.scan_started)
    (done,) = await shelf.told(library.scan_done)
    assert (started.scan.id, done.scan.id) == (scan.id, scan.id)
    assert done.scan.status is ScanStatus.COMPLETED
    assert done.library_ids == (shelf.library.id,)


async def test_what_has_not_changed_is_not_told_again(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()

    again = await shelf.scan()

    assert len(await shelf.found()) == 1
    assert (again.items_scanned, again.items_added, again.items_updated) == (1, 0, 0)


async def test_a_file_with_new_content_is_the_same_file_in_a_new_revision(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    shelf.video(FILM, title="the director's cut", seconds=2)

    scan = await shelf.scan()

    before, after = await shelf.found()
    assert (after.id, after.revision) == (before.id, before.revision + 1)
    assert after.media.duration == pytest.approx(2, abs=0.2)
    assert (scan.items_added, scan.items_updated) == (0, 1)


async def test_a_full_scan_reads_every_file_again(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()

    scan = await shelf.scan(ScanType.FULL)

    before, after = await shelf.found()
    assert (after.id, after.media) == (before.id, before.media)
    assert after.revision > before.revision
    assert scan.items_updated == 1


async def test_trailers_and_samples_are_no_titles(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video("Heat (1995)/Heat (1995)-trailer.mkv")
    shelf.video("Heat (1995)/Featurettes/The Making of.mkv")

    await shelf.scan()

    assert [file.path for file in await shelf.found()] == [str(shelf.root / FILM)]


async def test_two_libraries_hold_their_own_files(make_shelf: MakeShelf) -> None:
    films, shows = await make_shelf(LibraryType.MOVIE), await make_shelf(LibraryType.TVSHOW)
    films.video(FILM)
    shows.video(EPISODE)

    await asyncio.gather(films.scan(), shows.scan())

    assert [file.path for file in await films.found()] == [str(films.root / FILM)]
    assert [file.path for file in await shows.found()] == [str(shows.root / EPISODE)]


async def test_names_that_are_not_utf_8_are_found_like_any_other(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    odd = os.fsencode(path.parent) + b"/Heat (1995) caf\xe9.mkv"
    path.rename(os.fsdecode(odd))

    scan = await shelf.scan()

    (file,) = await shelf.found()
    assert file.path.endswith("Heat (1995) caf\ufffdE9.mkv")
    assert scan.error_count == 0


async def test_a_library_of_a_kind_without_rules_is_scanned_without_finding_anything(
    make_shelf: MakeShelf,
) -> None:
    music = await make_shelf(LibraryType.MUSIC)
    music.video("a concert.mkv")

    scan = await music.scan()

    assert (scan.status, scan.items_added) == (ScanStatus.COMPLETED, 0)
    assert (await music.now()).problem is None
    assert await music.found() == []


async def test_such_a_scan_says_why_nothing_was_found(make_shelf: MakeShelf) -> None:
    music = await make_shelf(LibraryType.MUSIC)

    scan = await music.scan()

    assert scan.error_message is not None
    assert "music" in scan.error_message


# --- what lies beside it ---


async def test_a_subtitle_that_is_put_beside_a_film_is_a_change_of_the_film(shelf: Shelf) -> None:
    shelf.video(FILM)
    await shelf.scan()
    subtitle = shelf.write("Heat (1995)/Heat (1995).de.srt", "1\n00:00:00,0 --> 00:00:01,0\nHallo")

    await shelf.scan()

    before, after = await shelf.found()
    assert (after.id, after.revision) == (before.id, before.revision + 1)
    assert [(track.path, track.language) for track in after.media.subtitles] == [
        (str(subtitle), "deu")
    ]


async def test_an_nfo_that_changes_is_a_change_of_the_film(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.write("Heat (1995)/movie.nfo", "<movie><title>Heat</title></movie>")
    await shelf.scan()
    shelf.write("Heat (1995)/movie.nfo", "<movie><title>Heat</title><plot>Cops.</plot></movie>")

    await shelf.scan()

    before, after = await shelf.found()
    assert (before.nfo[0].plot, after.nfo[0].plot) == (None, "Cops.")


async def test_the_nfo_and_the_poster_of_a_series_reach_its_episodes(shelf: Shelf) -> None:
    shelf.video(EPISODE)
    await shelf.scan()
    shelf.write("Lost/tvshow.nfo", "<tvshow><title>Lost</title><year>2004</year></tvshow>")
    poster = shelf.write("Lost/poster.jpg", b"an image")

    await shelf.scan()

    after = (await shelf.found())[-1]
    assert after.series_nfo.year == 2004
    assert [art.path for art in after.series_art] == [str(poster)]


async def test_an_nfo_that_is_no_nfo_does_not_keep_its_film_away(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.write("Heat (1995)/movie.nfo", b"\0\1\2" * 100)

    await shelf.scan()

    (file,) = await shelf.found()
    assert file.nfo == ()


async def test_no_event_is_larger_than_the_bus_carries(shelf: Shelf) -> None:
    actors = "".join(
        f"<actor><name>Some Actor {number}</name><role>The Character {number}</role></actor>"
        for number in range(150)
    )
    shelf.write("Lost/tvshow.nfo", f"<tvshow><title>Lost</title>{actors}</tvshow>")
    for number in range(1, TOGETHER + 1):
        shelf.video(f"Lost/Season 1/Lost S01E{number:03}.mkv", title="the same in all")

    await shelf.scan()

    events = await shelf.told(library.files_found)
    assert sum(len(event.files) for event in events) == TOGETHER
    assert max(len(msgspec.json.encode(event)) for event in events) < MAX_PAYLOAD


# --- what moves and goes ---


async def test_a_file_that_is_deleted_is_gone(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)")

    scan = await shelf.scan()

    (film,) = [file for file in await shelf.found() if file.kind is Kind.MOVIE]
    assert await shelf.gone() == [film.id]
    assert scan.items_removed == 1


async def test_a_file_that_was_deleted_and_comes_back_is_told_of_again(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)")
    await shelf.scan()
    shelf.video(FILM)

    scan = await shelf.scan()

    assert scan.items_added == 1
    assert (await shelf.found())[-1].path == str(shelf.root / FILM)


async def test_a_renamed_file_keeps_its_identity(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    await shelf.scan()
    renamed = path.rename(path.with_name("Heat (1995) Director's Cut.mkv"))

    scan = await shelf.scan()

    before, after = await shelf.found()
    assert (after.id, after.path) == (before.id, str(renamed))
    assert after.revision > before.revision
    (moved,) = await shelf.told(library.files_moved)
    assert moved.paths == {before.id: str(renamed)}
    assert (scan.items_added, scan.items_removed, await shelf.gone()) == (0, 0, [])


async def test_a_file_that_moves_to_another_folder_keeps_its_identity(shelf: Shelf) -> None:
    path = shelf.video("Hat (1995)/Hat (1995).mkv")
    await shelf.scan()
    (shelf.root / FILM).parent.mkdir()
    path.rename(shelf.root / FILM)
    path.parent.rmdir()

    await shelf.scan()

    before, after = await shelf.found()
    assert (after.id, after.parsed.title) == (before.id, "Heat")
    assert await shelf.gone() == []


async def test_a_whole_folder_that_is_renamed_keeps_the_identity_of_its_files(shelf: Shelf) -> None:
    for number in range(1, 6):
        shelf.video(f"Lst/Season 1/Lst S01E0{number}.mkv")
    await shelf.scan()
    (shelf.root / "Lst").rename(shelf.root / "Lost")

    await shelf.scan()

    found = await shelf.found()
    assert {file.id for file in found[:5]} == {file.id for file in found[5:]}
    assert await shelf.gone() == []


async def test_a_copy_is_a_file_of_its_own(shelf: Shelf) -> None:
    path = shelf.video(FILM)
    await shelf.scan()
    shelf.age(Path(shutil.copy(path, path.with_name("Heat (1995) - copy.mkv"))))

    scan = await shelf.scan()

    first, second = await shelf.found()
    assert first.id != second.id
    assert (scan.items_added, await shelf.told(library.files_moved)) == (1, [])


async def test_the_files_of_a_folder_that_is_no_longer_the_library_s_are_gone(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.video(FILM)
    await shelf.scan()
    (tmp_path / "elsewhere").mkdir()
    async with shelf.app.db.begin() as tx:
        await tx.run(
            "update library set paths = %(paths)s where id = %(id)s",
            paths=[str(tmp_path / "elsewhere")],
            id=shelf.library.id,
        )

    await shelf.scan()

    (file,) = await shelf.found()
    assert await shelf.gone() == [file.id]


# --- what cannot be reached ---


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


@needs_a_user
async def test_what_lies_in_a_folder_that_cannot_be_read_has_not_gone(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video(EPISODE)
    await shelf.scan()
    (shelf.root / "Heat (1995)").chmod(0)

    scan = await shelf.scan()

    (shelf.root / "Heat (1995)").chmod(0o755)
    assert (await shelf.gone(), scan.error_count) == ([], 1)


# --- what cannot be read ---


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


# --- one at a time, to the end ---


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

    assert time.monotonic() - began < 2
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
    order = await shelf.ordered()
    working = asyncio.create_task(jobs.scan_library(order, shelf.app))
    await eventually(shelf.found)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    await jobs.scan_library(order, shelf.app)

    scan = await shelf.state_of(order.scan_id)
    assert (scan.status, scan.items_added) == (ScanStatus.COMPLETED, 400)


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
