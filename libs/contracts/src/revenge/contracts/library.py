"""Libraries: folders that are looked after, the files in them, and scans."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._faults import Conflict, Invalid, NotFound
from revenge.contracts._ids import FileId, LibraryId, ScanId, UserId
from revenge.contracts._kinds import Audience, Domain, Level, Message, Nothing
from revenge.contracts._pages import Limit, Name, Offset
from revenge.contracts.media import Media

domain = Domain("library")


class LibraryNotFound(NotFound):
    """No library has this id, or it is not one that you may see."""


class LibraryNameTaken(Conflict):
    """Another library has this name already."""


class PathUnusable(Invalid):
    """A path of a library must be an absolute folder that the server can read."""


class PathTaken(Conflict):
    """Another library holds this folder, or one inside or around it, already."""


class ScanRunning(Conflict):
    """Another scan of this library is running; ask again when it has ended."""


class ScanNotFound(NotFound):
    """No scan of this library has this id."""


class UserUnknown(NotFound):
    """No user has this id."""


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


class ScanType(enum.StrEnum):
    FULL = "full"  # read every file again
    INCREMENTAL = "incremental"  # only what changed
    METADATA = "metadata"  # describe the known files again


class ScanStatus(enum.StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Permission(enum.StrEnum):
    VIEW = "view"
    DOWNLOAD = "download"
    MANAGE = "manage"


class Watch(enum.StrEnum):
    """How changes of a library's folders are noticed now."""

    OFF = "off"
    EVENTS = "events"  # the operating system tells
    POLLING = "polling"  # it cannot, so the folders are compared every so often
    UNREADABLE = "unreadable"  # a folder is gone or may not be read; what is known is kept


class LibraryScan(Message, frozen=True):
    id: ScanId
    library_id: LibraryId
    scan_type: ScanType
    status: ScanStatus
    created_at: datetime
    phase: str = ""  # walking, reading, removing, done
    items_total: int = 0  # files that are to be looked at; 0 while that is not known
    items_scanned: int = 0
    items_added: int = 0
    items_updated: int = 0
    items_removed: int = 0
    error_count: int = 0
    items_per_second: float | None = None  # lately; None while that is not known, and at the end
    seconds_left: float | None = None  # at that rate; None while the total is not known
    error_message: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None


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


class StartScan(Message, frozen=True):
    library_id: LibraryId
    scan_type: ScanType = ScanType.INCREMENTAL


class ListScans(Message, frozen=True):
    library_id: LibraryId
    limit: Limit = 20
    offset: Offset = 0


class ScanList(Message, frozen=True):
    scans: tuple[LibraryScan, ...]
    total: int


class CancelScan(Message, frozen=True):
    library_id: LibraryId
    scan_id: ScanId


class FailedFile(Message, frozen=True):
    id: FileId
    path: str
    reason: str
    failed_at: datetime


class ListFailures(Message, frozen=True):
    library_id: LibraryId
    limit: Limit = 20
    offset: Offset = 0


class FailureList(Message, frozen=True):
    files: tuple[FailedFile, ...]
    total: int


class RetryFailures(Message, frozen=True):
    """Read again what could not be read: these files, or all where none are named."""

    library_id: LibraryId
    files: tuple[FileId, ...] = ()


