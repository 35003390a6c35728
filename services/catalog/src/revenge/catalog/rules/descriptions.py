"""Descriptions: made of what the files say, and merged with what is told of a title later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct, structs

from revenge.catalog.rules.titles import slug
from revenge.contracts.library import Nfo, Parsed, Rating
from revenge.contracts.metadata import Description, TitleDescribed
from revenge.contracts.movies import ExternalRating

_WRITTEN = {"imdb": "{:.1f}/10", "tmdb": "{:.1f}/10", "themoviedb": "{:.1f}/10"}
_MAX_ID = 2**31 - 1


class Held(Struct, frozen=True):
    """What is shown of a title now. The fields in `locked` stay, whatever is told."""

    id: UUID
    description: Description
    description_revision: int
    locked: tuple[str, ...]


class Outcome(NamedTuple):
    """What is to be shown of a title from now on."""

    id: UUID
    revision: int
    description: Description
    is_news: bool


def outcomes(held: Sequence[Held], told: Sequence[TitleDescribed]) -> list[Outcome]:
    """For each title that is described anew, once: an older description is none."""
    newest = {each.id: each for each in sorted(told, key=lambda each: each.revision)}
    return [
        _outcome(row, newest[row.id])
        for row in held
        if newest[row.id].revision > row.description_revision
    ]


def _outcome(row: Held, told: TitleDescribed) -> Outcome:
    merged = merge(row.description, told.description, row.locked)
    # where a field came from is not shown
    is_news = structs.replace(merged, sources={}) != structs.replace(row.description, sources={})
    return Outcome(row.id, told.revision, merged, is_news)


def from_files(
    title: str, parsed: Parsed | None, nfo: Nfo | None, duration: float | None
) -> Description:
    """What can be shown of a title before anybody was asked about it.

    `title` is for one that the NFO does not name; `duration` is that of the media in seconds.
    """
    said = nfo or Nfo()
    rating = said.ratings[0] if said.ratings else None
    described = Description(
        title=said.title or title,
        original_title=said.original_title,
        year=said.year or (parsed.year if parsed else None),
        release_date=said.release_date or (parsed.air_date if parsed else None),
        runtime=said.runtime or (round(duration / 60) or None if duration else None),
        overview=said.plot,
        tagline=said.tagline,
        status=said.status,
        certification=said.certification,
        collection=said.collection,
        vote_average=rating.value if rating else None,
        vote_count=rating.votes if rating else None,
        ids={**(parsed.ids if parsed else {}), **said.ids},
        genres=said.genres,
        studios=said.studios,
        ratings=said.ratings,
        people=said.people,
    )
    return structs.replace(described, sources=_sources(described, said, duration))


def merge(kept: Description, told: Description, locked: Collection[str]) -> Description:
    """What is shown after a new description: all of it, but for the fields that are locked.

    A title is never without a title.
    """
    staying = {*locked, *(() if told.title else ("title",))} - {"sources"}
    fields = {
        name: getattr(kept, name) for name in staying if name in Description.__struct_fields__
    }
    sources = {name: where for name, where in told.sources.items() if name not in fields}
    sources |= {name: where for name, where in kept.sources.items() if name in fields}
    return structs.replace(told, **fields, sources=sources)


def calendar_date(said: str | None) -> date | None:
    """None for what is no day of the calendar."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def number_id(described: Description, provider: str) -> int | None:
    """None for what is no number that fits."""
    said = described.ids.get(provider, "")
    return int(said) if said.isascii() and said.isdigit() and int(said) <= _MAX_ID else None


def genre_slugs(described: Description) -> tuple[str, ...]:
    return tuple(slug(name) for name in described.genres)


def external_ratings(described: Description) -> tuple[ExternalRating, ...]:
    return tuple(_external(rating) for rating in described.ratings)


def _external(rating: Rating) -> ExternalRating:
    written = _WRITTEN.get(rating.source.lower(), "{:.1f}")
    return ExternalRating(rating.source, written.format(rating.value), round(rating.value * 10, 1))


def _sources(described: Description, said: Nfo, duration: float | None) -> dict[str, str]:
    """The NFO for what it says, the media for a runtime that nobody names, else the name."""
    by_nfo = {"overview": said.plot, "vote_average": said.ratings, "vote_count": said.ratings}
    sources: dict[str, str] = {}
    for name in Description.__struct_fields__:
        if name == "sources" or not getattr(described, name):
            continue
        is_said = by_nfo.get(name) or getattr(said, name, None)
        is_measured = name == "runtime" and duration
        sources[name] = "nfo" if is_said else "media" if is_measured else "name"
    return sources
