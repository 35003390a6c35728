"""What an NFO beside a file says."""

from __future__ import annotations

from revenge.contracts._kinds import Message


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
