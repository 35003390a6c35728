from uuid import uuid4

import pytest

from revenge.catalog.handlers import take_in
from revenge.catalog.movies.handlers import refresh_movie
from revenge.catalog.movies.reading import (
    find_movies,
    get_movie,
    list_cast,
    list_crew,
    list_files,
    list_genres,
    list_movies,
    list_recent,
    list_top_rated,
)
from revenge.catalog.testing import film, found
from revenge.contracts import LibraryId, metadata, movies
from revenge.contracts.library import FoundFile, Nfo, Person, Rating
from revenge.contracts.movies import (
    FindMovies,
    GetMovie,
    ListMovieCredits,
    ListMovies,
    ListRecentMovies,
    ListTopRatedMovies,
    MovieOrder,
)
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user, sent

pytestmark = pytest.mark.usefixtures("admin")


async def ordered(tx: Tx, library: LibraryId, order: MovieOrder) -> list[str]:
    page = await list_movies(ListMovies(order_by=order, library_id=library), tx)
    return [movie.title for movie in page.items]


async def searched(tx: Tx, library: LibraryId, query: str) -> list[str]:
    with acting_as(a_user([library])):
        return [movie.title for movie in await find_movies(FindMovies(query), tx)]


async def test_films_are_sorted_without_their_articles(tx: Tx, library: LibraryId) -> None:
    named = ("The Matrix", "Rocky 10", "Das Boot", "Rocky 2", "A Bug's Life", "Élite")
    await take_in(found(library, *(film(title) for title in named)), tx)

    assert await ordered(tx, library, MovieOrder.TITLE) == [
        "Das Boot",
        "A Bug's Life",
        "Élite",
        "The Matrix",
        "Rocky 2",
        "Rocky 10",
    ]


async def test_films_are_sorted_by_year_with_the_unknown_last(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, film("Old", 1950), film("New", 2020), film("When", None)), tx)

    assert await ordered(tx, library, MovieOrder.YEAR) == ["New", "Old", "When"]


async def test_films_are_sorted_by_rating(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, rated("Good", 8.1), rated("Bad", 2.0), film("Unrated")), tx)

    assert await ordered(tx, library, MovieOrder.RATING) == ["Good", "Bad", "Unrated"]


async def test_the_top_needs_votes(tx: Tx, library: LibraryId) -> None:
    files = (rated("Loved", 9.9, votes=3), rated("Known", 8.0, votes=500))
    await take_in(found(library, *files), tx)

    with acting_as(a_user([library])):
        page = await list_top_rated(ListTopRatedMovies(), tx)

    assert [movie.title for movie in page.items] == ["Known"]
    assert page.total == 1


async def test_pages_are_numbered_from_one(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, *(film(f"Film {number}") for number in range(5))), tx)

    with acting_as(a_user([library])):
        page = await list_recent(ListRecentMovies(limit=2, offset=2), tx)

    assert (page.page, page.page_size, page.total, len(page.items)) == (2, 2, 5, 2)


async def test_a_page_behind_the_last_is_empty_and_knows_the_total(
    tx: Tx, library: LibraryId
) -> None:
    await take_in(found(library, film("Heat")), tx)

    page = await list_movies(ListMovies(library_id=library, offset=100), tx)

    assert (page.items, page.total) == ((), 1)


