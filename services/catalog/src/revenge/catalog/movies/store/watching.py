"""How far users have watched films."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from msgspec import Struct

from revenge.catalog.rules.watching import Position
from revenge.contracts import LibraryId, MovieId, UserId
from revenge.contracts.movies import MovieProgress, MovieStats
from revenge.kit import Reading, Tx

Libraries = Sequence[LibraryId] | None

PROGRESS: LiteralString = """
    watch.user_id, watch.movie_id, watch.progress_seconds, watch.duration_seconds,
    watch.progress_seconds * 100 / watch.duration_seconds as progress_percent,
    watch.is_completed, watch.watch_count, watch.last_watched_at, watch.created_at,
    watch.updated_at
"""


class Length(Struct, frozen=True):
    """How long a film is: as its longest file says in seconds, and as is told in minutes."""

    duration: float | None
    runtime: int | None


async def get_progress(
    rows: Reading, id: MovieId, user_id: UserId, libraries: Libraries
) -> MovieProgress | None:
    return await rows.maybe(
        MovieProgress,
        "select "  # noqa: S608 - literals
        + PROGRESS
        + """
        from movies.watch
        join movies.movie on movie.id = watch.movie_id
        where watch.user_id = %(user_id)s
        and watch.movie_id = %(id)s
        and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        user_id=user_id,
        libraries=libraries,
    )


async def set_progress(
    tx: Tx, id: MovieId, user_id: UserId, at: Position, seen_at: datetime | None
) -> list[MovieProgress]:
    """A viewing counts when it comes to its end, once.

    A place `seen_at` some time moves nothing, and none is returned, where a later one is known;
    without a time, it is the user's word, and holds.
    """
    return await tx.all(
        MovieProgress,
        """
        insert into movies.watch (
            user_id, movie_id, progress_seconds, duration_seconds, is_completed, watch_count,
            last_watched_at
        )
        values (
            %(user_id)s, %(id)s, %(progress)s, %(duration)s, %(is_completed)s,
            %(is_completed)s::int, coalesce(%(seen_at)s::timestamptz, now())
        )
        on conflict (user_id, movie_id) do update
        set progress_seconds = excluded.progress_seconds,
            duration_seconds = excluded.duration_seconds,
            is_completed = excluded.is_completed,
            watch_count = watch.watch_count
                + (excluded.is_completed and not watch.is_completed)::int,
            last_watched_at = excluded.last_watched_at,
            updated_at = now()
        where %(seen_at)s::timestamptz is null
            or watch.last_watched_at <= excluded.last_watched_at
        returning """  # noqa: S608 - literals
        + PROGRESS,
        id=id,
        user_id=user_id,
        progress=at.progress,
        duration=at.duration,
        is_completed=at.is_completed,
        seen_at=seen_at,
    )


async def clear_progress(tx: Tx, id: MovieId, user_id: UserId) -> bool:
    """False if there was nothing to forget."""
    return bool(
        await tx.run(
            """
            delete from movies.watch
            where user_id = %(user_id)s and movie_id = %(id)s
            """,
            id=id,
            user_id=user_id,
        )
    )


async def forget_user(tx: Tx, user_id: UserId) -> None:
    await tx.run(
        """
        delete from movies.watch
        where user_id = %(user_id)s
        """,
        user_id=user_id,
    )


async def get_length(rows: Reading, id: MovieId, libraries: Libraries) -> Length | None:
    """None for a film that is not to be seen."""
    return await rows.maybe(
        Length,
        """
        select
            (
                select max(file.duration)
                from movies.movie_file
                join catalog.file on file.id = movie_file.file_id
                where movie_file.movie_id = movie.id
            ) as duration,
            movie.runtime
        from movies.movie
        where movie.id = %(id)s and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def get_stats(rows: Reading, user_id: UserId, libraries: Libraries) -> MovieStats:
    return await rows.one(
        MovieStats,
        """
        select
            (count(*) filter (where watch.watch_count > 0))::int as watched_count,
            (count(*) filter (
                where not watch.is_completed
                and watch.progress_seconds * 20 > watch.duration_seconds
            ))::int as in_progress_count,
            coalesce(sum(watch.watch_count), 0)::int as total_watches
        from movies.watch
        join movies.movie on movie.id = watch.movie_id
        where watch.user_id = %(user_id)s
        and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        """,
        user_id=user_id,
        libraries=libraries,
    )
