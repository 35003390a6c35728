"""Which source is believed for which field of a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from revenge.contracts.library import Art, Nfo, Parsed, Rating
from revenge.contracts.metadata import Description, LocalFacts, TitleKind


class Fields(Description, frozen=True, omit_defaults=True):
    """What one source says; written down without what it does not say."""


class Fact(msgspec.Struct, frozen=True):
    source: str
    rank: int
    fields: Fields


#: The higher is believed first. Providers will stand between `media` and `nfo`.
RANKS = {"name": 10, "media": 20, "nfo": 80, "art": 90}
LOCAL = tuple(RANKS)

#: Which of an NFO's ratings is shown as the title's own.
TRUSTED_RATINGS = ("themoviedb", "tmdb", "imdb", "tvdb", "thetvdb")

#: For each kind, the field that shows a type of image; the first image of a type is taken.
ART: dict[TitleKind, dict[str, str]] = {
    TitleKind.MOVIE: {"poster": "poster_path", "backdrop": "backdrop_path", "logo": "logo_path"},
    TitleKind.SERIES: {"poster": "poster_path", "backdrop": "backdrop_path", "logo": "logo_path"},
    TitleKind.SEASON: {"season_poster": "poster_path", "poster": "poster_path"},
    TitleKind.EPISODE: {"thumb": "still_path"},
}

_FIELDS = tuple(name for name in Description.__struct_fields__ if name != "sources")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def merge(facts: Iterable[Fact]) -> Description:
    """Each field from the highest source that knows it; ids from all of them together."""
    known: dict[str, Any] = {}
    sources: dict[str, str] = {}
    ids: dict[str, str] = {}
    for fact in sorted(facts, key=lambda fact: (-fact.rank, fact.source)):
        ids = fact.fields.ids | ids
        for name, value in _said(fact.fields):
            if name not in known:
                known[name], sources[name] = value, fact.source
    if ids:
        known["ids"] = dict(sorted(ids.items()))
    return Description(**known, sources=sources)


def _said(fields: Fields) -> Iterator[tuple[str, Any]]:
    values = ((name, getattr(fields, name)) for name in _FIELDS)
    return ((name, value) for name, value in values if value not in (None, "", (), {}))


def local_facts(facts: LocalFacts, art: Fields) -> Iterator[Fact]:
    """What the files of a title say, each source for itself."""
    said = {
        "name": _from_name(facts.kind, facts.parsed) if facts.parsed else Fields(),
        "media": _from_media(facts),
        "nfo": _from_nfo(facts.nfo) if facts.nfo else Fields(),
        "art": art,
    }
    for source, fields in said.items():
        if fields != Fields():
            yield Fact(source, RANKS[source], fields)


def pictures(facts: LocalFacts) -> Iterator[tuple[str, Art]]:
    """The field that each usable image is for: the first of a type."""
    taken: set[str] = set()
    for art in facts.art:
        field = ART[facts.kind].get(art.type)
        of_this = facts.kind is TitleKind.SEASON or art.season is None
        if field is not None and of_this and field not in taken:
            taken.add(field)
            yield field, art


def _from_name(kind: TitleKind, parsed: Parsed) -> Fields:
    match kind:
        case TitleKind.MOVIE | TitleKind.SERIES:
            return Fields(title=parsed.title, year=parsed.year, ids=parsed.ids)
        case TitleKind.SEASON:
            return Fields(title=_season_title(parsed.season))
        case TitleKind.EPISODE:
            return Fields(title=parsed.episode_title, release_date=_day(parsed.air_date))


def _season_title(season: int | None) -> str | None:
    if season is None:
        return None
    return f"Season {season}" if season else "Specials"


def _from_media(facts: LocalFacts) -> Fields:
    minutes = round((facts.duration or 0) / 60)
    return Fields(runtime=minutes or None)


def _from_nfo(nfo: Nfo) -> Fields:
    rating = _own_rating(nfo.ratings)
    return Fields(
        title=nfo.title,
        original_title=nfo.original_title,
        year=nfo.year,
        release_date=_day(nfo.release_date),
        runtime=nfo.runtime or None,
        overview=nfo.plot,
        tagline=nfo.tagline,
        status=nfo.status,
        certification=nfo.certification,
        collection=nfo.collection,
        vote_average=rating.value if rating else None,
        vote_count=rating.votes if rating else None,
        ids=nfo.ids,
        genres=nfo.genres,
        studios=nfo.studios,
        ratings=nfo.ratings,
        people=nfo.people,
    )


def _own_rating(ratings: tuple[Rating, ...]) -> Rating | None:
    by_source = {rating.source.lower(): rating for rating in reversed(ratings)}
    trusted = (by_source[name] for name in TRUSTED_RATINGS if name in by_source)
    return next(trusted, ratings[0] if ratings else None)


def _day(text: str | None) -> str | None:
    """People write all sorts of things where a date should be."""
    return text if text and _DAY.fullmatch(text) else None
