# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""How far users have watched episodes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.rules.watching import Position
from revenge.contracts import EpisodeId, FileId, LibraryId, SeriesId, UserId
from revenge.contracts.tvshows import EpisodeProgress, SeriesInProgress, SeriesWatchStats, TvStats
from revenge.kit import Reading, Tx

Libraries = Sequence[LibraryId] | None

PROGRESS: LiteralString = """
    watch.user_id, watch.episode_id, watch.progress_seconds, watch.duration_seconds,
    watch.progress_seconds * 100 / watch.duration_seconds as progress_percent,
    watch.is_completed, watch.watch_count, watch.last_watched_at, watch.created_at,
    watch.updated_at, watch.watched_at
"""


class Length(Struct, frozen=True):
    """How long an episode is: as its longest file says in seconds, and as is told in minutes."""

    id: EpisodeId
    duration: float | None
    runtime: int | None


class Viewing(Struct, frozen=True):
    """How far an episode was watched now."""

    episode_id: EpisodeId
    progress: int
    duration: int
    is_completed: bool


def viewing(id: EpisodeId, at: Position) -> Viewing:
    return Viewing(id, at.progress, at.duration, at.is_completed)


async def get_progress(
    rows: Reading, id: EpisodeId, user_id: UserId, libraries: Libraries
) -> EpisodeProgress | None:
    return await rows.maybe(
        EpisodeProgress,
        "select "
        + PROGRESS
        + """
        from tvshows.watch
        join tvshows.episode on episode.id = watch.episode_id
        where watch.user_id = %(user_id)s
        and watch.episode_id = %(id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        user_id=user_id,
        libraries=libraries,
    )


async def set_progress(
    tx: Tx, user_id: UserId, viewings: Sequence[Viewing], seen_at: datetime | None
) -> list[EpisodeProgress]:
    """A viewing counts when it comes to its end, once.

    A place `seen_at` some time moves nothing, and is not returned, where a later one is known;
    without a time, it is the user's word, and holds.
    """
    return await tx.all(
        EpisodeProgress,
        """
        insert into tvshows.watch (
            user_id, episode_id, progress_seconds, duration_seconds, is_completed, watch_count,
            watched_at, last_watched_at
        )
        select
            %(user_id)s, viewing.episode_id, viewing.progress, viewing.duration,
            viewing.is_completed, viewing.is_completed::int,
            case when viewing.is_completed then now() end,
            coalesce(%(seen_at)s::timestamptz, now())
        from jsonb_to_recordset(%(viewings)s) as viewing (
            episode_id uuid, progress int, duration int, is_completed boolean
        )
        order by viewing.episode_id
        on conflict (user_id, episode_id) do update
        set progress_seconds = excluded.progress_seconds,
            duration_seconds = excluded.duration_seconds,
            is_completed = excluded.is_completed,
            watch_count = watch.watch_count
                + (excluded.is_completed and not watch.is_completed)::int,
            watched_at = case when excluded.is_completed and not watch.is_completed then now()
                              else watch.watched_at end,
            last_watched_at = excluded.last_watched_at,
            updated_at = now()
        where %(seen_at)s::timestamptz is null
            or watch.last_watched_at <= excluded.last_watched_at
        returning """
        + PROGRESS,
        user_id=user_id,
        viewings=Jsonb(viewings),
        seen_at=seen_at,
    )


async def clear_progress(tx: Tx, id: EpisodeId, user_id: UserId) -> bool:
    """False if there was nothing to forget."""
    return bool(
        await tx.run(
            """
            delete from tvshows.watch
            where user_id = %(user_id)s and episode_id = %(id)s
            """,
            id=id,
            user_id=user_id,
        )
    )


async def forget_user(tx: Tx, user_id: UserId) -> None:
    await tx.run(
        """
        delete from tvshows.watch
        where user_id = %(user_id)s
        """,
        user_id=user_id,
    )


async def get_lengths(
    rows: Reading, ids: Sequence[EpisodeId], libraries: Libraries
) -> list[Length]:
    """Those that are to be seen."""
    return await rows.all(
        Length,
        """
        select
            episode.id,
            (
                select max(file.duration)
                from tvshows.episode_file
                join catalog.file on file.id = episode_file.file_id
                where episode_file.episode_id = episode.id
            ) as duration,
            episode.runtime
        from tvshows.episode
        where episode.id = any(%(ids)s::uuid[])
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        """,
        ids=list(ids),
        libraries=libraries,
    )


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
    """One episode of each show, more than 5 % of it watched and not all: the latest first."""
    return await rows.all(
        SeriesInProgress,
        """
        with latest as (
            select distinct on (episode.series_id)
                episode.series_id, episode.id as episode_id, episode.title as episode_title,
                episode.season_number, episode.episode_number, watch.progress_seconds,
                watch.duration_seconds, watch.last_watched_at
            from tvshows.watch
            join tvshows.episode on episode.id = watch.episode_id
            where watch.user_id = %(user_id)s
            and not watch.is_completed
            and watch.progress_seconds * 20 > watch.duration_seconds
            and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
            order by episode.series_id, watch.last_watched_at desc, episode.id
        )
        select
            latest.series_id, series.title as series_title, latest.episode_id,
            latest.episode_title, latest.season_number, latest.episode_number,
            latest.progress_seconds, latest.duration_seconds,
            latest.progress_seconds * 100 / latest.duration_seconds as progress_percent,
            latest.last_watched_at, series.poster_path as series_poster_path
        from latest
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
        """
        select
            series.id as series_id, counted.total_episodes, counted.watched_episodes,
            counted.total_runtime_minutes, counted.watched_runtime_minutes,
            case when counted.total_episodes = 0 then 0.0
                 else round(counted.watched_episodes * 100.0 / counted.total_episodes, 1)
            end::double precision as completion_percent,
            counted.last_watched_at
        from tvshows.series
        cross join lateral (
            select
                (count(*) filter (where episode.season_number > 0))::int as total_episodes,
                (count(*) filter (where episode.season_number > 0 and watch.is_completed))::int
                    as watched_episodes,
                (coalesce(sum(episode.runtime) filter (where episode.season_number > 0), 0))::int
                    as total_runtime_minutes,
                (coalesce(sum(episode.runtime) filter (
                    where episode.season_number > 0 and watch.is_completed
                ), 0))::int as watched_runtime_minutes,
                max(watch.last_watched_at) as last_watched_at
            from tvshows.episode
            left join tvshows.watch on watch.user_id = %(user_id)s
                and watch.episode_id = episode.id
            where episode.series_id = series.id
            and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        ) as counted
        where series.id = %(series_id)s
        and catalog.visible(series.library_ids, %(libraries)s::uuid[])
        """,
        series_id=series_id,
        user_id=user_id,
        libraries=libraries,
    )


