# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Films as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from msgspec import Struct

from revenge.catalog.rules.titles import Wanted
from revenge.contracts import LibraryId, MovieId, UserId
from revenge.contracts.movies import (
    Movie,
    MovieDocument,
    MovieInProgress,
    MovieOrder,
    WatchedMovie,
)
from revenge.kit import Reading

Libraries = Sequence[LibraryId] | None

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

VISIBLE: LiteralString = """
    where catalog.visible(movie.library_ids, %(libraries)s::uuid[])
"""
OF_GENRE: LiteralString = """
    and movie.genre_slugs @> array[%(genre)s::text]
"""
IN_LIBRARY: LiteralString = """
    and movie.library_ids @> array[%(library_id)s::uuid]
"""
WITH_VOTES: LiteralString = """
    and movie.vote_count >= %(min_votes)s::int
"""


class Filter(Struct, frozen=True):
    """Which films are listed. `genre` is a slug."""

    libraries: Libraries
    genre: str | None = None
    library_id: LibraryId | None = None
    min_votes: int = 0


class GenresRow(Struct, frozen=True):
    genres: tuple[str, ...]
    genre_slugs: tuple[str, ...]


async def get_movie(rows: Reading, id: MovieId, libraries: Libraries) -> Movie | None:
    return await rows.maybe(
        Movie,
        "select "
        + MOVIE
        + """
        from movies.movie
        where movie.id = %(id)s and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def is_visible(rows: Reading, id: MovieId, libraries: Libraries) -> bool:
    found = await rows.maybe(
        bool,
        """
        select catalog.visible(library_ids, %(libraries)s::uuid[]) as is_visible
        from movies.movie
        where id = %(id)s
        """,
        id=id,
        libraries=libraries,
    )
    return found is True


async def list_movies(
    rows: Reading, which: Filter, order: MovieOrder, limit: int, offset: int
) -> list[Movie]:
    return await rows.all(
        Movie,
        "select "
        + MOVIE
        + " from (select movie.id from movies.movie"
        + _where(which)
        + ORDERS[order]
        + """
            limit %(limit)s offset %(offset)s
        ) as page
        join movies.movie on movie.id = page.id
        """
        + ORDERS[order],
        libraries=which.libraries,
        genre=which.genre,
        library_id=which.library_id,
        min_votes=which.min_votes,
        limit=limit,
        offset=offset,
    )


async def count_movies(rows: Reading, which: Filter) -> int:
    return await rows.one(
        int,
        "select count(*) from movies.movie" + _where(which),
        libraries=which.libraries,
        genre=which.genre,
        library_id=which.library_id,
        min_votes=which.min_votes,
    )


def _where(which: Filter) -> LiteralString:
    """Only what is asked for, so that the indexes are enough for the rest."""
    genre = OF_GENRE if which.genre is not None else ""
    library = IN_LIBRARY if which.library_id is not None else ""
    votes = WITH_VOTES if which.min_votes else ""
    return VISIBLE + genre + library + votes


async def find_movies(
    rows: Reading, wanted: Wanted, libraries: Libraries, limit: int, offset: int
) -> list[Movie]:
    """The best matches first: the whole title, its beginning, a word's beginning, anywhere."""
    return await rows.all(
        Movie,
        """
        with found as materialized (
            select id, search_title, least(
                catalog.match_rank(search_title, %(wanted)s::text, %(patterns)s::text[]),
                catalog.match_rank(search_original, %(wanted)s::text, %(patterns)s::text[])
            ) as rank
            from movies.movie
            where catalog.visible(library_ids, %(libraries)s::uuid[])
            and (
                search_title like all (%(patterns)s::text[])
                or search_original like all (%(patterns)s::text[])
            )
            order by rank, length(search_title), search_title, id
            limit %(limit)s offset %(offset)s
        )
        select """
        + MOVIE
        + """
        from found
        join movies.movie on movie.id = found.id
        order by found.rank, length(found.search_title), found.search_title, found.id
        """,
        wanted=wanted.text,
        patterns=wanted.patterns,
        libraries=libraries,
        limit=limit,
        offset=offset,
    )


async def list_in_progress(
    rows: Reading, user_id: UserId, libraries: Libraries, limit: int
) -> list[MovieInProgress]:
    """More than 5 % of it, and not all: the last watched first."""
    return await rows.all(
        MovieInProgress,
        "select "
        + MOVIE
        + """, watch.progress_seconds, watch.duration_seconds,
            watch.progress_seconds * 100 / watch.duration_seconds as progress_percent,
            watch.last_watched_at
        from movies.watch
        join movies.movie on movie.id = watch.movie_id
        where watch.user_id = %(user_id)s
        and not watch.is_completed
        and watch.progress_seconds * 20 > watch.duration_seconds
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
        "select "
        + MOVIE
        + """, watch.watch_count, watch.last_watched_at
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


async def get_genres(rows: Reading, id: MovieId, libraries: Libraries) -> GenresRow | None:
    return await rows.maybe(
        GenresRow,
        """
        select genres, genre_slugs
        from movies.movie
        where id = %(id)s and catalog.visible(library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def get_documents(
    rows: Reading, ids: Sequence[MovieId], after: MovieId | None, limit: int
) -> list[MovieDocument]:
    """For the index, so without asking who may see them: it filters by library itself."""
    return await rows.all(
        MovieDocument,
        """
        select
            movie.id, movie.title, movie.library_ids,
            extract(epoch from movie.library_added_at)::bigint as library_added_at,
            extract(epoch from movie.updated_at)::bigint as updated_at,
            movie.tmdb_id, movie.imdb_id, movie.original_title, movie.year,
            extract(epoch from movie.release_date)::bigint as release_date,
            movie.runtime, movie.overview, movie.tagline, movie.status, movie.original_language,
            movie.poster_path, movie.backdrop_path, movie.vote_average, movie.vote_count,
            movie.popularity, movie.genres, movie.genre_slugs,
            array(
                select person ->> 'name'
                from jsonb_array_elements(movie.description -> 'people') as person
                where person ->> 'role' = 'actor'
                order by (person ->> 'order')::int
                limit 20
            ) as "cast",
            array(
                select person ->> 'name'
                from jsonb_array_elements(movie.description -> 'people') as person
                where person ->> 'role' = 'director'
            ) as directors,
            best.resolution, best.quality as quality_profile
        from movies.movie
        left join lateral (
            select file.resolution, file.facts -> 'parsed' ->> 'quality' as quality
            from movies.movie_file
            join catalog.file on file.id = movie_file.file_id
            where movie_file.movie_id = movie.id
            order by file.pixels desc, file.size desc
            limit 1
        ) as best on true
        where movie.library_ids <> '{}'
        and (%(ids)s::uuid[] = '{}' or movie.id = any(%(ids)s::uuid[]))
        and (%(after)s::uuid is null or movie.id > %(after)s::uuid)
        order by movie.id
        limit %(limit)s
        """,
        ids=list(ids),
        after=after,
        limit=limit,
    )
