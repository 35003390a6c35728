"""All that a path says, and how it becomes what the contract carries."""

from __future__ import annotations

import re

import msgspec

from revenge.contracts.library import Kind, Parsed
from revenge.library_scanner.names.extras import ExtraKind

_SEASON_END = re.compile(r" (?:S0*(\d{1,2})|(\d{1,2})(?:st|nd|rd|th) Season)$")


class Name(msgspec.Struct, frozen=True):
    """Of an anime season, `Title S2`, the title keeps its number, as its fans call it."""

    kind: Kind
    title: str = ""
    year: int | None = None
    country: str | None = None  # in capitals: The Office *US*
    season: int | None = None
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    date: str | None = None  # YYYY-MM-DD
    episode_title: str | None = None
    part: int | None = None
    edition: str | None = None
    quality: str | None = None  # as the Arr apps write it: Bluray-1080p
    resolution: str | None = None
    source: str | None = None
    languages: tuple[str, ...] = ()  # ISO 639-2/T
    release_group: str | None = None
    version: int = 1  # 2 and more for a proper, a repack, `v2`
    three_d: str | None = None  # sbs, ou
    extra_kind: ExtraKind | None = None
    ids: dict[str, str] = {}  # imdb, tmdb, tvdb

    def parsed(self) -> Parsed:
        """With absolute numbers alone there is no season, and `episodes` are those numbers.

        A country tells series of one title apart. A season that is called by its year says
        nothing of the year in which the series began.
        """
        title, season = " ".join(filter(None, (self.title, self.country))), self.season
        numbered = _SEASON_END.search(title)
        if numbered and self.kind is Kind.EPISODE:
            title, season = title[: numbered.start()], int(numbered[1] or numbered[2])
        told_apart = season is None or self.absolute != self.episodes
        return Parsed(
            title=title,
            year=self.year if self.year != season else None,
            season=season,
            episodes=self.episodes,
            absolute_episode=self.absolute[0] if self.absolute and told_apart else None,
            air_date=self.date,
            episode_title=self.episode_title,
            part=self.part,
            edition=self.edition,
            quality=self.quality,
            ids=self.ids,
        )
