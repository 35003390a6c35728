from uuid import uuid4

import pytest
from msgspec import structs

from revenge.catalog.handlers import find_media, list_genres, move, take_in
from revenge.catalog.movies.reading import list_movies
from revenge.catalog.movies.watching import mark_watched, set_progress
from revenge.catalog.testing import changed, episode, film, found
from revenge.catalog.tvshows.reading import list_episodes, list_series
from revenge.contracts import EpisodeId, LibraryId, MovieId, catalog
from revenge.contracts.catalog import FindMedia, ListGenres, MediaType
from revenge.contracts.library import FilesMoved, FoundFile, Nfo
from revenge.contracts.movies import GetMovie, ListMovies, SetMovieProgress
from revenge.contracts.tvshows import GetSeries, ListSeries
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user

pytestmark = pytest.mark.usefixtures("admin")


async def a_film_of(tx: Tx, library: LibraryId, *files: FoundFile) -> MovieId:
    await take_in(found(library, *files), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items
    return movie.id


async def an_episode_of(tx: Tx, library: LibraryId, *files: FoundFile) -> EpisodeId:
    await take_in(found(library, *files), tx)
    (series,) = (await list_series(ListSeries(library_id=library), tx)).items
    return (await list_episodes(GetSeries(series.id), tx))[0].id


async def test_the_best_file_is_played(tx: Tx, library: LibraryId) -> None:
    best = film("Heat", height=2160)
    movie = await a_film_of(tx, library, film("Heat", height=720), best, film("Heat"))

    playable = await find_media(FindMedia(MediaType.MOVIE, movie), tx)

    assert (playable.file_id, playable.path, playable.title) == (best.id, best.path, "Heat")
    assert (playable.media, playable.position_seconds) == (best.media, 0)
    assert playable.library_ids == (library,)


async def test_the_first_part_is_played_before_the_second(tx: Tx, library: LibraryId) -> None:
    one, two = film("Heat"), film("Heat", height=2160)
    one = structs.replace(one, parsed=structs.replace(one.parsed, part=1))
    two = structs.replace(two, parsed=structs.replace(two.parsed, part=2))
    movie = await a_film_of(tx, library, one, two)

    playable = await find_media(FindMedia(MediaType.MOVIE, movie), tx)

    assert playable.file_id == one.id


async def test_the_file_that_is_asked_for_is_played(tx: Tx, library: LibraryId) -> None:
    small = film("Heat", height=720)
    movie = await a_film_of(tx, library, small, film("Heat", height=2160))

    playable = await find_media(FindMedia(MediaType.MOVIE, movie, small.id), tx)

    assert playable.file_id == small.id


async def test_a_file_of_another_film_is_not_played(tx: Tx, library: LibraryId) -> None:
    movie = await a_film_of(tx, library, film("Heat"))
    other = film("Alien")
    await take_in(found(library, other), tx)

    with pytest.raises(catalog.MediaNotFound):
        await find_media(FindMedia(MediaType.MOVIE, movie, other.id), tx)


async def test_play_goes_on_where_it_stopped(tx: Tx, library: LibraryId) -> None:
    movie = await a_film_of(tx, library, film("Heat"))
    await set_progress(SetMovieProgress(movie, 1234, 6000), tx)

    assert (await find_media(FindMedia(MediaType.MOVIE, movie), tx)).position_seconds == 1234


async def test_what_was_watched_begins_anew(tx: Tx, library: LibraryId) -> None:
    movie = await a_film_of(tx, library, film("Heat"))
    await mark_watched(GetMovie(movie), tx)

    assert (await find_media(FindMedia(MediaType.MOVIE, movie), tx)).position_seconds == 0


async def test_an_episode_is_played_under_a_title_that_says_which(
    tx: Tx, library: LibraryId
) -> None:
    id = await an_episode_of(tx, library, episode("Firefly", 1, 2, title="The Train Job"))

    playable = await find_media(FindMedia(MediaType.EPISODE, id), tx)

    assert playable.title == "Firefly - S01E02 - The Train Job"


async def test_nothing_of_a_hidden_library_is_played(tx: Tx, library: LibraryId) -> None:
    hidden = film("Heat", height=2160)
    movie = await a_film_of(tx, library, film("Heat", height=720))
    await take_in(found(LibraryId(uuid4()), hidden), tx)

    with acting_as(a_user([library])):
        assert (await find_media(FindMedia(MediaType.MOVIE, movie), tx)).size == 720_000_000
        with pytest.raises(catalog.MediaNotFound):
            await find_media(FindMedia(MediaType.MOVIE, movie, hidden.id), tx)
    with acting_as(a_user([uuid4()])), pytest.raises(catalog.MediaNotFound):
        await find_media(FindMedia(MediaType.MOVIE, movie), tx)


async def test_a_film_is_no_episode(tx: Tx, library: LibraryId) -> None:
    movie = await a_film_of(tx, library, film("Heat"))

    with pytest.raises(catalog.MediaNotFound):
        await find_media(FindMedia(MediaType.EPISODE, movie), tx)


async def test_a_file_that_moved_is_played_where_it_is(tx: Tx, library: LibraryId) -> None:
    file = film("Heat")
    movie = await a_film_of(tx, library, file)

    await move(FilesMoved(library, {file.id: "/films/new/Heat.mkv"}, {file.id: 2}), tx)

    playable = await find_media(FindMedia(MediaType.MOVIE, movie), tx)
    assert (playable.file_id, playable.path) == (file.id, "/films/new/Heat.mkv")


async def test_a_move_that_is_told_late_changes_nothing(tx: Tx, library: LibraryId) -> None:
    file = film("Heat")
    movie = await a_film_of(tx, library, file)
    await take_in(found(library, changed(changed(file, path="/2.mkv"), path="/3.mkv")), tx)

    await move(FilesMoved(library, {file.id: "/2.mkv"}, {file.id: 2}), tx)

    assert (await find_media(FindMedia(MediaType.MOVIE, movie), tx)).path == "/3.mkv"


async def test_only_the_library_that_a_file_is_in_moves_it(tx: Tx, library: LibraryId) -> None:
    file = film("Heat")
    movie = await a_film_of(tx, library, file)

    await move(FilesMoved(LibraryId(uuid4()), {file.id: "/other.mkv"}, {file.id: 2}), tx)

    assert (await find_media(FindMedia(MediaType.MOVIE, movie), tx)).path == file.path


async def test_genres_are_counted_for_films_and_shows(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(genres=("Science Fiction", "Drama"))
    await take_in(found(library, film("Alien", nfo=nfo), film("Solaris", nfo=nfo)), tx)
    await take_in(found(library, episode("Dark", 1, 1, series_nfo=Nfo(genres=("Drama",)))), tx)
    await take_in(found(LibraryId(uuid4()), film("Other", nfo=Nfo(genres=("Horror",)))), tx)

    with acting_as(a_user([library])):
        genres = await list_genres(ListGenres(), tx)

    assert genres == [
        catalog.Genre("drama", "Drama", 2, 1),
        catalog.Genre("science-fiction", "Science Fiction", 2, 0),
    ]
