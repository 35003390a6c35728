from collections.abc import Iterable
from uuid import uuid4

import pytest
from msgspec import structs

from revenge.catalog.handlers import close_library, let_go, take_in
from revenge.catalog.movies.reading import get_movie, list_files, list_movies
from revenge.catalog.movies.watching import get_progress, set_progress
from revenge.catalog.testing import changed, episode, film, found
from revenge.contracts import LibraryId, MovieId, library, metadata, movies
from revenge.contracts.library import Kind, Nfo, Parsed
from revenge.contracts.movies import GetMovie, ListMovies, Movie, SetMovieProgress
from revenge.kit import Tx
from revenge.kit.testing import sent

pytestmark = pytest.mark.usefixtures("admin")


async def listed(tx: Tx, library_id: LibraryId) -> tuple[Movie, ...]:
    return (await list_movies(ListMovies(library_id=library_id), tx)).items


def titles(found: Iterable[Movie]) -> list[str]:
    return sorted(movie.title for movie in found)


async def test_a_file_makes_a_film_that_can_be_seen_at_once(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(title="Amélie", plot="Paris.", genres=("Romance",), ids={"imdb": "tt0211915"})

    await take_in(found(library, film("Amelie", 2001, nfo=nfo)), tx)

    (movie,) = await listed(tx, library)
    assert (movie.title, movie.year, movie.overview) == ("Amélie", 2001, "Paris.")
    assert (movie.imdb_id, movie.runtime) == ("tt0211915", 100)
    (added,) = await sent(tx, movies.movie_added)
    assert (added.movie_id, added.library_ids) == (movie.id, (library,))
    assert await sent(tx, movies.movie_available) == [added]


async def test_a_new_film_is_to_be_described_with_what_its_file_says(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Stalker", 1979, nfo=Nfo(plot="A zone."))

    await take_in(found(library, file), tx)

    (movie,) = await listed(tx, library)
    (job,) = await sent(tx, metadata.describe_titles)
    assert job.titles == (
        metadata.LocalFacts(
            metadata.TitleKind.MOVIE, movie.id, file.parsed, file.nfo[0], duration=6000.0
        ),
    )


async def test_two_versions_of_a_film_are_one_title(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, film("Heat", 1995), film("HEAT!", 1995, height=2160)), tx)

    (movie,) = await listed(tx, library)
    files = await list_files(GetMovie(movie.id), tx)
    assert [file.resolution for file in files] == ["4K", "1080p"]
    assert len(await sent(tx, movies.movie_added)) == 1


async def test_a_version_that_comes_later_joins_its_film(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, film("Heat", 1995)), tx)
    await take_in(found(library, film("Heat", 1995, height=720)), tx)

    (movie,) = await listed(tx, library)
    assert len(await list_files(GetMovie(movie.id), tx)) == 2
    assert [event.movie_id for event in await sent(tx, movies.movie_updated)] == [movie.id]


async def test_an_equal_id_makes_one_film_of_different_names(tx: Tx, library: LibraryId) -> None:
    one = film("Le fabuleux destin", 2001, ids={"tmdb": "194"})
    other = film("Amelie", 2002, nfo=Nfo(ids={"tmdb": "194"}))

    await take_in(found(library, one), tx)
    await take_in(found(library, other), tx)

    assert titles(await listed(tx, library)) == ["Le fabuleux destin"]


async def test_different_ids_make_two_films_of_one_name(tx: Tx, library: LibraryId) -> None:
    one = film("Halloween", 2018, ids={"tmdb": "424139"})
    other = film("Halloween", 2018, ids={"tmdb": "999999"})

    await take_in(found(library, one, other), tx)

    assert titles(await listed(tx, library)) == ["Halloween", "Halloween"]


async def test_films_of_one_name_and_different_years_are_two(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, film("Dune", 1984), film("Dune", 2021)), tx)

    assert titles(await listed(tx, library)) == ["Dune", "Dune"]


