# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Seasons and episodes as they are read."""

from __future__ import annotations

from typing import LiteralString

from revenge.catalog.documents import Documents
from revenge.catalog.titles import Libraries, Titles
from revenge.contracts import SeasonId, SeriesId, UserId
from revenge.contracts.tvshows import Episode, EpisodeDocument, EpisodeOfSeries, Season
from revenge.kit import Reading

SEASON: LiteralString = """
    season.id, season.series_id, season.season_number, season.name, season.episode_count,
    season.created_at, season.updated_at, season.tmdb_id, season.overview, season.poster_path,
    season.air_date::text as air_date, season.vote_average
"""

EPISODE: LiteralString = """
    episode.id, episode.series_id, episode.season_id, episode.season_number,
    episode.episode_number, episode.title, episode.created_at, episode.updated_at,
    episode.tmdb_id, episode.tvdb_id, episode.imdb_id, episode.overview,
    episode.air_date::text as air_date, episode.runtime, episode.vote_average,
    episode.vote_count, episode.still_path, episode.production_code
"""


SEASONS = Titles(Season, "tvshows.season", SEASON)
EPISODES = Titles(Episode, "tvshows.episode", EPISODE)
DOCUMENTS = Documents(EpisodeDocument, "tvshows.episode_document")


# The place in its show of the episode that the user watched last.
LAST_WATCHED: LiteralString = """
    select episode.season_number, episode.episode_number
    from tvshows.watch
    join tvshows.episode on episode.id = watch.episode_id
    where watch.user_id = %(user_id)s and episode.series_id = %(series_id)s
    order by watch.last_watched_at desc, episode.season_number desc, episode.episode_number desc
    limit 1
"""
# From there on, and then from the beginning; after a special, the specials first.
FROM_THERE_ON: LiteralString = """
    order by
        ((episode.season_number = 0) = (last.season_number = 0)) desc nulls last,
        (
            (episode.season_number, episode.episode_number)
            >= (last.season_number, last.episode_number)
        ) desc nulls last,
        episode.season_number, episode.episode_number
"""


async def list_seasons(rows: Reading, series_id: SeriesId, libraries: Libraries) -> list[Season]:
    """None of a show that is not to be seen; the specials first."""
    return await rows.all(
        Season,
        f"""
        select {SEASON}
        from tvshows.season
        where season.series_id = %(series_id)s
        and catalog.visible(season.library_ids, %(libraries)s::uuid[])
        order by season.season_number
        """,
        series_id=series_id,
        libraries=libraries,
    )


async def list_episodes(rows: Reading, series_id: SeriesId, libraries: Libraries) -> list[Episode]:
    return await rows.all(
        Episode,
        f"""
        select {EPISODE}
        from tvshows.episode
        where episode.series_id = %(series_id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        order by episode.season_number, episode.episode_number
        """,
        series_id=series_id,
        libraries=libraries,
    )


async def list_season_episodes(
    rows: Reading, season_id: SeasonId, libraries: Libraries
) -> list[Episode]:
    return await rows.all(
        Episode,
        f"""
        select {EPISODE}
        from tvshows.episode
        where episode.season_id = %(season_id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        order by episode.episode_number
        """,
        season_id=season_id,
        libraries=libraries,
    )


async def list_recent(
    rows: Reading, libraries: Libraries, limit: int, offset: int
) -> list[EpisodeOfSeries]:
    return await rows.all(
        EpisodeOfSeries,
        """
        select
            episode.id, episode.series_id, series.title as series_title, episode.season_id,
            episode.season_number, episode.episode_number, episode.title, episode.created_at,
            series.poster_path as series_poster_path, episode.tmdb_id, episode.tvdb_id,
            episode.overview, episode.air_date::text as air_date, episode.runtime,
            episode.still_path
        from tvshows.episode
        join tvshows.series on series.id = episode.series_id
        where catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        order by episode.library_added_at desc, episode.id desc
        limit %(limit)s offset %(offset)s
        """,
        libraries=libraries,
        limit=limit,
        offset=offset,
    )


async def get_next_episode(
    rows: Reading, series_id: SeriesId, user_id: UserId, libraries: Libraries
) -> Episode | None:
    """The first that is not watched to its end, from the one on that was watched last.

    When there is none after it, the first before it. Specials count only after a special.
    """
    return await rows.maybe(
        Episode,
        f"""
        with last as ({LAST_WATCHED})
        select {EPISODE}
        from tvshows.episode
        left join last on true
        left join tvshows.watch on watch.user_id = %(user_id)s and watch.episode_id = episode.id
        where episode.series_id = %(series_id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        and watch.is_completed is not true
        and (episode.season_number > 0 or last.season_number = 0)
        {FROM_THERE_ON}
        limit 1
        """,
        series_id=series_id,
        user_id=user_id,
        libraries=libraries,
    )
