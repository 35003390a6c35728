"""The whole service, on a real bus and a real database."""

from collections.abc import AsyncGenerator
from typing import TypeVar
from uuid import uuid4

import msgspec
import pytest

from revenge.catalog import handlers
from revenge.catalog.__main__ import CatalogSettings, start
from revenge.catalog.movies import handlers as of_movies
from revenge.catalog.testing import episode, film, found
from revenge.catalog.tvshows import handlers as of_tvshows
from revenge.contracts import (
    Event,
    LibraryId,
    Message,
    Rpc,
    SeriesId,
    library,
    metadata,
    movies,
    services,
    tvshows,
)
from revenge.contracts.movies import GetMovie, ListMovies
from revenge.kit import Bus, acting_as
from revenge.kit.settings import Database, Nats
from revenge.kit.testing import a_user, an_admin, eventually, running

M = TypeVar("M", bound=Message)


@pytest.fixture
async def catalog(database_url: str, nats: Nats) -> AsyncGenerator[None]:
    settings = CatalogSettings(nats=nats, database=Database(url=database_url))
    async with running("catalog", settings, start):
        yield


async def emit(bus: Bus, event: Event[M], payload: M) -> None:
    await bus.store(event.subject, msgspec.json.encode(payload), str(uuid4()), {})


@pytest.mark.usefixtures("catalog")
async def test_a_found_file_can_be_asked_for_and_its_film_is_announced(bus: Bus) -> None:
    library_id = LibraryId(uuid4())
    announced = await bus.js.subscribe(movies.movie_added.subject)
    enqueued = await bus.js.subscribe(metadata.describe_titles.subject)

    files = found(library_id, film(f"Heat {uuid4()}"), episode(f"Alf {uuid4()}", 1, 1))
    await emit(bus, library.files_found, files)

    async def listed() -> tuple[movies.Movie, ...]:
        return (await bus.call(movies.list_movies, ListMovies(library_id=library_id))).items

    with acting_as(an_admin()):
        (movie,) = await eventually(listed)
    added = msgspec.json.decode((await announced.next_msg(5)).data, type=movies.MovieEvent)
    assert added.movie_id == movie.id
    job = msgspec.json.decode((await enqueued.next_msg(5)).data, type=metadata.DescribeTitles)
    assert movie.id in {title.id for title in job.titles}
    await announced.unsubscribe()  # what is left is waited for
    await enqueued.unsubscribe()


@pytest.mark.usefixtures("catalog")
async def test_a_description_that_arrives_is_shown(bus: Bus) -> None:
    library_id = LibraryId(uuid4())
    await emit(bus, library.files_found, found(library_id, film(f"Heat {uuid4()}")))

    async def listed() -> tuple[movies.Movie, ...]:
        return (await bus.call(movies.list_movies, ListMovies(library_id=library_id))).items

    with acting_as(a_user([library_id])):
        (movie,) = await eventually(listed)
        described = metadata.Description(title="Heat", overview="Cops and robbers.")
        await emit(bus, metadata.movie_described, metadata.TitleDescribed(movie.id, 1, described))

        async def told() -> str | None:
            return (await bus.call(movies.get_movie, GetMovie(movie.id))).overview

        assert await eventually(told) == "Cops and robbers."


@pytest.mark.usefixtures("catalog")
async def test_a_file_that_moved_is_told_under_its_new_path(bus: Bus) -> None:
    library_id, file = LibraryId(uuid4()), film(f"Heat {uuid4()}")
    await emit(bus, library.files_found, found(library_id, file))

    async def paths() -> list[str]:
        listed = await bus.call(movies.list_movies, ListMovies(library_id=library_id))
        return [
            each.file_path
            for movie in listed.items
            for each in await bus.call(movies.list_files, GetMovie(movie.id))
            if each.id == file.id
        ]

    async def moved() -> bool:
        return await paths() == ["/films/new/Heat.mkv"]

    with acting_as(a_user([library_id])):
        await eventually(paths)
        place = library.FilesMoved(library_id, {file.id: "/films/new/Heat.mkv"}, {file.id: 2})
        await emit(bus, library.files_moved, place)
        assert await eventually(moved)


@pytest.mark.usefixtures("catalog")
async def test_what_may_not_be_seen_is_a_fault_for_the_caller(bus: Bus) -> None:
    with acting_as(a_user()), pytest.raises(tvshows.SeriesNotFound):
        await bus.call(tvshows.get_series, tvshows.GetSeries(SeriesId(uuid4())))


def test_every_contract_of_the_catalog_has_its_handler() -> None:
    reads = [handlers.reads, *of_movies.reads, *of_tvshows.reads]
    writes = [handlers.writes, *of_movies.writes, *of_tvshows.writes]
    bound = {route.contract.subject for router in (*reads, *writes) for route in router}

    wanted = {
        contract.subject
        for domain in services.CATALOG.domains
        for contract in domain
        if isinstance(contract, Rpc)
    }
    assert bound == wanted | {event.subject for event in services.CATALOG.listens}
