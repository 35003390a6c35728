"""Searches, on a real index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from revenge.contracts import search
from revenge.contracts.search import FilterInvalid, IndexUnavailable
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user, an_admin, sent
from revenge.search_indexer import documents, handlers
from revenge.search_indexer.documents import AnyDocument
from revenge.search_indexer.engine import Engine
from revenge.search_indexer.schemas import EPISODES, MOVIES, TVSHOWS, Definition, Schema

Make = Callable[..., Any]


async def fill(engine: Engine, schema: Schema, held: Sequence[AnyDocument]) -> None:
    alias = engine.alias(schema.collection)
    await engine.create(Definition(f"{alias}_v1", schema.fields))
    await engine.point(alias, f"{alias}_v1")
    await engine.upsert(f"{alias}_v1", [documents.encode(document) for document in held])


def titles(found: search.SearchResults) -> list[str]:
    return [hit.document["title"] for hit in found.hits]


async def test_a_film_is_found_by_a_misspelt_title(engine: Engine, film: Make) -> None:
    await fill(engine, MOVIES, [film("The Matrix"), film("Alien")])

    with acting_as(an_admin()):
        found = await handlers.search_movies(search.SearchMovies("matrx"), engine)

    assert titles(found) == ["The Matrix"]
    assert (found.total_hits, found.total_pages, found.current_page) == (1, 1, 1)


async def test_accents_need_not_be_typed(engine: Engine, film: Make) -> None:
    await fill(engine, MOVIES, [film("Le Fabuleux Destin d'Amélie Poulain")])

    with acting_as(an_admin()):
        found = await handlers.search_movies(search.SearchMovies("amelie"), engine)

    assert found.total_hits == 1


async def test_a_word_is_found_by_its_inside_when_nothing_begins_so(
    engine: Engine, film: Make
) -> None:
    await fill(engine, MOVIES, [film("Unforgettable")])

    with acting_as(an_admin()):
        found = await handlers.search_movies(search.SearchMovies("forgettab"), engine)

    assert titles(found) == ["Unforgettable"]


async def test_a_hit_shows_the_documents_fields_with_dates_for_people(
    engine: Engine, film: Make
) -> None:
    known = film(
        release_date=922838400, year=1999, cast=("Keanu Reeves",), tmdb_id=603, popularity=1.5
    )
    await fill(engine, MOVIES, [known])

    with acting_as(an_admin()):
        found = await handlers.search_movies(search.SearchMovies("keanu"), engine)

    assert found.hits[0].document == {
        "id": str(known.id),
        "title": "The Matrix",
        "release_date": "1999-03-31",
        "year": 1999,
        "tmdb_id": 603,
        "popularity": 1.5,
        "cast": ["Keanu Reeves"],
        "directors": [],
        "genres": [],
        "has_file": True,
    }
    assert found.hits[0].score > 0
    assert found.hits[0].highlights["cast"] == ("<mark>Keanu</mark> Reeves",)


async def test_markup_in_a_plot_stays_text(engine: Engine, film: Make) -> None:
    await fill(engine, MOVIES, [film(overview="<script>alert(1)</script> & a spoon")])

    with acting_as(an_admin()):
        found = await handlers.search_movies(search.SearchMovies("spoon"), engine)

    assert found.hits[0].highlights["overview"] == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; a <mark>spoon</mark>",
    )


async def test_pages_follow_each_other(engine: Engine, film: Make) -> None:
    await fill(engine, MOVIES, [film(f"Rocky {number}", popularity=number) for number in range(5)])
    asked = search.SearchMovies("rocky", page=2, per_page=2)

    with acting_as(an_admin()):
        found = await handlers.search_movies(asked, engine)

    assert titles(found) == ["Rocky 2", "Rocky 1"]
    assert (found.total_hits, found.total_pages, found.current_page) == (5, 3, 2)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (search.MovieSort.TITLE_ASC, ["alien", "Émile", "Zodiac"]),
        (search.MovieSort.TITLE_DESC, ["Zodiac", "Émile", "alien"]),
        (search.MovieSort.RELEASE_DATE_DESC, ["Zodiac", "alien", "Émile"]),
        (search.MovieSort.RELEASE_DATE_ASC, ["alien", "Zodiac", "Émile"]),
    ],
)
async def test_hits_are_sorted_and_what_is_not_known_comes_last(
    engine: Engine, film: Make, order: search.MovieSort, expected: list[str]
) -> None:
    held = [film("Zodiac", release_date=2), film("alien", release_date=1), film("Émile")]
    await fill(engine, MOVIES, held)

    with acting_as(an_admin()):
        found = await handlers.search_movies(search.SearchMovies("*", sort_by=order), engine)

    assert titles(found) == expected


@pytest.fixture
def mine() -> UUID:
    return uuid4()


@pytest.fixture
async def two_libraries(engine: Engine, film: Make, show: Make, episode: Make, mine: UUID) -> None:
    """One film, show and episode of mine, and the same of somebody else's, in every facet."""
    theirs = uuid4()
    own, hidden = show("Star Mine", [mine]), show("Star Theirs", [theirs])
    await fill(
        engine,
        MOVIES,
        [
            film("Star Mine", [mine], genres=("Drama",), directors=("Ann",), year=1999),
            film("Star Theirs", [theirs], genres=("Secret",), directors=("Bob",), year=2001),
        ],
    )
    await fill(engine, TVSHOWS, [own, hidden])
    await fill(engine, EPISODES, [episode("Star One", own), episode("Star Two", hidden)])


