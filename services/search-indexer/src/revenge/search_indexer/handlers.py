"""Searches, each within what its caller may see, and the catalog's events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from loguru import logger

from revenge.contracts import movies, search, tvshows
from revenge.contracts.search import Collection, FilterInvalid, IndexUnavailable
from revenge.kit import Router, Tx, caller
from revenge.search_indexer import queries, renaming, sources
from revenge.search_indexer.engine import NOT_FOUND, Engine, Refused, Result, Search
from revenge.search_indexer.indexing import Indexer
from revenge.search_indexer.schemas import EPISODES, MOVIES, TVSHOWS, Schema

BAD_REQUEST = 400
BATCH = 200  # events at once; the catalog hands out 250 documents

asking = Router[Engine]()
ordering = Router[Tx]()
following = Router[Indexer]()


@asking.rpc(search.search_movies)
async def search_movies(asked: search.SearchMovies, engine: Engine) -> search.SearchResults:
    return await _search(asked, MOVIES, engine)


@asking.rpc(search.search_series)
async def search_series(asked: search.SearchSeries, engine: Engine) -> search.SearchResults:
    return await _search(asked, TVSHOWS, engine)


@asking.rpc(search.complete_movies)
async def complete_movies(asked: search.Complete, engine: Engine) -> search.Suggestions:
    return await _complete(asked, MOVIES, engine)


@asking.rpc(search.complete_series)
async def complete_series(asked: search.Complete, engine: Engine) -> search.Suggestions:
    return await _complete(asked, TVSHOWS, engine)


@asking.rpc(search.get_movie_facets)
async def get_movie_facets(_: search.GetFacets, engine: Engine) -> search.MovieFacets:
    found = await _facets(MOVIES, engine)
    return search.MovieFacets(
        genres=queries.facet(found, "genres"),
        years=queries.facet(found, "year"),
        status=queries.facet(found, "status"),
        directors=queries.facet(found, "directors"),
        resolution=queries.facet(found, "resolution"),
        has_file=queries.facet(found, "has_file"),
    )


@asking.rpc(search.get_series_facets)
async def get_series_facets(_: search.GetFacets, engine: Engine) -> search.SeriesFacets:
    found = await _facets(TVSHOWS, engine)
    return search.SeriesFacets(
        genres=queries.facet(found, "genres"),
        years=queries.facet(found, "year"),
        status=queries.facet(found, "status"),
        type=queries.facet(found, "type"),
        networks=queries.facet(found, "networks"),
        has_file=queries.facet(found, "has_file"),
    )


@asking.rpc(search.search_all)
async def search_all(asked: search.MultiSearch, engine: Engine) -> search.MultiResults:
    """Three searches, one round trip."""
    ours = queries.visible(caller())
    if ours is None:
        none = queries.nothing()
        return search.MultiResults(none, none, search.Found(), search.Found(), search.Found())
    films, shows, episodes = await _ask(
        engine,
        *(
            queries.hits(
                schema, engine.alias(schema.collection), asked.q, ours, per_page=asked.limit
            )
            for schema in (MOVIES, TVSHOWS, EPISODES)
        ),
    )
    return search.MultiResults(
        movies=queries.results(films, MOVIES, 1, asked.limit),
        tvshows=queries.results(shows, TVSHOWS, 1, asked.limit),
        episodes=queries.found(episodes, EPISODES),
        seasons=search.Found(),
        people=search.Found(),
    )


@ordering.rpc(search.reindex_movies)
async def reindex_movies(_: search.Reindex, tx: Tx) -> search.ReindexStarted:
    return await _reindex((Collection.MOVIES,), tx)


@ordering.rpc(search.reindex_series)
async def reindex_series(_: search.Reindex, tx: Tx) -> search.ReindexStarted:
    return await _reindex((Collection.TVSHOWS, Collection.EPISODES), tx)


@following.on_many(movies.movie_added, batch=BATCH)
@following.on_many(movies.movie_updated, batch=BATCH)
@following.on_many(movies.movie_deleted, batch=BATCH)
async def follow_movies(events: Sequence[movies.MovieEvent], indexer: Indexer) -> None:
    await indexer.follow(sources.MOVIES, _once(event.movie_id for event in events))


@following.on_many(tvshows.series_added, batch=BATCH)
@following.on_many(tvshows.series_updated, batch=BATCH)
@following.on_many(tvshows.series_deleted, batch=BATCH)
async def follow_series(events: Sequence[tvshows.SeriesEvent], indexer: Indexer) -> None:
    series = await indexer.follow(sources.TVSHOWS, _once(event.series_id for event in events))
    behind = await renaming.behind(indexer.engine, series)
    for first in range(0, len(behind), sources.AT_ONCE):
        await indexer.follow(sources.EPISODES, behind[first : first + sources.AT_ONCE])


@following.on_many(tvshows.episode_added, batch=BATCH)
@following.on_many(tvshows.episode_updated, batch=BATCH)
@following.on_many(tvshows.episode_deleted, batch=BATCH)
async def follow_episodes(events: Sequence[tvshows.EpisodeEvent], indexer: Indexer) -> None:
    await indexer.follow(sources.EPISODES, _once(event.episode_id for event in events))


async def _search(
    asked: search.SearchMovies | search.SearchSeries, schema: Schema, engine: Engine
) -> search.SearchResults:
    ours = queries.visible(caller())
    if ours is None:
        return queries.nothing(asked.page)
    query = queries.hits(
        schema,
        engine.alias(schema.collection),
        asked.q,
        queries.both(asked.filter_by, ours, schema),
        page=asked.page,
        per_page=asked.per_page,
    )
    query = queries.sorted_by(queries.with_facets(query, schema), asked.sort_by)
    (found,) = await _ask(engine, query)
    return queries.results(found, schema, asked.page, asked.per_page)


async def _complete(asked: search.Complete, schema: Schema, engine: Engine) -> search.Suggestions:
    ours = queries.visible(caller())
    if ours is None:
        return search.Suggestions(())
    alias = engine.alias(schema.collection)
    (found,) = await _ask(engine, queries.completions(schema, alias, asked.q, ours, asked.limit))
    return queries.suggestions(found, asked.limit)


async def _facets(schema: Schema, engine: Engine) -> Result:
    ours = queries.visible(caller())
    if ours is None:
        return Result()
    query = queries.only_facets(schema, engine.alias(schema.collection), ours)
    (found,) = await _ask(engine, query)
    return found


async def _ask(engine: Engine, *asked: Search) -> tuple[Result, ...]:
    try:
        found = await engine.search(*asked)
    except Refused as error:
        raise IndexUnavailable from error
    for result in found:
        _check(result)
    return found


def _check(result: Result) -> None:
    if not result.error:
        return
    if result.code == BAD_REQUEST and "filter" in result.error.lower():
        raise FilterInvalid(result.error)
    if result.code != NOT_FOUND:  # a collection that is not there yet is no surprise
        logger.error("the index refused a search: {} {}", result.code, result.error)
    raise IndexUnavailable


async def _reindex(collections: tuple[Collection, ...], tx: Tx) -> search.ReindexStarted:
    job_id = await tx.enqueue(search.rebuild_index, search.RebuildIndex(collections))
    return search.ReindexStarted("the index is being built anew", job_id)


def _once(ids: Iterable[UUID]) -> list[UUID]:
    """A title may have changed several times in one batch."""
    return list(dict.fromkeys(ids))
