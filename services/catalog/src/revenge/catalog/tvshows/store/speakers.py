# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Which file speaks for a show, a season or an episode: the one that says most of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import LiteralString
from uuid import UUID

from msgspec import Struct

from revenge.catalog.tvshows.rules import Speaker
from revenge.contracts import EpisodeId, SeasonId, SeriesId
from revenge.kit import Reading

SAYS_MOST_OF_SERIES: LiteralString = "file.series_richness desc, file.id"
SAYS_MOST_OF_EPISODE: LiteralString = "file.richness desc, file.part, file.id"


class Member(Struct, frozen=True):
    season_id: SeasonId
    episode_id: EpisodeId


async def of_series(rows: Reading, series_ids: Collection[SeriesId]) -> list[Speaker]:
    return await _speakers(rows, "episode.series_id", SAYS_MOST_OF_SERIES, series_ids)


async def of_seasons(rows: Reading, season_ids: Collection[SeasonId]) -> list[Speaker]:
    return await _speakers(rows, "episode.season_id", SAYS_MOST_OF_SERIES, season_ids)


async def of_episodes(rows: Reading, episode_ids: Collection[EpisodeId]) -> list[Speaker]:
    return await _speakers(rows, "episode.id", SAYS_MOST_OF_EPISODE, episode_ids)


async def _speakers(
    rows: Reading, of: LiteralString, richest: LiteralString, ids: Collection[UUID]
) -> list[Speaker]:
    """For each of what `of` identifies, the file that comes first."""
    return await rows.all(
        Speaker,
        f"""
        with chosen as (
            select distinct on ({of})
                {of} as id, episode_file.file_id, episode.season_number, episode.episode_number
            from tvshows.episode
            join tvshows.episode_file on episode_file.episode_id = episode.id
            join catalog.file on file.id = episode_file.file_id
            where {of} = any(%(ids)s::uuid[])
            order by {of}, {richest}
        )
        select chosen.*, file.facts, file.duration
        from chosen
        join catalog.file on file.id = chosen.file_id
        """,
        ids=list(ids),
    )


async def members(rows: Reading, series_id: SeriesId) -> list[Member]:
    """The episodes of a show that can be seen by anybody, with their seasons."""
    return await rows.all(
        Member,
        """
        select season_id, id as episode_id
        from tvshows.episode
        where series_id = %(series_id)s and library_ids <> '{}'
        """,
        series_id=series_id,
    )