async def test_films_are_listed_by_genre(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(genres=("Science Fiction",))
    await take_in(found(library, film("Alien", nfo=nfo), film("Heat")), tx)

    page = await list_movies(ListMovies(genre="science-fiction", library_id=library), tx)

    assert [movie.title for movie in page.items] == ["Alien"]
    assert page.total == 1


async def test_only_what_is_in_a_visible_library_is_seen(tx: Tx, library: LibraryId) -> None:
    hidden = LibraryId(uuid4())
    await take_in(found(library, film("Seen")), tx)
    await take_in(found(hidden, film("Hidden", nfo=Nfo(genres=("Secret",)))), tx)
    (movie,) = (await list_movies(ListMovies(library_id=hidden), tx)).items

    with acting_as(a_user([library])):
        page = await list_movies(ListMovies(), tx)
        assert [movie.title for movie in page.items] == ["Seen"]
        assert page.total == 1
        assert await find_movies(FindMovies("hidden"), tx) == []
        for attempt in (
            get_movie(GetMovie(movie.id), tx),
            list_files(GetMovie(movie.id), tx),
            list_genres(GetMovie(movie.id), tx),
            refresh_movie(GetMovie(movie.id), tx),
        ):
            with pytest.raises(movies.MovieNotFound):
                await attempt


async def test_files_in_a_hidden_library_are_not_seen(tx: Tx, library: LibraryId) -> None:
    seen = film("Heat", height=720)
    await take_in(found(library, seen), tx)
    await take_in(found(LibraryId(uuid4()), film("Heat", height=2160)), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items

    with acting_as(a_user([library])):
        files = await list_files(GetMovie(movie.id), tx)

    assert [file.id for file in files] == [seen.id]


async def test_without_any_library_nothing_is_seen(tx: Tx, library: LibraryId) -> None:
    await take_in(found(library, film("Heat")), tx)

    with acting_as(a_user([])):
        assert (await list_movies(ListMovies(), tx)).total == 0


async def test_the_people_of_a_film_are_its_cast_and_its_crew(tx: Tx, library: LibraryId) -> None:
    nfo = Nfo(people=(Person("Al Pacino", "actor", "Hanna"), Person("Michael Mann", "director")))
    await take_in(found(library, film("Heat", nfo=nfo)), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items

    cast = await list_cast(ListMovieCredits(movie.id), tx)
    crew = await list_crew(ListMovieCredits(movie.id), tx)

    assert [(credit.name, credit.character) for credit in cast.items] == [("Al Pacino", "Hanna")]
    assert [(credit.name, credit.job) for credit in crew.items] == [("Michael Mann", "Director")]
    with acting_as(a_user()), pytest.raises(movies.MovieNotFound):
        await list_cast(ListMovieCredits(movie.id), tx)


async def test_a_search_puts_the_closest_title_first(tx: Tx, library: LibraryId) -> None:
    named = ("Unheatable", "In Heat", "Heathers", "Heat", "Cold")
    await take_in(found(library, *(film(title) for title in named)), tx)

    assert await searched(tx, library, "heat") == ["Heat", "Heathers", "In Heat", "Unheatable"]


@pytest.mark.parametrize("query", ["amelie", "AMÉLIE", "Amélie!", "destin fabuleux", "le fabuleux"])
async def test_a_search_minds_neither_accents_nor_order(
    tx: Tx, library: LibraryId, query: str
) -> None:
    nfo = Nfo(title="Amélie", original_title="Le Fabuleux Destin d'Amélie Poulain")
    await take_in(found(library, film("x", nfo=nfo), film("Heat")), tx)

    assert await searched(tx, library, query) == ["Amélie"]


@pytest.mark.parametrize("query", ["%", "_", "\\", " ", "%%", "nothing like it", "'; drop"])
async def test_a_search_for_what_is_not_there_finds_nothing(
    tx: Tx, library: LibraryId, query: str
) -> None:
    await take_in(found(library, film("Heat")), tx)

    assert await searched(tx, library, query) == []


async def test_a_refresh_has_the_film_described_by_the_file_that_says_most(
    tx: Tx, library: LibraryId
) -> None:
    plain, rich = film("Heat"), film("Heat", height=720, nfo=Nfo(plot="Cops."))
    await take_in(found(library, plain, rich), tx)
    (movie,) = (await list_movies(ListMovies(library_id=library), tx)).items
    tx.pending.clear()

    await refresh_movie(GetMovie(movie.id), tx)

    (job,) = await sent(tx, metadata.describe_titles)
    assert [title.nfo for title in job.titles] == [rich.nfo[0]]


def rated(title: str, value: float, votes: int = 1000) -> FoundFile:
    return film(title, nfo=Nfo(ratings=(Rating("imdb", value, votes),)))
