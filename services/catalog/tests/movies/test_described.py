from uuid import UUID, uuid4

import pytest

from revenge.catalog.handlers import let_go, take_in
from revenge.catalog.movies.described import take_over
from revenge.catalog.movies.reading import get_documents, get_movie, list_genres, list_movies
from revenge.catalog.testing import film, found
from revenge.contracts import LibraryId, movies
from revenge.contracts.library import FilesGone, Nfo, Person, Rating
from revenge.contracts.metadata import Description, TitleDescribed
from revenge.contracts.movies import GetMovie, GetMovieDocuments, ListMovies, Movie
from revenge.kit import Tx
from revenge.kit.testing import sent

pytestmark = pytest.mark.usefixtures("admin")

FULL = Description(
    title="Amélie",
    original_title="Le Fabuleux Destin d'Amélie Poulain",
    year=2001,
    release_date="2001-04-25",
    runtime=122,
    overview="Paris.",
    poster_path="/abc.jpg",
    vote_average=7.9,
    vote_count=11_000,
    ids={"imdb": "tt0211915", "tmdb": "194"},
    genres=("Comedy", "Science Fiction & Fantasy"),
    ratings=(Rating("imdb", 8.3, 700_000),),
    people=(
        Person("Mathieu Kassovitz", "actor", "Nino", order=2),
        Person("Audrey Tautou", "actor", "Amélie", order=1),
        Person("Jean-Pierre Jeunet", "director"),
    ),
    sources={"overview": "nfo"},
)


async def a_film(tx: Tx, library: LibraryId) -> Movie:
    await take_in(found(library, film("Amelie", 2001)), tx)
    tx.pending.clear()
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items
    return movie


def told(id: UUID, description: Description, revision: int = 1) -> TitleDescribed:
    return TitleDescribed(id, revision, description)


async def test_a_description_is_shown(tx: Tx, library: LibraryId) -> None:
    movie = await a_film(tx, library)

    await take_over([told(movie.id, FULL)], tx)

    shown = await get_movie(GetMovie(movie.id), tx)
    assert (shown.title, shown.release_date, shown.tmdb_id) == ("Amélie", "2001-04-25", 194)
    assert shown.external_ratings == (movies.ExternalRating("imdb", "8.3/10", 83.0),)
    genres = await list_genres(GetMovie(movie.id), tx)
    assert [genre.slug for genre in genres] == ["comedy", "science-fiction-fantasy"]
    (updated,) = await sent(tx, movies.movie_updated)
    assert (updated.title, updated.poster_path) == ("Amélie", "/abc.jpg")


async def test_a_description_that_changes_nothing_is_not_told_of(
    tx: Tx, library: LibraryId
) -> None:
    movie = await a_film(tx, library)
    await take_over([told(movie.id, FULL)], tx)
    tx.pending.clear()

    await take_over([told(movie.id, FULL, revision=2)], tx)

    assert tx.pending == []


async def test_an_older_description_does_not_win(tx: Tx, library: LibraryId) -> None:
    movie = await a_film(tx, library)
    await take_over([told(movie.id, FULL, revision=5)], tx)

    await take_over([told(movie.id, Description(title="Older"), revision=4)], tx)

    assert (await get_movie(GetMovie(movie.id), tx)).title == "Amélie"


async def test_of_two_descriptions_in_one_batch_the_newer_counts(
    tx: Tx, library: LibraryId
) -> None:
    movie = await a_film(tx, library)

    await take_over(
        [told(movie.id, FULL, revision=2), told(movie.id, Description(title="Older"))], tx
    )

    assert (await get_movie(GetMovie(movie.id), tx)).title == "Amélie"


async def test_a_locked_field_stays(tx: Tx, library: LibraryId) -> None:
    movie = await a_film(tx, library)
    await tx.run(
        "update movies.movie set locked = '{title,overview}' where id = %(id)s", id=movie.id
    )

    await take_over([told(movie.id, FULL)], tx)

    shown = await get_movie(GetMovie(movie.id), tx)
    assert (shown.title, shown.overview, shown.runtime) == ("Amelie", None, 122)


async def test_what_is_no_longer_known_is_no_longer_shown_but_a_title_stays(
    tx: Tx, library: LibraryId
) -> None:
    movie = await a_film(tx, library)
    await take_over([told(movie.id, FULL)], tx)

    await take_over([told(movie.id, Description(year=2001), revision=2)], tx)

    shown = await get_movie(GetMovie(movie.id), tx)
    assert (shown.title, shown.poster_path) == ("Amélie", None)


async def test_an_id_that_was_found_out_leads_to_the_film(tx: Tx, library: LibraryId) -> None:
    movie = await a_film(tx, library)
    await take_over([told(movie.id, FULL)], tx)

    await take_in(found(library, film("Die fabelhafte Welt", ids={"tmdb": "194"})), tx)

    (only,) = (await list_movies(ListMovies(library_id=library), tx)).items
    assert only.id == movie.id


async def test_a_date_or_id_that_is_none_is_left_out(tx: Tx, library: LibraryId) -> None:
    movie = await a_film(tx, library)

    odd = Description(title="x", release_date="2001-02-31", ids={"tmdb": "9999999999999"})
    await take_over([told(movie.id, odd)], tx)

    shown = await get_movie(GetMovie(movie.id), tx)
    assert (shown.release_date, shown.tmdb_id) == (None, None)


async def test_a_hidden_film_is_described_in_silence(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items
    await let_go(FilesGone(library, {file.id: file.revision}), tx)
    tx.pending.clear()

    await take_over([told(movie.id, FULL), told(uuid4(), FULL)], tx)

    assert tx.pending == []


async def test_the_index_is_given_all_of_a_film(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(title="Amélie")
    file = film("Amelie", 2001, height=2160, nfo=nfo)
    await take_in(found(library, file, film("Amelie", 2001, height=720)), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items
    await take_over([told(movie.id, FULL)], tx)

    (document,) = (await get_documents(GetMovieDocuments(ids=(movie.id,)), tx)).documents

    assert document.library_ids == (library,)
    assert document.cast == ("Audrey Tautou", "Mathieu Kassovitz")
    assert document.directors == ("Jean-Pierre Jeunet",)
    assert document.release_date == 988_156_800
    assert (document.resolution, document.quality_profile) == ("4K", "Bluray-2160p")


async def test_the_index_is_given_no_film_without_files(tx: Tx, library: LibraryId) -> None:
    file = film("Heat", 1995)
    await take_in(found(library, file), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items
    await let_go(FilesGone(library, {file.id: file.revision}), tx)

    documents = await get_documents(GetMovieDocuments(ids=(movie.id,)), tx)

    assert documents.documents == ()
