"""The files of films, as they are shown and played."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from revenge.catalog.store import PlayableRow
from revenge.contracts import FileId, LibraryId, MovieId, UserId
from revenge.contracts.media import Media
from revenge.kit import Reading

Libraries = Sequence[LibraryId] | None


class FileRow(Struct, frozen=True):
    """A file of a film."""

    id: FileId
    movie_id: MovieId
    library_id: LibraryId
    path: str
    size: int
    part: int | None
    edition: str | None
    quality: str | None
    created_at: datetime
    updated_at: datetime
    media: Media


async def list_files(rows: Reading, id: MovieId, libraries: Libraries) -> list[FileRow]:
    """The best first; none of a film that is not to be seen."""
    return await rows.all(
        FileRow,
        """
        select
            file.id, movie_file.movie_id, file.library_id, file.path, file.size,
            (file.facts -> 'parsed' ->> 'part')::int as part,
            file.facts -> 'parsed' ->> 'edition' as edition,
            file.facts -> 'parsed' ->> 'quality' as quality,
            file.created_at, file.updated_at, file.media
        from movies.movie_file
        join catalog.file on file.id = movie_file.file_id
        where movie_file.movie_id = %(id)s
        and (%(libraries)s::uuid[] is null or file.library_id = any(%(libraries)s::uuid[]))
        order by file.part, file.pixels desc, file.size desc, file.id
        """,
        id=id,
        libraries=libraries,
    )


async def find_playable(
    rows: Reading, id: MovieId, file_id: FileId | None, user_id: UserId, libraries: Libraries
) -> PlayableRow | None:
    """The file that is asked for, or the best one: its first part, then size of the picture."""
    return await rows.maybe(
        PlayableRow,
        """
        select
            file.id as file_id, movie.title, file.path, file.size, movie.library_ids, file.media,
            coalesce(watch.progress_seconds, 0) as position_seconds
        from movies.movie
        join movies.movie_file on movie_file.movie_id = movie.id
        join catalog.file on file.id = movie_file.file_id
        left join movies.watch on watch.movie_id = movie.id
            and watch.user_id = %(user_id)s
            and not watch.is_completed
        where movie.id = %(id)s
        and catalog.visible(movie.library_ids, %(libraries)s::uuid[])
        and (%(libraries)s::uuid[] is null or file.library_id = any(%(libraries)s::uuid[]))
        and (%(file_id)s::uuid is null or file.id = %(file_id)s::uuid)
        order by file.part, file.pixels desc, file.size desc, file.id
        limit 1
        """,
        id=id,
        file_id=file_id,
        user_id=user_id,
        libraries=libraries,
    )
