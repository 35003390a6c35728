"""Which films the files are of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.types.json import Jsonb

from revenge.catalog.keys import Keys
from revenge.catalog.movies.rules import Change, MovieFields, Speaker
from revenge.contracts import FileId, MovieId
from revenge.kit import Reading, Tx

KEYS = Keys("movies.movie_key", "movie_id")


async def unlink(tx: Tx, file_ids: Sequence[FileId]) -> set[MovieId]:
    """The films that these files were of."""
    left = await tx.all(
        UUID,
        """
        delete from movies.movie_file
        where file_id = any(%(file_ids)s::uuid[])
        returning movie_id
        """,
        file_ids=list(file_ids),
    )
    return {MovieId(id) for id in left}


async def link(tx: Tx, links: Sequence[tuple[UUID, UUID]]) -> None:
    """Each a file and its film."""
    await tx.run(
        """
        insert into movies.movie_file (file_id, movie_id)
        select file_id, movie_id
        from unnest(%(file_ids)s::uuid[], %(movie_ids)s::uuid[]) as linked (file_id, movie_id)
        """,
        file_ids=[file_id for file_id, _ in links],
        movie_ids=[movie_id for _, movie_id in links],
    )


async def add_movies(tx: Tx, movies: Sequence[MovieFields]) -> None:
    """They are in no library until `refresh` has looked at their files."""
    await tx.run(
        """
        insert into movies.movie (
            id, title, sort_title, search_title, search_original, original_title, year,
            release_date, runtime, overview, tagline, status, vote_average, vote_count, tmdb_id,
            imdb_id, genres, genre_slugs, external_ratings, description
        )
        select
            row.id, row.title, row.sort_title, row.search_title, row.search_original,
            row.original_title, row.year, row.release_date, row.runtime, row.overview, row.tagline,
            row.status, row.vote_average, row.vote_count, row.tmdb_id, row.imdb_id, row.genres,
            row.genre_slugs, row.external_ratings, row.description
        from jsonb_to_recordset(%(rows)s) as row (
            id uuid, title text, sort_title text, search_title text, search_original text,
            original_title text, year int, release_date date, runtime int, overview text,
            tagline text, status text, vote_average double precision, vote_count int, tmdb_id int,
            imdb_id text, genres text[], genre_slugs text[], external_ratings jsonb,
            description jsonb
        )
        """,
        rows=Jsonb(movies),
    )


async def refresh(tx: Tx, movie_ids: Sequence[MovieId]) -> list[Change]:
    """Put the films into the libraries that their files are in."""
    return await tx.all(
        Change,
        """
        with held as (
            select id
            from movies.movie
            where id = any(%(movie_ids)s::uuid[])
            order by id
            for no key update
        ),
        placed as (
            select
                held.id,
                array(
                    select distinct file.library_id
                    from movies.movie_file
                    join catalog.file on file.id = movie_file.file_id
                    where movie_file.movie_id = held.id
                    order by file.library_id
                ) as library_ids
            from held
        )
        update movies.movie
        set library_ids = placed.library_ids,
            library_added_at = case when movie.library_ids = '{}' then now()
                                    else movie.library_added_at end,
            updated_at = now()
        from placed
        where movie.id = placed.id
        returning
            movie.id, movie.title, movie.year, movie.poster_path,
            old.library_ids as libraries_before, new.library_ids as library_ids
        """,
        movie_ids=list(movie_ids),
    )


async def speakers(rows: Reading, movie_ids: Sequence[MovieId]) -> list[Speaker]:
    """For each film, the file that says most of it."""
    return await rows.all(
        Speaker,
        """
        with chosen as (
            select distinct on (movie_file.movie_id) movie_file.movie_id, movie_file.file_id
            from movies.movie_file
            join catalog.file on file.id = movie_file.file_id
            where movie_file.movie_id = any(%(movie_ids)s::uuid[])
            order by movie_file.movie_id, file.richness desc, file.part, file.id
        )
        select chosen.movie_id, chosen.file_id, file.facts, file.duration
        from chosen
        join catalog.file on file.id = chosen.file_id
        """,
        movie_ids=list(movie_ids),
    )
