"""What is found: files, what their names say, and what lies beside them."""

from __future__ import annotations

import enum
from datetime import datetime

from revenge.contracts._ids import FileId, LibraryId, ScanId
from revenge.contracts._kinds import Message
from revenge.contracts.library._domain import domain
from revenge.contracts.library.nfo import Nfo
from revenge.contracts.media import Media


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


files_found = domain.event("files_found", FilesFound)
files_gone = domain.event("files_gone", FilesGone)
files_moved = domain.event("files_moved", FilesMoved)