class LibraryPermission(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permission: Permission
    created_at: datetime


class ListPermissions(Message, frozen=True):
    library_id: LibraryId


class PermissionList(Message, frozen=True):
    permissions: tuple[LibraryPermission, ...]
    total: int


class GrantPermission(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permission: Permission


class RevokePermission(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permission: Permission


# --- what is found ---


class Kind(enum.StrEnum):
    """What a file was taken for."""

    MOVIE = "movie"
    EPISODE = "episode"


class Parsed(Message, frozen=True):
    """What the whole path of a file says about it."""

    title: str
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    absolute_episode: int | None = None
    air_date: str | None = None  # YYYY-MM-DD, of a daily show
    episode_title: str | None = None
    part: int | None = None
    edition: str | None = None
    quality: str | None = None  # Bluray-1080p, WEBDL-720p, ...
    ids: dict[str, str] = {}  # imdb, tmdb, tvdb; of the film or the series


class Rating(Message, frozen=True):
    """`value` out of 10."""

    source: str
    value: float
    votes: int | None = None


class Person(Message, frozen=True):
    """`role` is actor, director, writer, ...; `character` is the actor's."""

    name: str
    role: str
    character: str | None = None
    order: int = 0


class FileTrack(Message, frozen=True):
    """`kind` is video, audio or subtitle."""

    kind: str
    codec: str | None = None
    language: str | None = None  # as it is written
    width: int | None = None
    height: int | None = None
    channels: int | None = None


class FileInfo(Message, frozen=True):
    """What an NFO says of its file: it was true when it was written."""

    duration: int | None = None  # seconds
    tracks: tuple[FileTrack, ...] = ()


class Nfo(Message, frozen=True):
    """What a Kodi NFO beside a file or in its folder says, for one title."""

    title: str | None = None
    original_title: str | None = None
    year: int | None = None
    plot: str | None = None
    tagline: str | None = None
    runtime: int | None = None  # minutes
    release_date: str | None = None  # YYYY-MM-DD
    status: str | None = None
    certification: str | None = None
    collection: str | None = None
    season: int | None = None
    episode: int | None = None
    ids: dict[str, str] = {}
    genres: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    people: tuple[Person, ...] = ()
    sort_title: str | None = None
    file_info: FileInfo | None = None


class Art(Message, frozen=True):
    """An image beside a file.

    `type`: poster, backdrop, logo, banner, thumb, clear_art, disc; with `season`, that one's:
    season_poster, season_banner, season_thumb, season_backdrop.
    """

    type: str
    path: str
    season: int | None = None


class FoundFile(Message, frozen=True):
    """A file as it is now: new, or changed since it was last told of."""

    id: FileId
    revision: int  # grows with every change that is told of; the receiver keeps the greatest
    path: str
    size: int  # bytes
    modified_at: datetime
    kind: Kind
    parsed: Parsed
    media: Media
    nfo: tuple[Nfo, ...] = ()  # of the film, or one for each episode in the file
    series_nfo: Nfo | None = None
    season_nfo: Nfo | None = None
    art: tuple[Art, ...] = ()  # of the film or the episode
    series_art: tuple[Art, ...] = ()


class FilesFound(Message, frozen=True):
    """At most a hundred files of one library, new or changed."""

    library_id: LibraryId
    files: tuple[FoundFile, ...]
    scan_id: ScanId | None = None


class FilesGone(Message, frozen=True):
    """Each with the revision that has gone: one that was told with a later one is there again."""

    library_id: LibraryId
    files: dict[FileId, int]


class FilesMoved(Message, frozen=True):
    """The same file under another path: its identity, and so its history, stays.

    It is told as found, too, with the revision that it has here: whoever knows that one, or a
    later one, knows where it is.
    """

    library_id: LibraryId
    paths: dict[FileId, str]
    revisions: dict[FileId, int] = {}


class LibraryEvent(Message, frozen=True):
    library: Library
    library_ids: tuple[LibraryId, ...]


class LibraryDeleted(Message, frozen=True):
    library_id: LibraryId
    name: str
    library_ids: tuple[LibraryId, ...]


class ScanEvent(Message, frozen=True):
    scan: LibraryScan
    library_name: str
    library_ids: tuple[LibraryId, ...]


class LibraryWarning(Message, frozen=True):
    """Something is wrong with a library that its administrator should know."""

    library_id: LibraryId
    library_name: str
    code: str  # root_missing, root_unreadable, watch_failed, watch_limit, polling
    message: str


class PermissionChanged(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permissions: tuple[Permission, ...]  # all that the user holds now


class ScanDue(Message, frozen=True):
    """Begin the scans of the libraries whose `scan_interval` has passed."""


class ScanLibrary(Message, frozen=True):
    library_id: LibraryId
    scan_id: ScanId
    scan_type: ScanType


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
start_scan = domain.rpc("start_scan", StartScan, LibraryScan, raises=(LibraryNotFound, ScanRunning))
list_scans = domain.rpc("list_scans", ListScans, ScanList, raises=(LibraryNotFound,))
cancel_scan = domain.rpc("cancel_scan", CancelScan, Nothing, raises=(LibraryNotFound, ScanNotFound))
list_failures = domain.rpc("list_failures", ListFailures, FailureList, raises=(LibraryNotFound,))
retry_failures = domain.rpc(
    "retry_failures", RetryFailures, LibraryScan, raises=(LibraryNotFound, ScanRunning)
)
list_permissions = domain.rpc(
    "list_permissions", ListPermissions, PermissionList, raises=(LibraryNotFound,)
)
grant_permission = domain.rpc(
    "grant_permission", GrantPermission, LibraryPermission, raises=(LibraryNotFound, UserUnknown)
)
revoke_permission = domain.rpc(
    "revoke_permission", RevokePermission, Nothing, raises=(LibraryNotFound,)
)

library_created = domain.event("created", LibraryEvent, audience=Audience.LIBRARIES)
library_updated = domain.event("updated", LibraryEvent, audience=Audience.LIBRARIES)
library_deleted = domain.event("deleted", LibraryDeleted, audience=Audience.LIBRARIES)
library_warned = domain.event("warned", LibraryWarning, audience=Audience.ADMINS)
permission_changed = domain.event("permission_changed", PermissionChanged)
scan_started = domain.event("scan_started", ScanEvent, audience=Audience.LIBRARIES)
scan_progressed = domain.event("scan_progressed", ScanEvent, audience=Audience.LIBRARIES)
scan_done = domain.event("scan_done", ScanEvent, audience=Audience.LIBRARIES)
files_found = domain.event("files_found", FilesFound)
files_gone = domain.event("files_gone", FilesGone)
files_moved = domain.event("files_moved", FilesMoved)

scan_library = domain.job(
    "scan_library", ScanLibrary, level=Level.BULK, attempts=20, timeout=86_400
)
scan_due = domain.job("scan_due", ScanDue, attempts=1, timeout=60)
