"""Metadata: what is known of a title, from where, and its pictures."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from revenge.contracts._kinds import Domain, Level, Message
from revenge.contracts.library import Art, Nfo, Parsed, Person, Rating

domain = Domain("metadata")


class TitleKind(enum.StrEnum):
    MOVIE = "movie"
    SERIES = "series"
    SEASON = "season"
    EPISODE = "episode"


class LocalFacts(Message, frozen=True):
    """What the files say of one title: its name, its NFO, the images beside it."""

    kind: TitleKind
    id: UUID
    parsed: Parsed | None = None
    nfo: Nfo | None = None
    art: tuple[Art, ...] = ()
    duration: float | None = None  # seconds, of the media


class DescribeTitles(Message, frozen=True):
    """Merge what is known of these titles anew. At most a hundred.

    `as_of` is when the facts were true: older ones never win over newer.
    """

    titles: tuple[LocalFacts, ...]
    as_of: datetime | None = None


class Description(Message, frozen=True):
    """The merged fields of one title; None or empty where nothing is known.

    `sources` names for each field that is set where it came from: `name`, `nfo`, `art`,
    `media`, or a provider.
    """

    title: str | None = None
    original_title: str | None = None
    year: int | None = None
    release_date: str | None = None  # YYYY-MM-DD
    runtime: int | None = None  # minutes
    overview: str | None = None
    tagline: str | None = None
    status: str | None = None
    certification: str | None = None
    collection: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    logo_path: str | None = None
    still_path: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    ids: dict[str, str] = {}
    genres: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    people: tuple[Person, ...] = ()
    sources: dict[str, str] = {}


class TitleDescribed(Message, frozen=True):
    """`revision` grows with every description of a title: an older one is not news."""

    id: UUID
    revision: int
    description: Description


describe_titles = domain.job("describe_titles", DescribeTitles, level=Level.DEFAULT, timeout=300)

movie_described = domain.event("movie_described", TitleDescribed)
series_described = domain.event("series_described", TitleDescribed)
season_described = domain.event("season_described", TitleDescribed)
episode_described = domain.event("episode_described", TitleDescribed)
