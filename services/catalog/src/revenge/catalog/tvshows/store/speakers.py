"""Which file speaks for a show, a season or an episode: the one that says most of it."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from revenge.catalog.tvshows.rules import Speaker
from revenge.contracts import EpisodeId, SeasonId, SeriesId
from revenge.kit import Reading


class Member(Struct, frozen=True):
    season_id: SeasonId
    episode_id: EpisodeId


async def of_series(rows: Reading, series_ids: Collection[SeriesId]) -> list[Speaker]:
    return await rows.all(
        Speaker,
        """
        with chosen as (
            select distinct on (episode.series_id)
                episode.series_id as id, episode_file.file_id
            from tvshows.episode
            join tvshows.episode_file on episode_file.episode_id = episode.id
            join catalog.file on file.id = episode_file.file_id
            where episode.series_id = any(%(series_ids)s::uuid[])
            order by episode.series_id, file.series_richness desc, file.id
        )
        select chosen.id, chosen.file_id, file.facts, file.duration
        from chosen
        join catalog.file on file.id = chosen.file_id
        """,
        series_ids=list(series_ids),
    )


async def of_seasons(rows: Reading, season_ids: Collection[SeasonId]) -> list[Speaker]:
    return await rows.all(
        Speaker,
        """
        with chosen as (
            select distinct on (episode.season_id)
                episode.season_id as id, episode_file.file_id, episode.season_number
            from tvshows.episode
            join tvshows.episode_file on episode_file.episode_id = episode.id
            join catalog.file on file.id = episode_file.file_id
            where episode.season_id = any(%(season_ids)s::uuid[])
            order by episode.season_id, file.series_richness desc, file.id
        )
        select chosen.id, chosen.file_id, file.facts, file.duration, chosen.season_number
        from chosen
        join catalog.file on file.id = chosen.file_id
        """,
        season_ids=list(season_ids),
    )


async def of_episodes(rows: Reading, episode_ids: Collection[EpisodeId]) -> list[Speaker]:
    return await rows.all(
        Speaker,
        """
        with chosen as (
            select distinct on (episode.id)
                episode.id, episode_file.file_id, episode.season_number, episode.episode_number
            from tvshows.episode
            join tvshows.episode_file on episode_file.episode_id = episode.id
            join catalog.file on file.id = episode_file.file_id
            where episode.id = any(%(episode_ids)s::uuid[])
            order by episode.id, file.richness desc, file.part, file.id
        )
        select
            chosen.id, chosen.file_id, file.facts, file.duration, chosen.season_number,
            chosen.episode_number
        from chosen
        join catalog.file on file.id = chosen.file_id
        """,
        episode_ids=list(episode_ids),
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
