"""Scans of real files: what is told of them."""

import asyncio
import os
import random
import shutil
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from revenge.contracts import library
from revenge.contracts.library import Kind, LibraryType, ScanStatus, ScanType
from revenge.contracts.paths import to_os
from revenge.library_scanner.walk.walker import MAX_PATH

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]


FILM = "Heat (1995)/Heat (1995).mkv"
EPISODE = "Lost/Season 1/Lost S01E02 Tabula Rasa.mkv"


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


async def test_the_longest_path_that_is_walked_can_be_stored(shelf: Shelf) -> None:
    """The index of a database holds less than a file system, and nothing that it could shorten."""
    noise = random.Random(1)
    room = MAX_PATH - len(bytes(shelf.root))
    names = ["".join(chr(noise.randrange(0x4E00, 0x9F00)) for _ in range(60)) for _ in range(9)]
    folder = "/".join(names[: room // 181])
    name = bytes(noise.randrange(0x80, 0xC0) for _ in range(250))
    shelf.video(f"{folder}/{os.fsdecode(name)}.mkv", title="far down")

    await shelf.scan()

    assert len(await shelf.found()) == 1


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


@pytest.mark.parametrize(
    "name",
    [
        b"\xe2\x80\xaeHeat\xe2\x80\x8b (1995).mkv",
        b"Heat\n(1995).mkv",
        b"Heat \x1b[31m(1995).mkv",
        b"H" * 244 + b" (1995).mkv",
        b"\xff\xfe (1995).mkv",
    ],
    ids=["bidirectional", "newline", "escape", "255 bytes", "no UTF-8"],
)
async def test_files_of_any_name_are_found_once_and_go_once(shelf: Shelf, name: bytes) -> None:
    shelf.video(EPISODE)
    path = shelf.root / os.fsdecode(name)
    shelf.video(FILM).rename(path)

    await shelf.scan()
    again = await shelf.scan()
    path.unlink()
    await shelf.scan()

    assert (again.items_scanned, again.items_added) == (2, 0)
    (film,) = [file for file in await shelf.found() if file.kind is Kind.MOVIE]
    assert to_os(film.path) == str(path)
    assert await shelf.gone() == [film.id]


@pytest.mark.parametrize("year", [1970, 1985, 2100, 2400])
async def test_a_clock_that_was_wrong_keeps_no_file_away(shelf: Shelf, year: int) -> None:
    path = shelf.video(FILM)
    then = (year - 1970) * 31_556_952
    os.utime(path, (then, then))

    first, second = await shelf.scan(), await shelf.scan()

    assert (first.items_added, second.items_added, second.items_updated) == (1, 0, 0)
    assert abs((await shelf.found())[0].modified_at.year - min(year, 2262)) <= 1


async def test_a_folder_of_subtitles_that_goes_is_a_change_of_the_film(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.write("Heat (1995)/Subs/English.srt", "1\n00:00:00,0 --> 00:00:01,0\nHello")
    await shelf.scan()
    shutil.rmtree(shelf.root / "Heat (1995)/Subs")

    await shelf.scan()

    before, after = await shelf.found()
    assert (len(before.media.subtitles), len(after.media.subtitles)) == (1, 0)


async def test_an_extra_is_no_title_in_the_second_scan_either(shelf: Shelf) -> None:
    shelf.video(FILM)
    shelf.video("Heat (1995)/Heat (1995)-trailer.mkv")

    scans = [await shelf.scan(), await shelf.scan()]

    assert [(scan.items_scanned, scan.items_total) for scan in scans] == [(1, 1), (1, 1)]
