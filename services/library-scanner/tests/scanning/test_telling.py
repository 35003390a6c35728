"""What is told of a video, with all that lies beside it."""

from typing import Any

import msgspec

from revenge.contracts import library
from revenge.embedded.servers.nats import MAX_PAYLOAD
from revenge.library_scanner.scanning.telling import TOGETHER

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported


FILM = "Heat (1995)/Heat (1995).mkv"
EPISODE = "Lost/Season 1/Lost S01E02 Tabula Rasa.mkv"


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


async def test_a_film_with_more_beside_it_than_a_message_carries_is_told_of_without(
    shelf: Shelf,
) -> None:
    title = f"<movie><title>Heat</title><plot>{'much to say ' * 1600}</plot></movie>"
    shelf.video(FILM)
    shelf.write("Heat (1995)/movie.nfo", title * 50)
    for number in range(3000):
        shelf.write(f"Heat (1995)/Heat (1995).track {number} {'x' * 180}.srt", "")

    await shelf.scan()

    (event,) = await shelf.told(library.files_found)
    assert len(msgspec.json.encode(event)) < MAX_PAYLOAD
    assert event.files[0].parsed.title == "Heat"