@pytest.mark.usefixtures("two_libraries")
async def test_hits_counts_and_facets_are_of_the_callers_libraries_only(
    engine: Engine, mine: UUID
) -> None:
    with acting_as(a_user([mine])):
        found = await handlers.search_movies(search.SearchMovies("star"), engine)

    assert titles(found) == ["Star Mine"]
    assert found.total_hits == 1
    assert found.facets["genres"] == (search.FacetValue("Drama", 1),)
    assert found.facets["year"] == (search.FacetValue("1999", 1),)


@pytest.mark.usefixtures("two_libraries")
@pytest.mark.parametrize(
    "written",
    [
        "year:>0 || year:>0",
        "genres:=Secret",
        "genres:!=Drama",
        "title:Theirs || has_file:true",
        "has_file:true || has_file:false",
    ],
)
async def test_no_filter_opens_a_hidden_library(engine: Engine, mine: UUID, written: str) -> None:
    with acting_as(a_user([mine])):
        found = await handlers.search_movies(search.SearchMovies("*", filter_by=written), engine)

    assert "Star Theirs" not in titles(found)
    assert search.FacetValue("Secret", 1) not in found.facets["genres"]


@pytest.mark.usefixtures("two_libraries")
async def test_suggestions_are_of_the_callers_libraries_only(engine: Engine, mine: UUID) -> None:
    with acting_as(a_user([mine])):
        films = await handlers.complete_movies(search.Complete("sta"), engine)
        shows = await handlers.complete_series(search.Complete("sta"), engine)

    assert films.suggestions == shows.suggestions == ("Star Mine",)


@pytest.mark.usefixtures("two_libraries")
async def test_facets_are_of_the_callers_libraries_only(engine: Engine, mine: UUID) -> None:
    with acting_as(a_user([mine])):
        films = await handlers.get_movie_facets(search.GetFacets(), engine)
        shows = await handlers.get_series_facets(search.GetFacets(), engine)

    assert films.directors == (search.FacetValue("Ann", 1),)
    assert films.has_file == shows.has_file == (search.FacetValue("true", 1),)