async def get_stats(rows: Reading, user_id: UserId, libraries: Libraries) -> TvStats:
    """Of the shows that the user has begun; one is completed without its specials."""
    return await rows.one(
        TvStats,
        """
        with begun as (
            select distinct episode.series_id
            from tvshows.watch
            join tvshows.episode on episode.id = watch.episode_id
            where watch.user_id = %(user_id)s
            and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        ),
        show as (
            select
                episode.series_id,
                count(*) filter (where watch.is_completed) as watched,
                sum(watch.progress_seconds) as seconds,
                coalesce(bool_and(watch.is_completed is true) filter (
                    where episode.season_number > 0
                ), false) as is_completed
            from begun
            join tvshows.episode on episode.series_id = begun.series_id
            left join tvshows.watch on watch.user_id = %(user_id)s
                and watch.episode_id = episode.id
            where catalog.visible(episode.library_ids, %(libraries)s::uuid[])
            group by episode.series_id
        )
        select
            %(user_id)s::uuid as user_id,
            count(*)::int as total_series,
            coalesce(sum(watched), 0)::int as total_episodes_watched,
            (coalesce(sum(seconds), 0) / 60)::int as total_watch_time_minutes,
            (count(*) filter (where is_completed))::int as completed_series,
            (count(*) filter (where not is_completed))::int as current_series
        from show
        """,
        user_id=user_id,
        libraries=libraries,
    )
