"""Which films the files are of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from revenge.catalog.files import Files
from revenge.catalog.keys import Keys
from revenge.catalog.movies.rules import Speaker
from revenge.contracts import MovieId
from revenge.kit import Reading, Tx

KEYS = Keys("movies.movie_key", "movie_id")
FILES = Files(
    table="movies.movie_file",
    titles="movies.movie",
    watches="movies.watch",
    title_id="movie_id",
    name="title.title",
)


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