@pytest.mark.usefixtures("two_libraries")
async def test_one_search_finds_films_shows_and_episodes(engine: Engine, mine: UUID) -> None:
    with acting_as(a_user([mine])):
        found = await handlers.search_all(search.MultiSearch("star"), engine)

    assert titles(found.movies) == titles(found.tvshows) == ["Star Mine"]
    assert [hit.document["title"] for hit in found.episodes.hits] == ["Star One"]
    assert (found.seasons.total_hits, found.people.total_hits) == (0, 0)


@pytest.mark.usefixtures("two_libraries")
async def test_who_may_see_no_library_finds_nothing(engine: Engine) -> None:
    with acting_as(a_user()):
        films = await handlers.search_movies(search.SearchMovies("star"), engine)
        everything = await handlers.search_all(search.MultiSearch("star"), engine)
        facets = await handlers.get_movie_facets(search.GetFacets(), engine)
        completed = await handlers.complete_movies(search.Complete("sta"), engine)

    assert (films.total_hits, everything.episodes.total_hits) == (0, 0)
    assert facets == search.MovieFacets()
    assert completed.suggestions == ()


@pytest.mark.usefixtures("two_libraries")
async def test_a_filter_narrows_what_an_administrator_sees(engine: Engine) -> None:
    with acting_as(an_admin()):
        found = await handlers.search_movies(
            search.SearchMovies("star", filter_by="year:>=2000"), engine
        )

    assert titles(found) == ["Star Theirs"]


@pytest.mark.usefixtures("two_libraries")
async def test_a_filter_may_name_a_library(engine: Engine, mine: UUID) -> None:
    with acting_as(an_admin()):
        found = await handlers.search_movies(
            search.SearchMovies("star", filter_by=f"library_ids:={mine}"), engine
        )

    assert titles(found) == ["Star Mine"]


async def test_a_filter_that_is_none_is_refused(engine: Engine) -> None:
    with acting_as(an_admin()), pytest.raises(FilterInvalid):
        await handlers.search_movies(search.SearchMovies("x", filter_by="nonsense"), engine)


async def test_quoted_values_are_matched_whole(engine: Engine, film: Make) -> None:
    held = [film("A", genres=("Science Fiction", "Rock & Roll")), film("B", genres=("Science",))]
    await fill(engine, MOVIES, held)

    with acting_as(an_admin()):
        science = await handlers.search_movies(
            search.SearchMovies("*", filter_by="genres:=[Science Fiction]"), engine
        )
        rock = await handlers.search_movies(
            search.SearchMovies("*", filter_by="genres:=`Rock & Roll`"), engine
        )

    assert titles(science) == titles(rock) == ["A"]


async def test_titles_of_the_same_name_are_suggested_once(engine: Engine, film: Make) -> None:
    await fill(engine, MOVIES, [film("Solaris"), film("Solaris"), film("Solar Storm")])

    with acting_as(an_admin()):
        found = await handlers.complete_movies(search.Complete("sola", limit=2), engine)

    assert sorted(found.suggestions) == ["Solar Storm", "Solaris"]


async def test_an_index_that_is_not_there_yet_is_unavailable(engine: Engine) -> None:
    with acting_as(an_admin()), pytest.raises(IndexUnavailable):
        await handlers.search_movies(search.SearchMovies("x"), engine)


async def test_a_server_that_is_away_is_unavailable() -> None:
    async with Engine.connect("http://127.0.0.1:1", "key", "") as away:
        with acting_as(an_admin()), pytest.raises(IndexUnavailable):
            await handlers.search_movies(search.SearchMovies("x"), away)
        with pytest.raises(IndexUnavailable):
            await away.ping()


async def test_reindexing_shows_takes_their_episodes_along(tx: Tx) -> None:
    started = await handlers.reindex_series(search.Reindex(), tx)

    (order,) = await sent(tx, search.rebuild_index)
    assert order.collections == (search.Collection.TVSHOWS, search.Collection.EPISODES)
    assert started.job_id == tx.pending[0].id
