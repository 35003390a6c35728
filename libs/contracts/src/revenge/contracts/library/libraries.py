"""Libraries: the folders that are looked after."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._ids import LibraryId
from revenge.contracts._kinds import Audience, Message, Nothing
from revenge.contracts._pages import Name
from revenge.contracts.library._domain import domain
from revenge.contracts.library.faults import (
    LibraryNameTaken,
    LibraryNotFound,
    PathTaken,
    PathUnusable,
)
from revenge.contracts.library.scans import LibraryScan


class LibraryType(enum.StrEnum):
    """What a library holds. In a `mixed` one, films and episodes are told apart by name."""

    MOVIE = "movie"
    TVSHOW = "tvshow"
    MIXED = "mixed"
    MUSIC = "music"
    PHOTO = "photo"
    BOOK = "book"
    AUDIOBOOK = "audiobook"
    COMIC = "comic"
    PODCAST = "podcast"
    ADULT = "adult"


class Watch(enum.StrEnum):
    """How changes of a library's folders are noticed now."""

    OFF = "off"
    EVENTS = "events"  # the operating system tells
    POLLING = "polling"  # it cannot, so the folders are compared every so often
    UNREADABLE = "unreadable"  # a folder is gone or may not be read; what is known is kept


class Library(Message, frozen=True):
    id: LibraryId
    name: str
    type: LibraryType
    paths: tuple[str, ...]
    enabled: bool
    scan_on_startup: bool
    realtime_monitoring: bool
    created_at: datetime
    updated_at: datetime
    metadata_provider: str | None = None
    preferred_language: str | None = None
    scanner_config: dict[str, Any] | None = None
    watch: Watch = Watch.OFF
    problem: str | None = None  # what is wrong with it now, and how to mend it
    watch_reason: str | None = None  # why its folders are polled, or not watched at all
    scan_interval: int | None = None  # seconds from one scan to the next; None: only on demand
    latest_scan: LibraryScan | None = None


class LibraryList(Message, frozen=True):
    libraries: tuple[Library, ...]
    total: int


Interval = Annotated[int, Meta(ge=60, le=365 * 86_400)]  # seconds

Paths = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=4096)], ...],
    Meta(min_length=1, max_length=64),
]


class ListLibraries(Message, frozen=True):
    """Administrators see all; others the enabled ones that they may view."""


class GetLibrary(Message, frozen=True):
    library_id: LibraryId


class CreateLibrary(Message, frozen=True):
    name: Name
    type: LibraryType
    paths: Paths
    enabled: bool = True
    scan_on_startup: bool = False
    realtime_monitoring: bool = False
    metadata_provider: str | None = None
    preferred_language: str | None = None
    scanner_config: dict[str, Any] | None = None
    scan_interval: Interval | None = None


class UpdateLibrary(Message, frozen=True):
    """Only the fields that are given change."""

    library_id: LibraryId
    name: Name | UnsetType = UNSET
    paths: Paths | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    scan_on_startup: bool | UnsetType = UNSET
    realtime_monitoring: bool | UnsetType = UNSET
    metadata_provider: str | UnsetType | None = UNSET
    preferred_language: str | UnsetType | None = UNSET
    scanner_config: dict[str, Any] | UnsetType | None = UNSET
    scan_interval: Interval | UnsetType | None = UNSET


class DeleteLibrary(Message, frozen=True):
    library_id: LibraryId


class LibraryEvent(Message, frozen=True):
    library: Library
    library_ids: tuple[LibraryId, ...]


class LibraryDeleted(Message, frozen=True):
    library_id: LibraryId
    name: str
    library_ids: tuple[LibraryId, ...]


class LibraryWarning(Message, frozen=True):
    """Something is wrong with a library that its administrator should know."""

    library_id: LibraryId
    library_name: str
    code: str  # root_missing, root_unreadable, watch_failed, watch_limit, polling
    message: str


list_libraries = domain.rpc("list_libraries", ListLibraries, LibraryList)
get_library = domain.rpc("get_library", GetLibrary, Library, raises=(LibraryNotFound,))
create_library = domain.rpc(
    "create_library", CreateLibrary, Library, raises=(LibraryNameTaken, PathUnusable, PathTaken)
)
update_library = domain.rpc(
    "update_library",
    UpdateLibrary,
    Library,
    raises=(LibraryNotFound, LibraryNameTaken, PathUnusable, PathTaken),
)
delete_library = domain.rpc("delete_library", DeleteLibrary, Nothing, raises=(LibraryNotFound,))

library_created = domain.event("created", LibraryEvent, audience=Audience.LIBRARIES)
library_updated = domain.event("updated", LibraryEvent, audience=Audience.LIBRARIES)
library_deleted = domain.event("deleted", LibraryDeleted, audience=Audience.LIBRARIES)
library_warned = domain.event("warned", LibraryWarning, audience=Audience.ADMINS)
