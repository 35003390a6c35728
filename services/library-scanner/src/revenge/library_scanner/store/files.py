"""Files as they were when they were last looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Json

from revenge.contracts import FileId, LibraryId, ScanId
from revenge.contracts.library import FailedFile
from revenge.contracts.media import Media
from revenge.kit import Reading, Tx

MOST_OF_A_SIZE = 5000  # copies of one file under many names would fill the memory
GONE_KEPT = "90 days"


class Known(msgspec.Struct, frozen=True):
    """A row without what a probe found, which is large."""

    id: FileId
    folder: str  # empty for one that has gone
    name: str
    size: int
    mtime_ns: int
    surrounded: str
    fingerprint: str
    revision: int
    is_readable: bool
    scan_id: ScanId | None

    @property
    def has_gone(self) -> bool:
        return not self.folder


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
    scan_id: ScanId | None = None
    media: Media | None = None
    reason: str | None = None


class _Probed(msgspec.Struct, frozen=True):
    id: FileId
    media: Media


async def any_below(rows: Reading, library_id: LibraryId, folder: str = "") -> bool:
    """Whether a file is known in this folder, or below it; of an empty name, anywhere."""
    return await rows.one(
        bool,
        """
        select exists (
            select from file
            where library_id = %(library_id)s
              and (folder = %(folder)s
                   or folder >= %(folder)s || '/' and folder < %(folder)s || '0')
        )
        """,
        library_id=library_id,
        folder=folder,
    )


async def in_folders(rows: Reading, library_id: LibraryId, folders: Sequence[str]) -> list[Known]:
    return await rows.all(
        Known,
        """
        select id, folder, name, size, mtime_ns, surrounded, fingerprint, revision,
               media is not null as is_readable, scan_id
        from file
        where library_id = %(library_id)s and folder = any(%(folders)s)
        """,
        library_id=library_id,
        folders=list(folders),
    )


async def of_sizes(
    rows: Reading, library_id: LibraryId, sizes: Iterable[int], *, besides: ScanId | None
) -> list[Known]:
    """Files that a new one of one of these sizes may be: known ones, and those that have gone.

    Those that the scan `besides` has read are left out.
    """
    return await rows.all(
        Known,
        """
        select id, folder, name, size, mtime_ns, surrounded, fingerprint, revision,
               media is not null as is_readable, scan_id
        from file
        where library_id = %(library_id)s
          and size = any(%(sizes)s)
          and fingerprint <> ''
          and scan_id is distinct from %(besides)s
        union all
        select id, '', '', size, 0, '', fingerprint, revision, false, null
        from gone_file
        where library_id = %(library_id)s and size = any(%(sizes)s)
        limit %(limit)s
        """,
        library_id=library_id,
        sizes=list(sizes),
        besides=besides,
        limit=MOST_OF_A_SIZE,
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
    """In one JSON document: arrays of each column take several times as long to write."""
    await tx.run(
        """
        insert into file (id, library_id, folder, name, size, mtime_ns, surrounded, fingerprint,
                          revision, media, reason, failed_at, scan_id)
        select id, %(library_id)s, folder, name, size, mtime_ns, surrounded, fingerprint,
               revision, media, reason, case when reason is not null then now() end, scan_id
        from json_to_recordset(%(files)s) as seen (
            id uuid, folder text, name text, size bigint, mtime_ns bigint, surrounded text,
            fingerprint text, revision int, media jsonb, reason text, scan_id uuid
        )
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
            failed_at = excluded.failed_at,
            scan_id = excluded.scan_id
        """,
        library_id=library_id,
        files=Json(list(files)),
    )


async def bury(tx: Tx, ids: Sequence[FileId]) -> None:
    """They have gone; what they were is kept for a while, should they turn up elsewhere."""
    await tx.run(
        """
        with gone as (
            delete from file
            where id = any(%(ids)s)
            returning id, library_id, size, fingerprint, revision
        )
        insert into gone_file (id, library_id, size, fingerprint, revision)
        select id, library_id, size, fingerprint, revision
        from gone
        where fingerprint <> ''
        on conflict (id) do nothing
        """,
        ids=list(ids),
    )
    await tx.run("delete from gone_file where gone_at < now() - %(kept)s::interval", kept=GONE_KEPT)


async def unbury(tx: Tx, ids: Sequence[FileId]) -> None:
    await tx.run("delete from gone_file where id = any(%(ids)s)", ids=list(ids))


async def retry(tx: Tx, library_id: LibraryId, ids: Sequence[FileId]) -> int:
    """Let the next scan read again what could not be read: these files, or all if there are none.

    Returns how many they are.
    """
    return await tx.one(
        int,
        """
        with failed as (
            update file
            set mtime_ns = -1
            where library_id = %(library_id)s
              and reason is not null
              and (cardinality(%(ids)s::uuid[]) = 0 or id = any(%(ids)s::uuid[]))
            returning folder
        ), unsigned as (
            delete from folder
            where library_id = %(library_id)s and path in (select folder from failed)
        )
        select count(*) from failed
        """,
        library_id=library_id,
        ids=list(ids),
    )


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


async def count_failed(rows: Reading, library_id: LibraryId, scan_id: ScanId | None = None) -> int:
    """In all, or in one scan."""
    return await rows.one(
        int,
        """
        select count(*)
        from file
        where library_id = %(library_id)s
          and reason is not null
          and (%(scan_id)s::uuid is null or scan_id = %(scan_id)s::uuid)
        """,
        library_id=library_id,
        scan_id=scan_id,
    )
