# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Every statement about what all kinds of titles share: their files and genres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.rules import files
from revenge.contracts import FileId, LibraryId
from revenge.contracts.catalog import Genre
from revenge.contracts.library import Art, FilesMoved, FoundFile, Nfo, Parsed
from revenge.contracts.media import Media
from revenge.kit import Reading, Tx

FILE: LiteralString = """
    library_id, revision, path, size, modified_at, part, pixels, resolution, duration, richness,
    series_richness, facts, media
"""
TOLD_NOW: LiteralString = """
    excluded.library_id, excluded.revision, excluded.path, excluded.size, excluded.modified_at,
    excluded.part, excluded.pixels, excluded.resolution, excluded.duration, excluded.richness,
    excluded.series_richness, excluded.facts, excluded.media
"""


class Facts(Struct, frozen=True, omit_defaults=True):
    """What a file says of its titles, in its name, in NFOs, and beside it."""

    parsed: Parsed
    nfo: tuple[Nfo, ...] = ()
    series_nfo: Nfo | None = None
    season_nfo: Nfo | None = None
    art: tuple[Art, ...] = ()
    series_art: tuple[Art, ...] = ()


class FileRow(Struct, frozen=True):
    id: FileId
    library_id: LibraryId
    revision: int
    path: str
    size: int
    modified_at: datetime
    part: int
    pixels: int
    resolution: str | None
    duration: float
    richness: int
    series_richness: int
    facts: Facts
    media: Media


def file_row(library_id: LibraryId, file: FoundFile) -> FileRow:
    return FileRow(
        id=file.id,
        library_id=library_id,
        revision=file.revision,
        path=file.path,
        size=file.size,
        modified_at=file.modified_at,
        part=file.parsed.part or 1,
        pixels=files.pixels(file.media),
        resolution=files.resolution(file.media),
        duration=file.media.duration,
        richness=files.richness(file),
        series_richness=files.series_richness(file),
        facts=Facts(
            file.parsed, file.nfo, file.series_nfo, file.season_nfo, file.art, file.series_art
        ),
        media=file.media,
    )


async def take_turn(tx: Tx) -> None:
    """Wait until no other transaction changes files, in any replica.

    Which title a file is of is decided by what is there: two at once would make it twice.
    """
    await tx.run("select pg_advisory_xact_lock(hashtext('catalog.file'))")


async def keep_files(
    tx: Tx, library_id: LibraryId, found: Sequence[FoundFile]
) -> frozenset[FileId]:
    """Those that are news: neither known at this revision or a later one, nor gone since."""
    kept = await tx.all(
        UUID,
        f"""
        insert into catalog.file (id, {FILE})
        select id, {FILE}
        from jsonb_populate_recordset(null::catalog.file, %(rows)s) as found
        where not exists (
            select 1
            from catalog.gone_file
            where gone_file.file_id = found.id and gone_file.revision >= found.revision
        )
        and not exists (
            select 1
            from catalog.gone_library
            where gone_library.library_id = found.library_id
        )
        on conflict (id) do update
        set ({FILE}, updated_at) = row({TOLD_NOW}, now())
        where file.revision < excluded.revision
        returning id
        """,
        rows=Jsonb([file_row(library_id, file) for file in found]),
    )
    return frozenset(map(FileId, kept))


async def move_files(tx: Tx, moved: FilesMoved) -> None:
    """But for those whose later place is known already."""
    await tx.run(
        """
        update catalog.file
        set path = moved.path, updated_at = now()
        from unnest(%(ids)s::uuid[], %(paths)s::text[], %(revisions)s::bigint[])
            as moved (id, path, revision)
        where file.id = moved.id
        and file.library_id = %(library_id)s
        and (moved.revision is null or file.revision < moved.revision)
        """,
        library_id=moved.library_id,
        ids=list(moved.paths),
        paths=list(moved.paths.values()),
        revisions=[moved.revisions.get(id) for id in moved.paths],
    )


async def files_gone(
    rows: Reading, library_id: LibraryId, gone: Mapping[FileId, int]
) -> list[FileId]:
    """Those of these files that are known at the revision that has gone, or at an earlier one.

    One that is in another library by now is not this one's to lose.
    """
    found = await rows.all(
        UUID,
        """
        select file.id
        from catalog.file
        join unnest(%(ids)s::uuid[], %(revisions)s::bigint[]) as gone (id, revision) using (id)
        where file.library_id = %(library_id)s and file.revision <= gone.revision
        """,
        library_id=library_id,
        ids=list(gone),
        revisions=list(gone.values()),
    )
    return [FileId(id) for id in found]


async def remember_gone(tx: Tx, gone: Mapping[FileId, int]) -> None:
    """What is still told of these revisions comes late, and is not to be taken in."""
    await tx.run(
        """
        insert into catalog.gone_file (file_id, revision)
        select id, revision
        from unnest(%(ids)s::uuid[], %(revisions)s::bigint[]) as gone (id, revision)
        on conflict (file_id) do update
        set revision = greatest(gone_file.revision, excluded.revision), gone_at = now()
        """,
        ids=list(gone),
        revisions=list(gone.values()),
    )


async def remove_files(tx: Tx, file_ids: Sequence[FileId]) -> None:
    await tx.run(
        """
        delete from catalog.file
        where id = any(%(file_ids)s::uuid[])
        """,
        file_ids=list(file_ids),
    )


async def files_of_library(rows: Reading, library_id: LibraryId) -> list[FileId]:
    found = await rows.all(
        UUID,
        """
        select id
        from catalog.file
        where library_id = %(library_id)s
        """,
        library_id=library_id,
    )
    return [FileId(id) for id in found]


async def close_library(tx: Tx, library_id: LibraryId) -> None:
    """Nothing that is still told of this library is to be taken in any more."""
    await tx.run(
        """
        insert into catalog.gone_library (library_id)
        values (%(library_id)s)
        on conflict do nothing
        """,
        library_id=library_id,
    )


async def new_ids(rows: Reading, count: int) -> list[UUID]:
    """Ids in their order, for rows that refer to each other."""
    return await rows.all(UUID, "select uuidv7() from generate_series(1, %(count)s)", count=count)


async def list_genres(rows: Reading, libraries: Sequence[LibraryId] | None) -> list[Genre]:
    """The genres of all that can be seen in these libraries (None: in all)."""
    return await rows.all(
        Genre,
        """
        with title as (
            select genre_slugs, genres, count(*) as movies, 0 as tvshows
            from movies.movie
            where catalog.visible(library_ids, %(libraries)s::uuid[])
            group by genre_slugs, genres
            union all
            select genre_slugs, genres, 0, count(*)
            from tvshows.series
            where catalog.visible(library_ids, %(libraries)s::uuid[])
            group by genre_slugs, genres
        )
        select
            genre.slug, min(genre.name) as name,
            sum(title.movies)::int as movie_count, sum(title.tvshows)::int as tvshow_count
        from title
        cross join unnest(title.genre_slugs, title.genres) as genre (slug, name)
        group by genre.slug
        order by genre.slug
        """,
        libraries=libraries,
    )
