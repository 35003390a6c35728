"""Several at once, each in a transaction of its own, as replicas of the service do it."""

import asyncio
from uuid import uuid4

import pytest

from revenge.catalog.handlers import let_go, take_in
from revenge.catalog.movies.reading import list_files, list_movies
from revenge.catalog.testing import episode, film, found
from revenge.catalog.tvshows.reading import list_episodes, list_series
from revenge.contracts import LibraryId
from revenge.contracts.library import FilesFound, FilesGone
from revenge.contracts.movies import GetMovie, ListMovies
from revenge.contracts.tvshows import GetSeries, ListSeries
from revenge.kit import Database

pytestmark = pytest.mark.usefixtures("admin")


async def deliver(db: Database, event: FilesFound) -> None:
    async with db.begin() as tx:
        await take_in(event, tx)


async def test_batches_that_name_one_show_make_it_once(db: Database, library: LibraryId) -> None:
    show = f"Firefly {uuid4()}"
    batches = [
        found(library, *(episode(show, season, number) for number in (1, 2, 3)))
        for season in (1, 2, 3)
    ]

    await asyncio.gather(*(deliver(db, batch) for batch in batches))

    async with db.read() as rows:
        (series,) = (await list_series(ListSeries(library_id=library), rows)).items
        episodes = await list_episodes(GetSeries(series.id), rows)
    assert (series.total_seasons, series.total_episodes, len(episodes)) == (3, 9, 9)


async def test_batches_that_name_one_film_make_it_once(db: Database, library: LibraryId) -> None:
    title = f"Heat {uuid4()}"
    batches = [found(library, film(title), film(title, height=720)) for _ in range(4)]

    await asyncio.gather(*(deliver(db, batch) for batch in batches))

    async with db.read() as rows:
        (movie,) = (await list_movies(ListMovies(library_id=library), rows)).items
        assert len(await list_files(GetMovie(movie.id), rows)) == 8


async def test_one_batch_delivered_twice_at_once_is_taken_in_once(
    db: Database, library: LibraryId
) -> None:
    batch = found(library, film(f"Heat {uuid4()}"), episode(f"Alf {uuid4()}", 1, 1, 2))

    await asyncio.gather(deliver(db, batch), deliver(db, batch))

    async with db.read() as rows:
        assert (await list_movies(ListMovies(library_id=library), rows)).total == 1
        assert (await list_series(ListSeries(library_id=library), rows)).total == 1


async def test_files_that_come_while_others_go_leave_what_is_there(
    db: Database, library: LibraryId
) -> None:
    title = f"Heat {uuid4()}"
    old, new = film(title, height=720), film(title)
    await deliver(db, found(library, old))

    async def lose() -> None:
        async with db.begin() as tx:
            await let_go(FilesGone(library, {old.id: old.revision}), tx)

    await asyncio.gather(lose(), deliver(db, found(library, new)))

    async with db.read() as rows:
        (movie,) = (await list_movies(ListMovies(library_id=library), rows)).items
        assert [file.id for file in await list_files(GetMovie(movie.id), rows)] == [new.id]
