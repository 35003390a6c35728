"""Folders as they were when all their files had been stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from revenge.contracts import LibraryId
from revenge.kit import Reading, Tx


class Signature(NamedTuple):
    """What a folder looked like, how many titles were in it, and if it was a file system's top."""

    signature: bytes
    titles: int
    is_mount: bool = False


class _Packed(msgspec.Struct, frozen=True):
    """One row for a whole library: a row for each folder takes ten times as long."""

    paths: list[str]
    signatures: bytes
    titles: list[int]


async def signatures(rows: Reading, library_id: LibraryId) -> dict[str, Signature]:
    """Of each folder, by its path."""
    packed = await rows.one(
        _Packed,
        """
        select coalesce(json_agg(path), '[]') as paths,
               coalesce(string_agg(signature, ''), '') as signatures,
               coalesce(json_agg(titles), '[]') as titles
        from folder
        where library_id = %(library_id)s
        """,
        library_id=library_id,
    )
    size = len(packed.signatures) // max(1, len(packed.paths))
    cut = (packed.signatures[at : at + size] for at in range(0, len(packed.signatures), size or 1))
    return dict(zip(packed.paths, map(Signature, cut, packed.titles), strict=True))


async def mounts(rows: Reading, library_id: LibraryId) -> list[str]:
    """Those that were the top of a file system of their own; the outer before the inner."""
    return await rows.all(
        str,
        """
        select path
        from folder
        where library_id = %(library_id)s and is_mount
        order by path
        """,
        library_id=library_id,
    )


async def sign(tx: Tx, library_id: LibraryId, folders: Mapping[str, Signature]) -> None:
    """All files of these folders are stored."""
    await tx.run(
        """
        insert into folder (library_id, path, signature, titles, is_mount)
        select %(library_id)s, *
        from unnest(%(paths)s::text[], %(signatures)s::bytea[], %(titles)s::int[],
                    %(mounts)s::boolean[])
        on conflict (library_id, path) do update
        set signature = excluded.signature,
            titles = excluded.titles,
            is_mount = excluded.is_mount
        """,
        library_id=library_id,
        paths=list(folders),
        signatures=[folder.signature for folder in folders.values()],
        titles=[folder.titles for folder in folders.values()],
        mounts=[folder.is_mount for folder in folders.values()],
    )


async def forget(tx: Tx, library_id: LibraryId, paths: Sequence[str]) -> None:
    await tx.run(
        "delete from folder where library_id = %(library_id)s and path = any(%(paths)s)",
        library_id=library_id,
        paths=list(paths),
    )


async def below(rows: Reading, library_id: LibraryId, folder: str) -> list[str]:
    """The folder itself and those in it, as far as they are known."""
    return await rows.all(
        str,
        """
        select path
        from folder
        where library_id = %(library_id)s
          and (path = %(folder)s or path >= %(folder)s || '/' and path < %(folder)s || '0')
        """,
        library_id=library_id,
        folder=folder,
    )
