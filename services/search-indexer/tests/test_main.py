"""The whole service: events in, hits out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest

from revenge.contracts import movies, search
from revenge.contracts.search import Collection, IndexUnavailable
from revenge.embedded.testing import TypesenseServer
from revenge.kit import Bus, acting_as, settings
from revenge.kit.testing import a_user, an_admin, eventually, running
from revenge.search_indexer.__main__ import SearchSettings, Typesense, start
from revenge.search_indexer.engine import Engine

Make = Callable[..., Any]


@pytest.fixture
def wanted(
    nats: settings.Nats, database_url: str, typesense_server: TypesenseServer, prefix: str
) -> SearchSettings:
    at = Typesense(url=typesense_server.url, api_key=typesense_server.api_key, prefix=prefix)
    return SearchSettings(nats=nats, database=settings.Database(url=database_url), typesense=at)


@pytest.fixture
async def serving(wanted: SearchSettings, engine: Engine, catalog: Any) -> AsyncGenerator[Any]:
    """The catalog that the running service follows."""
    async with running("search-indexer", wanted, start):
        await eventually(lambda: is_filled(engine))
        yield catalog


async def is_filled(engine: Engine) -> bool:
    """Whether the first filling is over, which replaces every collection."""
    collections = [await engine.collections(engine.alias(kind)) for kind in Collection]
    return len(await engine.aliases()) >= 3 and all(len(some) == 1 for some in collections)


async def announce(bus: Bus, *ids: UUID) -> None:
    for id in ids:
        event = movies.MovieEvent(movies.MovieId(id), "", ())
        await bus.js.publish(movies.movie_added.subject, encode(event))


def encode(event: movies.MovieEvent) -> bytes:
    return msgspec.json.encode(event)


async def count(bus: Bus, q: str) -> int:
    with acting_as(an_admin()):
        return (await bus.call(search.search_movies, search.SearchMovies(q))).total_hits


async def test_a_film_is_found_soon_after_its_event(serving: Any, bus: Bus, film: Make) -> None:
    alien = film("Alien")
    serving.add(alien)

    await announce(bus, alien.id)

    await eventually(lambda: count(bus, "alien"))


async def test_the_callers_libraries_travel_with_the_question(
    serving: Any, bus: Bus, film: Make
) -> None:
    alien = film("Alien")
    serving.add(alien)
    await announce(bus, alien.id)
    await eventually(lambda: count(bus, "alien"))

    with acting_as(a_user(alien.library_ids)):
        seen = await bus.call(search.search_movies, search.SearchMovies("alien"))
    with acting_as(a_user()):
        hidden = await bus.call(search.search_movies, search.SearchMovies("alien"))

    assert (seen.total_hits, hidden.total_hits) == (1, 0)


@pytest.mark.usefixtures("engine")
async def test_an_empty_index_is_filled_from_the_catalog_at_start(
    wanted: SearchSettings, catalog: Any, bus: Bus, film: Make
) -> None:
    catalog.add(*(film(f"Film {number}") for number in range(300)))

    async with running("search-indexer", wanted, start):
        await eventually(lambda: is_whole(bus))


async def is_whole(bus: Bus) -> bool:
    try:
        return await count(bus, "film") == 300
    except IndexUnavailable:
        return False


async def test_reindexing_is_done_by_a_job(serving: Any, bus: Bus, film: Make) -> None:
    serving.add(film("Never announced"))

    with acting_as(an_admin()):
        started = await bus.call(search.reindex_movies, search.Reindex())

    assert started.job_id
    await eventually(lambda: count(bus, "announced"))
