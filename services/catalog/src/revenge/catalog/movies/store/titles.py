# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Films as they are read."""

from __future__ import annotations

from typing import LiteralString

from revenge.catalog.documents import Documents
from revenge.catalog.titles import Libraries, Titles
from revenge.contracts import UserId
from revenge.contracts.movies import (
    Movie,
    MovieDocument,
    MovieInProgress,
    MovieOrder,
    WatchedMovie,
)
from revenge.kit import Reading

MOVIE: LiteralString = """
    movie.id, movie.title, movie.library_added_at, movie.created_at, movie.updated_at,
    movie.tmdb_id, movie.imdb_id, movie.original_title, movie.year,
    movie.release_date::text as release_date, movie.runtime, movie.overview, movie.tagline,
    movie.status, movie.original_language, movie.poster_path, movie.backdrop_path,
    movie.trailer_url, movie.vote_average, movie.vote_count, movie.popularity, movie.budget,
    movie.revenue, movie.metadata_updated_at, movie.radarr_id, movie.external_ratings
"""

ORDERS: dict[MovieOrder, LiteralString] = {
    MovieOrder.ADDED: "order by movie.library_added_at desc, movie.id desc",
    MovieOrder.TITLE: "order by movie.sort_title, movie.id",
    MovieOrder.YEAR: "order by movie.year desc nulls last, movie.sort_title, movie.id",
    MovieOrder.RATING: """
        order by movie.vote_average desc nulls last, movie.vote_count desc nulls last, movie.id
    """,
}

MOVIES = Titles(Movie, "movies.movie", MOVIE, counts="movies.movie_count")
DOCUMENTS = Documents(MovieDocument, "movies.document")


async def list_in_progress(
    rows: Reading, user_id: UserId, libraries: Libraries, limit: int
) -> list[MovieInProgress]:
    """The last watched first."""
    return await rows.all(
        MovieInProgress,
        f"""
        select {MOVIE}, watch.progress_seconds, watch.duration_seconds,
            watch.progress_percent, watch.last_watched_at
        from movies.watch
        join movies.movie on movie.id = watch.movie_id
        where watch.user_id = %(user_id)s
        and watch.is_in_progress
        and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        order by watch.last_watched_at desc, movie.id
        limit %(limit)s
        """,
        user_id=user_id,
        libraries=libraries,
        limit=limit,
    )


async def list_watched(
    rows: Reading, user_id: UserId, libraries: Libraries, limit: int, offset: int
) -> list[WatchedMovie]:
    return await rows.all(
        WatchedMovie,
        f"""
        select {MOVIE}, watch.watch_count, watch.last_watched_at
        from movies.watch
        join movies.movie on movie.id = watch.movie_id
        where watch.user_id = %(user_id)s
        and watch.watch_count > 0
        and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        order by watch.last_watched_at desc, movie.id
        limit %(limit)s offset %(offset)s
        """,
        user_id=user_id,
        libraries=libraries,
        limit=limit,
        offset=offset,
    )