async def test_an_nfo_that_comes_later_leaves_the_film_the_same(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    (before,) = await listed(tx, library)

    await take_in(found(library, changed(file, nfo=(Nfo(ids={"tmdb": "949"}),))), tx)

    (after,) = await listed(tx, library)
    assert after.id == before.id


async def test_a_second_delivery_is_not_news(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    tx.pending.clear()

    await take_in(found(library, file), tx)

    assert tx.pending == []


async def test_an_older_revision_is_not_news(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995, revision=5)
    await take_in(found(library, file), tx)
    tx.pending.clear()

    older = structs.replace(file, revision=4, parsed=Parsed("Cold", 1995))
    await take_in(found(library, older), tx)

    assert titles(await listed(tx, library)) == ["Heat"]
    assert tx.pending == []


async def test_of_two_revisions_in_one_batch_the_newer_counts(tx: Tx, library: LibraryId) -> None:
    file = film("Cold", 1995)

    await take_in(found(library, changed(file, parsed=Parsed("Heat", 1995)), file), tx)

    assert titles(await listed(tx, library)) == ["Heat"]


async def test_a_file_that_is_parsed_differently_moves_to_the_other_film(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Heet", 1995)
    await take_in(found(library, file), tx)
    (wrong,) = await listed(tx, library)

    await take_in(found(library, changed(file, parsed=Parsed("Heat", 1995))), tx)

    assert titles(await listed(tx, library)) == ["Heat"]
    assert [event.movie_id for event in await sent(tx, movies.movie_deleted)] == [wrong.id]


async def test_a_film_without_files_is_hidden_and_comes_back_with_its_history(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    (movie,) = await listed(tx, library)
    await set_progress(SetMovieProgress(movie.id, 1000, 6000), tx)

    await let_go(library_gone(library, file), tx)
    with pytest.raises(movies.MovieNotFound):
        await get_movie(GetMovie(movie.id), tx)
    await take_in(found(library, film("Heat", 1995)), tx)

    assert (await get_movie(GetMovie(movie.id), tx)).title == "Heat"
    assert (await get_progress(GetMovie(movie.id), tx)).progress_seconds == 1000
    (deleted,) = await sent(tx, movies.movie_deleted)
    assert (deleted.movie_id, deleted.library_ids) == (movie.id, (library,))
    assert [event.movie_id for event in await sent(tx, movies.movie_added)] == [movie.id] * 2


async def test_an_upgrade_keeps_the_watch_state(tx: Tx, library: LibraryId) -> None:
    old = film("Heat", 1995, height=720)
    await take_in(found(library, old), tx)
    (movie,) = await listed(tx, library)
    await set_progress(SetMovieProgress(movie.id, 1000, 6000), tx)

    await take_in(found(library, film("Heat", 1995, height=2160)), tx)
    await let_go(library_gone(library, old), tx)

    assert (await get_progress(GetMovie(movie.id), tx)).progress_seconds == 1000
    (file,) = await list_files(GetMovie(movie.id), tx)
    assert file.resolution == "4K"
    assert await sent(tx, movies.movie_deleted) == []


async def test_a_file_that_is_gone_stays_gone_when_its_finding_comes_late(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Heat", 1995)

    await let_go(library_gone(library, file), tx)
    await take_in(found(library, file), tx)

    assert await listed(tx, library) == ()


async def test_a_file_that_was_gone_comes_back_with_a_later_revision(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    await let_go(library_gone(library, file), tx)

    await take_in(found(library, changed(file)), tx)

    assert titles(await listed(tx, library)) == ["Heat"]


async def test_a_file_that_is_back_already_when_its_going_comes_late_stays(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    await take_in(found(library, changed(file)), tx)

    await let_go(library_gone(library, file), tx)

    assert titles(await listed(tx, library)) == ["Heat"]


async def test_a_file_whose_going_came_before_its_finding_can_come_back(
    tx: Tx, library: LibraryId
) -> None:
    file = film("Heat", 1995)
    await let_go(library_gone(library, file), tx)
    await take_in(found(library, file), tx)

    await take_in(found(library, changed(file)), tx)

    assert titles(await listed(tx, library)) == ["Heat"]


async def test_a_file_that_moves_keeps_its_film(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    (movie,) = await listed(tx, library)
    tx.pending.clear()

    await take_in(found(library, changed(file, path="/else/Heat.mkv")), tx)

    (row,) = await list_files(GetMovie(movie.id), tx)
    assert (row.id, row.file_path, row.file_name) == (file.id, "/else/Heat.mkv", "Heat.mkv")
    assert [event.movie_id for event in await sent(tx, movies.movie_updated)] == [movie.id]


async def test_a_film_in_two_libraries_stays_when_one_of_them_goes(
    tx: Tx, library: LibraryId
) -> None:
    other = LibraryId(uuid4())
    await take_in(found(library, film("Heat", 1995)), tx)
    await take_in(found(other, film("Heat", 1995)), tx)
    (movie,) = await listed(tx, library)

    await close_library(library_deleted(other), tx)
    assert await listed(tx, other) == ()
    assert [each.id for each in await listed(tx, library)] == [movie.id]

    await close_library(library_deleted(library), tx)
    assert await listed(tx, library) == ()
    assert [event.movie_id for event in await sent(tx, movies.movie_deleted)] == [movie.id]


async def test_what_is_still_found_in_a_library_that_is_gone_is_not_taken_in(
    tx: Tx, library: LibraryId
) -> None:
    await close_library(library_deleted(library), tx)

    await take_in(found(library, film("Heat", 1995)), tx)

    assert await listed(tx, library) == ()


async def test_a_film_that_turns_out_to_be_an_episode_is_hidden(tx: Tx, library: LibraryId) -> None:
    file = film("Firefly", 2002)
    await take_in(found(library, file), tx)

    parsed = episode("Firefly", 1, 1).parsed
    await take_in(found(library, changed(file, kind=Kind.EPISODE, parsed=parsed)), tx)

    assert await listed(tx, library) == ()


def library_gone(library_id: LibraryId, *files: library.FoundFile) -> library.FilesGone:
    return library.FilesGone(library_id, {file.id: file.revision for file in files})


def library_deleted(library_id: LibraryId) -> library.LibraryDeleted:
    return library.LibraryDeleted(library_id, "Films", (library_id,))


async def test_a_film_that_never_was_is_not_found(tx: Tx) -> None:
    with pytest.raises(movies.MovieNotFound):
        await get_movie(GetMovie(MovieId(uuid4())), tx)
