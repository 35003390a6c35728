# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""How far users have watched episodes."""

from __future__ import annotations

from typing import LiteralString
from uuid import UUID

from revenge.catalog.titles import Libraries
from revenge.catalog.watches import Watches
from revenge.contracts import EpisodeId, FileId, SeriesId, UserId
from revenge.contracts.tvshows import EpisodeProgress, SeriesInProgress, SeriesWatchStats, TvStats
from revenge.kit import Reading

WATCHES = Watches(
    EpisodeProgress,
    table="tvshows.watch",
    titles="tvshows.episode",
    files="tvshows.episode_file",
    title_id="episode_id",
)

# The episodes that are to be seen, and how far the user is.
EPISODES: LiteralString = """
    select
        episode.series_id, episode.runtime, watch.progress_seconds, watch.last_watched_at,
        watch.is_completed is true as is_watched, episode.season_number > 0 as is_regular
    from tvshows.episode
    left join tvshows.watch on watch.user_id = %(user_id)s and watch.episode_id = episode.id
    where catalog.visible(episode.library_ids, %(libraries)s::uuid[])
"""

# The shows of which the user has seen something.
BEGUN: LiteralString = """
    select episode.series_id
    from tvshows.watch
    join tvshows.episode on episode.id = watch.episode_id
    where watch.user_id = %(user_id)s
    and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
"""


async def list_in_file(rows: Reading, file_id: FileId) -> list[EpisodeId]:
    """The episodes that this file holds."""
    ids = await rows.all(
        UUID,
        """
        select episode_id
        from tvshows.episode_file
        where file_id = %(file_id)s
        order by episode_id
        """,
        file_id=file_id,
    )
    return [EpisodeId(id) for id in ids]


async def list_in_progress(
    rows: Reading, user_id: UserId, libraries: Libraries, limit: int
) -> list[SeriesInProgress]:
    """One episode of each show: the latest first."""
    return await rows.all(
        SeriesInProgress,
        """
        select latest.*, series.title as series_title, series.poster_path as series_poster_path
        from (
            select distinct on (episode.series_id)
                episode.series_id, watch.episode_id, episode.title as episode_title,
                episode.season_number, episode.episode_number, watch.progress_seconds,
                watch.duration_seconds, watch.progress_percent, watch.last_watched_at
            from tvshows.watch
            join tvshows.episode on episode.id = watch.episode_id
            where watch.user_id = %(user_id)s
            and watch.is_in_progress
            and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
            order by episode.series_id, watch.last_watched_at desc, episode.id
        ) as latest
        join tvshows.series on series.id = latest.series_id
        order by latest.last_watched_at desc, latest.series_id
        limit %(limit)s
        """,
        user_id=user_id,
        libraries=libraries,
        limit=limit,
    )


async def get_watch_stats(
    rows: Reading, series_id: SeriesId, user_id: UserId, libraries: Libraries
) -> SeriesWatchStats | None:
    """Without the specials. None for a show that is not to be seen."""
    return await rows.maybe(
        SeriesWatchStats,
        f"""
        select
            series_id, count(*) filter (where is_regular) as total_episodes,
            count(*) filter (where is_regular and is_watched) as watched_episodes,
            coalesce(sum(runtime) filter (where is_regular), 0) as total_runtime_minutes,
            coalesce(sum(runtime) filter (where is_regular and is_watched), 0)
                as watched_runtime_minutes,
            coalesce(round(100 * avg(is_watched::int) filter (where is_regular), 1), 0)
                ::double precision as completion_percent,
            max(last_watched_at) as last_watched_at
        from ({EPISODES}) as episode
        where series_id = %(series_id)s
        group by series_id
        """,
        series_id=series_id,
        user_id=user_id,
        libraries=libraries,
    )


async def get_stats(rows: Reading, user_id: UserId, libraries: Libraries) -> TvStats:
    """Of the shows that the user has begun; one is completed without its specials."""
    return await rows.one(
        TvStats,
        f"""
        with show as (
            select
                count(*) filter (where is_watched) as watched, sum(progress_seconds) as seconds,
                coalesce(bool_and(is_watched) filter (where is_regular), false) as is_completed
            from ({EPISODES}) as episode
            where series_id in ({BEGUN})
            group by series_id
        )
        select
            %(user_id)s::uuid as user_id, count(*) as total_series,
            coalesce(sum(watched), 0)::int as total_episodes_watched,
            (coalesce(sum(seconds), 0) / 60)::int as total_watch_time_minutes,
            count(*) filter (where is_completed) as completed_series,
            count(*) filter (where not is_completed) as current_series
        from show
        """,
        user_id=user_id,
        libraries=libraries,
    )
