"""What is known of films, as it is merged."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.types.json import Jsonb

from revenge.catalog.movies.rules import Change, MovieFields
from revenge.catalog.rules.descriptions import Held
from revenge.kit import Tx


async def hold(tx: Tx, movie_ids: Sequence[UUID]) -> list[Held]:
    """These films as they are, until this transaction ends."""
    return await tx.all(
        Held,
        """
        select id, description, description_revision, locked
        from movies.movie
        where id = any(%(movie_ids)s::uuid[])
        order by id
        for no key update
        """,
        movie_ids=list(movie_ids),
    )


async def change_movies(tx: Tx, movies: Sequence[MovieFields]) -> list[Change]:
    """The films before and after, of which the libraries stay the same."""
    return await tx.all(
        Change,
        """
        update movies.movie
        set title = row.title,
            sort_title = row.sort_title,
            search_title = row.search_title,
            search_original = row.search_original,
            original_title = row.original_title,
            year = row.year,
            release_date = row.release_date,
            runtime = row.runtime,
            overview = row.overview,
            tagline = row.tagline,
            status = row.status,
            poster_path = row.poster_path,
            backdrop_path = row.backdrop_path,
            vote_average = row.vote_average,
            vote_count = row.vote_count,
            tmdb_id = row.tmdb_id,
            imdb_id = row.imdb_id,
            genres = row.genres,
            genre_slugs = row.genre_slugs,
            external_ratings = row.external_ratings,
            description = row.description,
            description_revision = row.description_revision,
            metadata_updated_at = now(),
            updated_at = now()
        from jsonb_to_recordset(%(rows)s) as row (
            id uuid, title text, sort_title text, search_title text, search_original text,
            original_title text, year int, release_date date, runtime int, overview text,
            tagline text, status text, poster_path text, backdrop_path text,
            vote_average double precision, vote_count int, tmdb_id int, imdb_id text,
            genres text[], genre_slugs text[], external_ratings jsonb, description jsonb,
            description_revision bigint
        )
        where movie.id = row.id
        returning
            movie.id, movie.title, movie.year, movie.poster_path,
            old.library_ids as libraries_before, new.library_ids as library_ids
        """,
        rows=Jsonb(movies),
    )
