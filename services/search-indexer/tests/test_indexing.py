"""The index is what the catalog is, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from revenge.contracts import Unavailable, movies, search, tvshows
from revenge.contracts.search import Collection
from revenge.kit import Database
from revenge.search_indexer import handlers, jobs, sources, store
from revenge.search_indexer.engine import Search
from revenge.search_indexer.indexing import Indexer, Turns
from revenge.search_indexer.keeping import Keeper

Make = Callable[..., Any]


def changed(*ids: UUID) -> list[movies.MovieEvent]:
    return [movies.MovieEvent(movies.MovieId(id), "", ()) for id in ids]


async def titles(indexer: Indexer, collection: Collection = Collection.MOVIES) -> list[str]:
    """What every document of the collection is called."""
    alias = indexer.engine.alias(collection)
    found: list[str] = []
    for page in (1, 2):
        asked = Search(
            alias, "*", "title", page=page, per_page=250, include_fields="title,series_title"
        )
        (result,) = await indexer.engine.search(asked)
        assert not result.error, result.error
        found += [str(bytes(hit.document), "utf-8") for hit in result.hits]
    return sorted(found)


@pytest.fixture
async def kept(indexer: Indexer) -> Indexer:
    """An index whose collections are there, and empty."""
    await Keeper(indexer).look()
    return indexer


async def test_a_film_that_was_added_is_found(kept: Indexer, catalog: Any, film: Make) -> None:
    alien = film("Alien")
    catalog.add(alien)

    await handlers.follow_movies(changed(alien.id), kept)

    assert await titles(kept) == ['{"title":"Alien"}']


async def test_events_may_come_twice_and_late(kept: Indexer, catalog: Any, film: Make) -> None:
    alien = film("Alien")
    catalog.add(alien)
    await handlers.follow_movies(changed(alien.id, alien.id), kept)
    catalog.add(film("Aliens", id=alien.id))

    await handlers.follow_movies(changed(alien.id), kept)
    await handlers.follow_movies(changed(alien.id), kept)

    assert await titles(kept) == ['{"title":"Aliens"}']


async def test_what_the_catalog_has_no_more_is_deleted(
    kept: Indexer, catalog: Any, film: Make
) -> None:
    held = [film(f"Film {number}") for number in range(200)]
    catalog.add(*held)
    await handlers.follow_movies(changed(*catalog.films), kept)
    catalog.films.clear()

    await handlers.follow_movies(changed(*(document.id for document in held)), kept)

    assert await titles(kept) == []


async def test_a_document_that_the_index_refuses_does_not_hold_up_the_others(
    kept: Indexer, catalog: Any, film: Make
) -> None:
    catalog.add(film("Huge", tmdb_id=2**40), film("Fine"))

    await handlers.follow_movies(changed(*catalog.films), kept)

    assert '{"title":"Fine"}' in await titles(kept)


async def test_episodes_follow_their_show_to_its_new_name(
    kept: Indexer, catalog: Any, show: Make, episode: Make
) -> None:
    old = show("Old", [uuid4()])
    pilot = episode("Pilot", of=old)
    catalog.add(old, pilot)
    await handlers.follow_episodes([episode_event(pilot)], kept)
    new = show("New", old.library_ids, id=old.id)
    catalog.add(new, tvshows.EpisodeDocument(**{**fields(pilot), "series_title": "New"}))

    await handlers.follow_series([tvshows.SeriesEvent(new.id, "New", new.library_ids)], kept)

    assert await titles(kept, Collection.EPISODES) == ['{"series_title":"New","title":"Pilot"}']


def episode_event(document: tvshows.EpisodeDocument) -> tvshows.EpisodeEvent:
    return tvshows.EpisodeEvent(document.id, document.series_id, "", 1, 1, "", ())


def fields(document: tvshows.EpisodeDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in document.__struct_fields__}


async def test_a_missing_index_is_made_and_ordered_to_be_filled_once(
    indexer: Indexer, db: Database
) -> None:
    keeper = Keeper(indexer)

    await keeper.look()
    await keeper.look()

    for collection in Collection:
        alias = indexer.engine.alias(collection)
        assert [info.num_documents for info in await indexer.engine.collections(alias)] == [0]
        assert await ordered(db, alias) == 1


async def ordered(db: Database, alias: str) -> int:
    async with db.read() as rows:
        return await rows.one(
            int,
            "select count(*) from unique_job where key like %(key)s",
            key=f"refill {alias}_v%",
        )


async def test_a_rebuilt_index_is_whole_and_takes_the_place_of_the_old(
    kept: Indexer, catalog: Any, film: Make, db: Database
) -> None:
    catalog.add(*(film(f"Film {number:03}") for number in range(600)))
    alias = kept.engine.alias(Collection.MOVIES)
    (old,) = await kept.engine.collections(alias)

    await jobs.rebuild(search.RebuildIndex((Collection.MOVIES,)), kept)

    (new,) = await kept.engine.collections(alias)
    assert (new.num_documents, (await kept.engine.aliases())[alias]) == (600, new.name)
    assert new.name != old.name
    async with db.read() as rows:
        assert await store.whole(rows, [new.name, old.name]) == [new.name]


async def test_an_index_that_is_whole_is_not_ordered_again(
    kept: Indexer, catalog: Any, film: Make, db: Database
) -> None:
    catalog.add(film())
    await kept.rebuild(sources.MOVIES)
    before = await ordered(db, kept.engine.alias(Collection.MOVIES))

    await Keeper(kept).look()

    assert await ordered(db, kept.engine.alias(Collection.MOVIES)) == before


async def test_an_index_that_was_lost_is_made_and_ordered_anew(
    kept: Indexer, catalog: Any, film: Make, db: Database
) -> None:
    catalog.add(film())
    await kept.rebuild(sources.MOVIES)
    alias = kept.engine.alias(Collection.MOVIES)
    before = await ordered(db, alias)
    for info in await kept.engine.collections(alias):
        await kept.engine.drop(info.name)

    await Keeper(kept).look()

    assert await titles(kept) == []
    assert await ordered(db, alias) == before + 1


async def test_searches_find_everything_while_the_index_is_rebuilt(
    kept: Indexer, catalog: Any, film: Make
) -> None:
    catalog.add(*(film(f"Film {number:03}") for number in range(200)))
    await kept.rebuild(sources.MOVIES)
    rebuilding = asyncio.create_task(kept.rebuild(sources.MOVIES))
    counts = set()

    while not rebuilding.done():
        counts.add(len(await titles(kept)))

    await rebuilding
    assert counts == {200}


async def test_changes_during_a_rebuild_are_in_the_new_index(
    kept: Indexer, catalog: Any, film: Make
) -> None:
    first = [film(f"Old {number:03}") for number in range(300)]
    catalog.add(*first)
    rebuilding = asyncio.create_task(kept.rebuild(sources.MOVIES))
    while not rebuilding.done():
        victim = catalog.films.pop(next(iter(catalog.films)))
        fresh = film("New")
        catalog.add(fresh)
        await handlers.follow_movies(changed(victim.id, fresh.id), kept)
    await rebuilding

    held = [document.title for document in catalog.films.values()]
    assert await titles(kept) == sorted(f'{{"title":"{title}"}}' for title in held)


async def test_writers_take_turns_over_connections(db: Database) -> None:
    here, elsewhere = Turns(db), Turns(db)
    async with here.take(Collection.MOVIES, "movies"):
        waiting = asyncio.create_task(take(elsewhere))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 60)


async def take(turns: Turns) -> None:
    async with turns.take(Collection.MOVIES, "movies"):
        pass


async def test_without_the_catalog_nothing_is_deleted(indexer: Indexer, film: Make) -> None:
    await Keeper(indexer).look()

    with pytest.raises(Unavailable):
        await handlers.follow_movies(changed(film().id), indexer)
