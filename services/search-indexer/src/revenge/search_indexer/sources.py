"""Where the documents of each collection come from: the catalog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from revenge.contracts import EpisodeId, MovieId, SeriesId, movies, tvshows
from revenge.contracts.search import Collection
from revenge.kit import Bus
from revenge.search_indexer import schemas
from revenge.search_indexer.documents import AnyDocument
from revenge.search_indexer.schemas import Schema

AT_ONCE = 250  # the most that the catalog hands out


@dataclass(frozen=True)
class Source:
    """`some` asks for these ids, and leaves out what is not there; `page` for what follows."""

    schema: Schema
    some: Callable[[Bus, Sequence[UUID]], Awaitable[Sequence[AnyDocument]]]
    page: Callable[[Bus, UUID | None], Awaitable[Sequence[AnyDocument]]]

    @property
    def collection(self) -> Collection:
        return self.schema.collection


async def _some_movies(bus: Bus, ids: Sequence[UUID]) -> Sequence[AnyDocument]:
    asked = movies.GetMovieDocuments(ids=tuple(MovieId(id) for id in ids))
    return (await bus.call(movies.get_documents, asked)).documents


async def _page_of_movies(bus: Bus, after: UUID | None) -> Sequence[AnyDocument]:
    asked = movies.GetMovieDocuments(after=MovieId(after) if after else None, limit=AT_ONCE)
    return (await bus.call(movies.get_documents, asked)).documents


async def _some_series(bus: Bus, ids: Sequence[UUID]) -> Sequence[AnyDocument]:
    asked = tvshows.GetSeriesDocuments(ids=tuple(SeriesId(id) for id in ids))
    return (await bus.call(tvshows.get_series_documents, asked)).documents


async def _page_of_series(bus: Bus, after: UUID | None) -> Sequence[AnyDocument]:
    asked = tvshows.GetSeriesDocuments(after=SeriesId(after) if after else None, limit=AT_ONCE)
    return (await bus.call(tvshows.get_series_documents, asked)).documents


async def _some_episodes(bus: Bus, ids: Sequence[UUID]) -> Sequence[AnyDocument]:
    asked = tvshows.GetEpisodeDocuments(ids=tuple(EpisodeId(id) for id in ids))
    return (await bus.call(tvshows.get_episode_documents, asked)).documents


async def _page_of_episodes(bus: Bus, after: UUID | None) -> Sequence[AnyDocument]:
    asked = tvshows.GetEpisodeDocuments(after=EpisodeId(after) if after else None, limit=AT_ONCE)
    return (await bus.call(tvshows.get_episode_documents, asked)).documents


MOVIES = Source(schemas.MOVIES, _some_movies, _page_of_movies)
TVSHOWS = Source(schemas.TVSHOWS, _some_series, _page_of_series)
EPISODES = Source(schemas.EPISODES, _some_episodes, _page_of_episodes)

SOURCES = {source.collection: source for source in (MOVIES, TVSHOWS, EPISODES)}
