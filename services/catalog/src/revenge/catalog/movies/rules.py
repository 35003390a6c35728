"""What is decided of films, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from revenge.catalog.rules import descriptions, titles
from revenge.catalog.rules.changes import Change
from revenge.catalog.rules.identity import Claim, claim
from revenge.catalog.store import Facts
from revenge.contracts import Event, FileId, MovieId
from revenge.contracts.library import FoundFile, Kind
from revenge.contracts.metadata import Description, LocalFacts, TitleKind
from revenge.contracts.movies import (
    ExternalRating,
    MovieEvent,
    movie_added,
    movie_available,
    movie_deleted,
    movie_updated,
)


class MovieFields(Struct, frozen=True):
    """The columns of a film that are made of its description."""

    id: MovieId
    title: str
    sort_title: str
    search_title: str
    search_original: str
    original_title: str | None
    year: int | None
    release_date: date | None
    runtime: int | None
    overview: str | None
    tagline: str | None
    status: str | None
    poster_path: str | None
    backdrop_path: str | None
    vote_average: float | None
    vote_count: int | None
    tmdb_id: int | None
    imdb_id: str | None
    genres: tuple[str, ...]
    genre_slugs: tuple[str, ...]
    external_ratings: tuple[ExternalRating, ...]
    description: Description
    description_revision: int = 0


class Speaker(Struct, frozen=True):
    """The file that says most of a film."""

    movie_id: MovieId
    file_id: FileId
    facts: Facts
    duration: float


class MovieChange(Change, frozen=True, kw_only=True):
    id: MovieId
    title: str
    year: int | None
    poster_path: str | None

    @property
    def events(self) -> tuple[Event[MovieEvent], ...]:
        news = self.news((movie_added, movie_available), (movie_updated,), (movie_deleted,))
        return news or ()

    def payload(self) -> MovieEvent:
        return MovieEvent(self.id, self.title, self.in_sight_of, self.year, self.poster_path)


def claims(found: Iterable[FoundFile]) -> list[Claim]:
    return [
        claim(file.id, file.parsed, next(iter(file.nfo), None))
        for file in found
        if file.kind is Kind.MOVIE
    ]


def describe(file: FoundFile) -> Description:
    """A film as its first file shows it."""
    nfo = next(iter(file.nfo), None)
    return descriptions.from_files(file.parsed.title, file.parsed, nfo, file.media.duration)


def fields(id: MovieId, described: Description, revision: int = 0) -> MovieFields:
    title = described.title or "?"
    return MovieFields(
        id=id,
        title=title,
        sort_title=titles.sort_title(title),
        search_title=titles.normalise(title),
        search_original=titles.normalise(described.original_title or ""),
        original_title=described.original_title,
        year=described.year,
        release_date=descriptions.calendar_date(described.release_date),
        runtime=described.runtime,
        overview=described.overview,
        tagline=described.tagline,
        status=described.status,
        poster_path=described.poster_path,
        backdrop_path=described.backdrop_path,
        vote_average=described.vote_average,
        vote_count=described.vote_count,
        tmdb_id=descriptions.number_id(described, "tmdb"),
        imdb_id=described.ids.get("imdb"),
        genres=described.genres,
        genre_slugs=descriptions.genre_slugs(described),
        external_ratings=descriptions.external_ratings(described),
        description=described,
        description_revision=revision,
    )


def local_facts(speaker: Speaker) -> LocalFacts:
    return LocalFacts(
        kind=TitleKind.MOVIE,
        id=speaker.movie_id,
        parsed=speaker.facts.parsed,
        nfo=next(iter(speaker.facts.nfo), None),
        art=speaker.facts.art,
        duration=speaker.duration,
    )
