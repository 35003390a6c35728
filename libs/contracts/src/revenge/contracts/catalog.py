"""What all kinds of titles have in common: genres, people, and finding what is to be played."""

from __future__ import annotations

import enum
from uuid import UUID

from revenge.contracts._faults import NotFound
from revenge.contracts._ids import FileId, LibraryId, UserId
from revenge.contracts._kinds import Audience, Domain, Message
from revenge.contracts.media import Media

domain = Domain("catalog")


class MediaNotFound(NotFound):
    """There is no such title with a file to play, or it is in no library that you may see."""


class MediaType(enum.StrEnum):
    MOVIE = "movie"
    EPISODE = "episode"


class ListGenres(Message, frozen=True):
    pass


class Genre(Message, frozen=True):
    slug: str
    name: str
    movie_count: int
    tvshow_count: int


class CreditType(enum.StrEnum):
    CAST = "cast"
    CREW = "crew"


class Credit(Message, frozen=True):
    """What somebody did for a title: `character` is a cast member's, `job` one of the crew's."""

    name: str
    credit_type: CreditType
    character: str | None = None
    cast_order: int | None = None
    job: str | None = None
    department: str | None = None
    tmdb_person_id: int | None = None
    profile_path: str | None = None


class CreditList(Message, frozen=True):
    items: tuple[Credit, ...]
    total: int
    page: int
    page_size: int


class FindMedia(Message, frozen=True):
    """Without `file_id`, the best of the title's files is chosen."""

    media_type: MediaType
    media_id: UUID
    file_id: FileId | None = None


class PlayableFile(Message, frozen=True):
    file_id: FileId
    media_type: MediaType
    media_id: UUID
    title: str
    path: str
    size: int
    library_ids: tuple[LibraryId, ...]
    media: Media
    position_seconds: int = 0  # where this caller stopped watching


class WatchChanged(Message, frozen=True):
    """How far a user has watched something."""

    user_id: UserId
    media_type: MediaType
    media_id: UUID
    progress_seconds: int
    duration_seconds: int
    is_completed: bool


list_genres = domain.rpc("list_genres", ListGenres, list[Genre])
find_media = domain.rpc("find_media", FindMedia, PlayableFile, raises=(MediaNotFound,))

watch_changed = domain.event(
    "watch_changed", WatchChanged, type="watch.changed", audience=Audience.USER
)
