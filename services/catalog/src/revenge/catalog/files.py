# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""The files of titles of one kind, as they are shown and played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from msgspec import Struct

from revenge.catalog.titles import Libraries
from revenge.contracts import FileId, LibraryId, UserId
from revenge.contracts.catalog import MediaType, PlayableFile
from revenge.contracts.media import Media
from revenge.kit import Reading, Tx

IN_SIGHT: LiteralString = """
    (%(libraries)s::uuid[] is null or file.library_id = any(%(libraries)s::uuid[]))
"""
BEST_FIRST: LiteralString = """
    order by file.part, file.pixels desc, file.size desc, file.id
"""


class FileRow(Struct, frozen=True):
    id: FileId
    library_id: LibraryId
    path: str
    size: int
    part: int | None
    edition: str | None
    quality: str | None
    created_at: datetime
    updated_at: datetime
    media: Media


class PlayableRow(Struct, frozen=True):
    file_id: FileId
    title: str
    path: str
    size: int
    library_ids: tuple[LibraryId, ...]
    media: Media
    position_seconds: int

    def playable(self, media_type: MediaType, media_id: UUID) -> PlayableFile:
        return PlayableFile(
            file_id=self.file_id,
            media_type=media_type,
            media_id=media_id,
            title=self.title,
            path=self.path,
            size=self.size,
            library_ids=self.library_ids,
            media=self.media,
            position_seconds=self.position_seconds,
        )


@dataclass(frozen=True)
class Files:
    """The table of which file is of which title, the titles, and how far these are watched."""

    table: LiteralString
    titles: LiteralString
    watches: LiteralString
    title_id: LiteralString  # what `table` and `watches` call the title
    name: LiteralString  # what a player shows

    async def unlink(self, tx: Tx, file_ids: Sequence[FileId]) -> list[UUID]:
        """The titles that these files were of."""
        return await tx.all(
            UUID,
            f"""
            delete from {self.table}
            where file_id = any(%(file_ids)s::uuid[])
            returning {self.title_id}
            """,
            file_ids=list(file_ids),
        )

    async def of_title(self, rows: Reading, id: UUID, libraries: Libraries) -> list[FileRow]:
        """The best first; none of a title that is not to be seen."""
        return await rows.all(
            FileRow,
            f"""
            select
                file.id, file.library_id, file.path, file.size,
                (file.facts -> 'parsed' ->> 'part')::int as part,
                file.facts -> 'parsed' ->> 'edition' as edition,
                file.facts -> 'parsed' ->> 'quality' as quality,
                file.created_at, file.updated_at, file.media
            from {self.table} as link
            join catalog.file on file.id = link.file_id
            where link.{self.title_id} = %(id)s and {IN_SIGHT} {BEST_FIRST}
            """,
            id=id,
            libraries=libraries,
        )

    async def find_playable(
        self,
        rows: Reading,
        id: UUID,
        file_id: FileId | None,
        user_id: UserId,
        libraries: Libraries,
    ) -> PlayableRow | None:
        """The file that is asked for, or the best one: its first part, then size of the picture."""
        return await rows.maybe(
            PlayableRow,
            f"""
            select
                file.id as file_id, {self.name} as title, file.path, file.size, title.library_ids,
                file.media, coalesce(watch.progress_seconds, 0) as position_seconds
            from {self.titles} as title
            join {self.table} as link on link.{self.title_id} = title.id
            join catalog.file on file.id = link.file_id
            left join {self.watches} on watch.{self.title_id} = title.id
                and watch.user_id = %(user_id)s
                and not watch.is_completed
            where title.id = %(id)s
            and catalog.visible(title.library_ids, %(libraries)s::uuid[])
            and {IN_SIGHT}
            and (%(file_id)s::uuid is null or file.id = %(file_id)s::uuid)
            {BEST_FIRST}
            limit 1
            """,
            id=id,
            file_id=file_id,
            user_id=user_id,
            libraries=libraries,
        )
