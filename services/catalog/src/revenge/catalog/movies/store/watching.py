"""How far users have watched films."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.catalog.watches import Watches
from revenge.contracts import LibraryId, UserId
from revenge.contracts.movies import MovieProgress, MovieStats
from revenge.kit import Reading

WATCHES = Watches(
    MovieProgress,
    table="movies.watch",
    titles="movies.movie",
    files="movies.movie_file",
    title_id="movie_id",
)


async def get_stats(
    rows: Reading, user_id: UserId, libraries: Sequence[LibraryId] | None
) -> MovieStats:
    return await rows.one(
        MovieStats,
        """
        select
            (count(*) filter (where watch.watch_count > 0))::int as watched_count,
            (count(*) filter (where watch.is_in_progress))::int as in_progress_count,
            coalesce(sum(watch.watch_count), 0)::int as total_watches
        from movies.watch
        join movies.movie on movie.id = watch.movie_id
        where watch.user_id = %(user_id)s
        and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        """,
        user_id=user_id,
        libraries=libraries,
    )
