"""What is decided of shows, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct, structs

from revenge.catalog.rules import descriptions, titles
from revenge.catalog.rules.identity import Claim, claim
from revenge.catalog.store import Facts
from revenge.contracts import EpisodeId, FileId, SeasonId, SeriesId
from revenge.contracts.library import FoundFile, Kind, Nfo, Parsed
from revenge.contracts.metadata import Description, LocalFacts, TitleKind
from revenge.contracts.movies import ExternalRating

_HUNDRED = 100
_MAX_NUMBER = 2**31 - 1


class Slot(NamedTuple):
    """The place of an episode in its show."""

    season: int
    episode: int


class SeriesFields(Struct, frozen=True, kw_only=True):
    """The columns of a show that are made of its description."""

    id: SeriesId
    title: str
    sort_title: str
    search_title: str
    search_original: str
    original_title: str | None
    tagline: str | None
    overview: str | None
    status: str | None
    year: int | None
    premiered: date | None
    vote_average: float | None
    vote_count: int | None
    poster_path: str | None
    backdrop_path: str | None
    tmdb_id: int | None
    tvdb_id: int | None
    imdb_id: str | None
    genres: tuple[str, ...]
    genre_slugs: tuple[str, ...]
    networks: tuple[str, ...]
    external_ratings: tuple[ExternalRating, ...]
    description: Description
    description_revision: int = 0


class SeasonFields(Struct, frozen=True, kw_only=True):
    """The same of a season."""

    name: str
    overview: str | None
    poster_path: str | None
    air_date: date | None
    vote_average: float | None
    tmdb_id: int | None
    description: Description
    description_revision: int = 0
    id: SeasonId | None = None  # made by the database for a new one


class EpisodeFields(Struct, frozen=True, kw_only=True):
    """The same of an episode."""

    title: str
    overview: str | None
    air_date: date | None
    runtime: int | None
    vote_average: float | None
    vote_count: int | None
    still_path: str | None
    tmdb_id: int | None
    tvdb_id: int | None
    imdb_id: str | None
    description: Description
    description_revision: int = 0
    id: EpisodeId | None = None  # made by the database for a new one


class NewSeason(Struct, frozen=True):
    series_id: UUID
    season_number: int
    fields: SeasonFields


class NewEpisode(Struct, frozen=True):
    series_id: UUID
    season_number: int
    episode_number: int
    fields: EpisodeFields


class Speaker(Struct, frozen=True):
    """The file that says most of a show, a season or an episode, and an episode that is in it."""

    id: UUID
    file_id: FileId
    facts: Facts
    duration: float
    season_number: int
    episode_number: int


def claims(found: Iterable[FoundFile]) -> list[Claim]:
    """Those that have no place in a show are not shown."""
    return [
        claim(file.id, file.parsed, file.series_nfo)
        for file in found
        if file.kind is Kind.EPISODE and slots(file.parsed, file.nfo)
    ]


def slots(parsed: Parsed, nfos: tuple[Nfo, ...]) -> tuple[Slot, ...]:
    """The episodes of a file: by its name, else by its NFOs.

    Without a season, absolute numbers count from the first one. An episode of a daily show is
    in the season of its year, with its month and day as its number: 314 is 14 March.
    """
    found = _by_name(parsed) or [
        Slot(nfo.season, nfo.episode)
        for nfo in nfos
        if nfo.season is not None and nfo.episode is not None
    ]
    return tuple(dict.fromkeys(slot for slot in found if _is_storable(slot)))


def _by_name(parsed: Parsed) -> list[Slot]:
    season = 1 if parsed.season is None else parsed.season
    if parsed.episodes:
        return [Slot(season, episode) for episode in parsed.episodes]
    if parsed.absolute_episode is not None:
        return [Slot(season, parsed.absolute_episode)]
    aired = descriptions.calendar_date(parsed.air_date)
    return [Slot(aired.year, aired.month * _HUNDRED + aired.day)] if aired else []


def _is_storable(slot: Slot) -> bool:
    return 0 <= slot.season <= _MAX_NUMBER and 0 <= slot.episode <= _MAX_NUMBER


def nfo_of(slot: Slot, parsed: Parsed, nfos: tuple[Nfo, ...]) -> Nfo | None:
    """The one that names the episode; else the one at its position in the file."""
    for nfo in nfos:
        if nfo.episode == slot.episode and nfo.season in (None, slot.season):
            return nfo
    unnamed = [nfo for nfo in nfos if nfo.episode is None]
    by_position = dict(zip(slots(parsed, nfos), unnamed, strict=False))
    return by_position.get(slot)


def season_name(number: int) -> str:
    return f"Season {number}" if number else "Specials"


def series(id: SeriesId, file: FoundFile) -> SeriesFields:
    """A show as a file of it shows it."""
    return series_fields(
        id,
        descriptions.from_files(
            file.parsed.title, structs.replace(file.parsed, air_date=None), file.series_nfo, None
        ),
    )


def season(number: int, nfo: Nfo | None) -> SeasonFields:
    return season_fields(None, descriptions.from_files(season_name(number), None, nfo, None))


def episode(slot: Slot, file: FoundFile) -> EpisodeFields:
    """The ids and the year in the name of a file are those of its show."""
    parsed = structs.replace(file.parsed, ids={}, year=None)
    title = file.parsed.episode_title or f"Episode {slot.episode}"
    nfo = nfo_of(slot, file.parsed, file.nfo)
    return episode_fields(None, descriptions.from_files(title, parsed, nfo, file.media.duration))


def series_fields(id: SeriesId, described: Description, revision: int = 0) -> SeriesFields:
    title = described.title or "?"
    return SeriesFields(
        id=id,
        title=title,
        sort_title=titles.sort_title(title),
        search_title=titles.normalise(title),
        search_original=titles.normalise(described.original_title or ""),
        original_title=described.original_title,
        tagline=described.tagline,
        overview=described.overview,
        status=described.status,
        year=described.year,
        premiered=descriptions.calendar_date(described.release_date),
        vote_average=described.vote_average,
        vote_count=described.vote_count,
        poster_path=described.poster_path,
        backdrop_path=described.backdrop_path,
        tmdb_id=descriptions.number_id(described, "tmdb"),
        tvdb_id=descriptions.number_id(described, "tvdb"),
        imdb_id=described.ids.get("imdb"),
        genres=described.genres,
        genre_slugs=descriptions.genre_slugs(described),
        networks=described.studios,
        external_ratings=descriptions.external_ratings(described),
        description=described,
        description_revision=revision,
    )


def season_fields(id: SeasonId | None, described: Description, revision: int = 0) -> SeasonFields:
    return SeasonFields(
        id=id,
        name=described.title or "?",
        overview=described.overview,
        poster_path=described.poster_path,
        air_date=descriptions.calendar_date(described.release_date),
        vote_average=described.vote_average,
        tmdb_id=descriptions.number_id(described, "tmdb"),
        description=described,
        description_revision=revision,
    )


def episode_fields(
    id: EpisodeId | None, described: Description, revision: int = 0
) -> EpisodeFields:
    return EpisodeFields(
        id=id,
        title=described.title or "?",
        overview=described.overview,
        air_date=descriptions.calendar_date(described.release_date),
        runtime=described.runtime,
        vote_average=described.vote_average,
        vote_count=described.vote_count,
        still_path=described.still_path,
        tmdb_id=descriptions.number_id(described, "tmdb"),
        tvdb_id=descriptions.number_id(described, "tvdb"),
        imdb_id=described.ids.get("imdb"),
        description=described,
        description_revision=revision,
    )


def series_facts(speaker: Speaker) -> LocalFacts:
    """Art that names a season is that season's."""
    return LocalFacts(
        kind=TitleKind.SERIES,
        id=speaker.id,
        parsed=speaker.facts.parsed,
        nfo=speaker.facts.series_nfo,
        art=tuple(art for art in speaker.facts.series_art if art.season is None),
    )


def season_facts(speaker: Speaker) -> LocalFacts:
    """A file may be of several seasons, or name none: what counts is which one is meant."""
    number = speaker.season_number
    return LocalFacts(
        kind=TitleKind.SEASON,
        id=speaker.id,
        parsed=structs.replace(speaker.facts.parsed, season=number),
        nfo=speaker.facts.season_nfo,
        art=tuple(art for art in speaker.facts.series_art if art.season == number),
    )


def episode_facts(speaker: Speaker) -> LocalFacts:
    slot = Slot(speaker.season_number, speaker.episode_number)
    return LocalFacts(
        kind=TitleKind.EPISODE,
        id=speaker.id,
        parsed=speaker.facts.parsed,
        nfo=nfo_of(slot, speaker.facts.parsed, speaker.facts.nfo),
        art=speaker.facts.art,
        duration=speaker.duration,
    )
