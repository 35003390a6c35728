"""Episodes carry the title and the poster of their show: find those that fell behind."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from uuid import UUID

import msgspec

from revenge.contracts.search import Collection
from revenge.contracts.tvshows import SeriesDocument
from revenge.search_indexer.documents import AnyDocument
from revenge.search_indexer.engine import Engine, Search

PAGE = 250  # the most hits that the index hands out


class _Episode(msgspec.Struct, frozen=True):
    id: UUID
    series_id: UUID
    series_title: str
    series_poster_path: str | None = None


async def behind(engine: Engine, documents: Sequence[AnyDocument]) -> list[UUID]:
    """The indexed episodes of these shows that name them otherwise."""
    series: dict[UUID, SeriesDocument] = {
        doc.id: doc for doc in documents if isinstance(doc, SeriesDocument)
    }
    return [
        episode.id
        async for episode in _episodes_of(engine, series)
        if (now := series[episode.series_id])
        and (episode.series_title, episode.series_poster_path) != (now.title, now.poster_path)
    ]


async def _episodes_of(engine: Engine, series: Iterable[UUID]) -> AsyncGenerator[_Episode]:
    ids = ",".join(f"`{id}`" for id in series)
    page, more = 1, bool(ids)
    while more:
        (result,) = await engine.search(
            Search(
                collection=engine.alias(Collection.EPISODES),
                q="*",
                query_by="title",
                page=page,
                per_page=PAGE,
                filter_by=f"series_id:=[{ids}]",
                include_fields="id,series_id,series_title,series_poster_path",
            )
        )
        for hit in result.hits:
            yield msgspec.json.decode(hit.document, type=_Episode)
        page, more = page + 1, len(result.hits) == PAGE
