"""Files as they were when they were last looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from revenge.contracts import FileId, LibraryId
from revenge.contracts.library import FailedFile
from revenge.contracts.media import Media
from revenge.kit import Reading, Tx


class Known(msgspec.Struct, frozen=True):
    """A row without what a probe found, which is large."""

    id: FileId
    folder: str
    name: str
    size: int
    mtime_ns: int
    surrounded: str
    fingerprint: str
    revision: int
    is_readable: bool


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be stored; one that could not be read has a reason instead of media."""

    id: FileId
    folder: str
    name: str
    size: int
    mtime_ns: int
    surrounded: str
    fingerprint: str
    revision: int
    media: Media | None = None
    reason: str | None = None


class _Signature(msgspec.Struct, frozen=True):
    path: str
    signature: bytes


class _Probed(msgspec.Struct, frozen=True):
    id: FileId
    media: Media


async def signatures(rows: Reading, library_id: LibraryId) -> dict[str, bytes]:
    """What each folder looked like, by its path."""
    found = await rows.all(
        _Signature,
        "select path, signature from folder where library_id = %(library_id)s",
        library_id=library_id,
    )
    return {row.path: row.signature for row in found}


async def sign(tx: Tx, library_id: LibraryId, folders: Mapping[str, bytes]) -> None:
    """All files of these folders are stored."""
    await tx.run(
        """
        insert into folder (library_id, path, signature)
        select %(library_id)s, *
        from unnest(%(paths)s::text[], %(signatures)s::bytea[])
        on conflict (library_id, path) do update
        set signature = excluded.signature
        """,
        library_id=library_id,
        paths=list(folders),
        signatures=list(folders.values()),
    )


async def forget_folders(tx: Tx, library_id: LibraryId, paths: Sequence[str]) -> None:
    await tx.run(
        "delete from folder where library_id = %(library_id)s and path = any(%(paths)s)",
        library_id=library_id,
        paths=list(paths),
    )


async def in_folders(rows: Reading, library_id: LibraryId, folders: Sequence[str]) -> list[Known]:
    return await rows.all(
        Known,
        """
        select id, folder, name, size, mtime_ns, surrounded, fingerprint, revision,
               media is not null as is_readable
        from file
        where library_id = %(library_id)s and folder = any(%(folders)s)
        """,
        library_id=library_id,
        folders=list(folders),
    )


async def media_of(rows: Reading, ids: Sequence[FileId]) -> dict[FileId, Media]:
    """What the probes of these files found."""
    found = await rows.all(
        _Probed,
        "select id, media from file where id = any(%(ids)s) and media is not null",
        ids=list(ids),
    )
    return {row.id: row.media for row in found}


async def save(tx: Tx, library_id: LibraryId, files: Sequence[Seen]) -> None:
    await tx.run(
        """
        insert into file (id, library_id, folder, name, size, mtime_ns, surrounded, fingerprint,
                          revision, media, reason, failed_at)
        select id, %(library_id)s, folder, name, size, mtime_ns, surrounded, fingerprint,
               revision, media, reason, case when reason is not null then now() end
        from unnest(
            %(ids)s::uuid[], %(folders)s::text[], %(names)s::text[], %(sizes)s::bigint[],
            %(mtimes)s::bigint[], %(surrounded)s::text[], %(fingerprints)s::text[],
            %(revisions)s::int[], %(media)s::jsonb[], %(reasons)s::text[]
        ) as seen (id, folder, name, size, mtime_ns, surrounded, fingerprint, revision, media,
                   reason)
        on conflict (id) do update
        set folder = excluded.folder,
            name = excluded.name,
            size = excluded.size,
            mtime_ns = excluded.mtime_ns,
            surrounded = excluded.surrounded,
            fingerprint = excluded.fingerprint,
            revision = excluded.revision,
            media = excluded.media,
            reason = excluded.reason,
            failed_at = excluded.failed_at
        """,
        library_id=library_id,
        ids=[file.id for file in files],
        folders=[file.folder for file in files],
        names=[file.name for file in files],
        sizes=[file.size for file in files],
        mtimes=[file.mtime_ns for file in files],
        surrounded=[file.surrounded for file in files],
        fingerprints=[file.fingerprint for file in files],
        revisions=[file.revision for file in files],
        media=[Jsonb(file.media) if file.media else None for file in files],
        reasons=[file.reason for file in files],
    )


async def remove(tx: Tx, ids: Sequence[FileId]) -> None:
    await tx.run("delete from file where id = any(%(ids)s)", ids=list(ids))


class _Failed(msgspec.Struct, frozen=True):
    id: FileId
    folder: str
    name: str
    reason: str
    failed_at: datetime


async def failed(rows: Reading, library_id: LibraryId, limit: int, offset: int) -> list[FailedFile]:
    found = await rows.all(
        _Failed,
        """
        select id, folder, name, reason, failed_at
        from file
        where library_id = %(library_id)s and reason is not null
        order by failed_at desc, id
        limit %(limit)s offset %(offset)s
        """,
        library_id=library_id,
        limit=limit,
        offset=offset,
    )
    return [
        FailedFile(row.id, f"{row.folder}/{row.name}", row.reason, row.failed_at) for row in found
    ]


async def count_failed(rows: Reading, library_id: LibraryId) -> int:
    return await rows.one(
        int,
        "select count(*) from file where library_id = %(library_id)s and reason is not null",
        library_id=library_id,
    )
