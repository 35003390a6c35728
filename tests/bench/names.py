"""Reading names: how fast, and how many of those that follow the conventions are read rightly."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from tests.bench.figure import Figure
from tests.bench.house import House

from revenge.library_scanner.names import Name, parse

NAMES = 5_000
MILLI = 1000
_WORDS = ("Amber", "Bridge", "Captain", "Echo", "Garden", "Harbour", "Island", "Lantern", "Ocean")
_SEASONS = ("Season {:02}", "Staffel {}", "Saison {}", "Temporada {}", "S{:02}", "{}. Staffel")
_TAGS = (
    "1080p.BluRay.x264-GRP",
    "2160p.WEB-DL.DDP5.1.H.265-GRP",
    "720p.HDTV.x264-GRP",
    "German.DL.1080p.BluRay.AVC-GRP",
)
_NUMBER = re.compile(r"s(\d+)e(\d+)", re.IGNORECASE)


class Case(NamedTuple):
    path: str
    title: str
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()


def measure(_: House) -> Iterator[Figure]:
    cases = list(_cases(random.Random(7)))
    _read(cases[:100])
    began = time.process_time()
    names = _read(cases)
    took = (time.process_time() - began) / len(cases)
    yield Figure(
        what="reading a name that follows the conventions (mean)",
        unit="ms",
        value=MILLI * took,
        floor=MILLI * _floor(cases),
        floor_is="splitting its path and looking for one number",
        goal=0.5,
    )
    right = sum(_is_right(case, name) for case, name in zip(cases, names, strict=True))
    yield Figure(
        what=f"of {NAMES:,} such names, made at random, those that are read rightly",
        unit="%",
        value=100 * right / len(cases),
        floor=100.0,
        floor_is="all of them",
        goal=99.0,
        more_is_better=True,
    )


def _read(cases: list[Case]) -> list[Name]:
    return [parse(f"/media/{case.path}", "/media") for case in cases]


def _floor(cases: list[Case]) -> float:
    began = time.process_time()
    for case in cases:
        for part in PurePosixPath(case.path).parts:
            _NUMBER.search(part)
    return (time.process_time() - began) / len(cases)


def _is_right(case: Case, name: Name) -> bool:
    said = (name.title, name.year or case.year, name.season, name.episodes)
    return said == (case.title, case.year, case.season, case.episodes)


def _cases(chance: random.Random) -> Iterator[Case]:
    makers = (_film, _release, _episode, _release_of_an_episode, _several_episodes)
    for _ in range(NAMES):
        words = chance.sample(_WORDS, chance.randint(1, 4))
        yield chance.choice(makers)(chance, " ".join(words))


def _film(chance: random.Random, title: str) -> Case:
    """As Plex, Jellyfin and Kodi would have it."""
    year = chance.randint(1930, 2025)
    folder = f"{title} ({year})"
    version = chance.choice(["", " - 2160p", " {edition-Director's Cut}", " [tmdbid-603]"])
    return Case(f"{folder}/{folder}{version}.mkv", title, year)


def _release(chance: random.Random, title: str) -> Case:
    year = chance.randint(1930, 2025)
    name = f"{title.replace(' ', '.')}.{year}.{chance.choice(_TAGS)}"
    return Case(chance.choice([f"{name}.mkv", f"{name}/2f28adb7c0e14d3f.mkv"]), title, year)


def _episode(chance: random.Random, title: str) -> Case:
    season, number = chance.randint(1, 20), chance.randint(1, 24)
    folder = f"{title}/{chance.choice(_SEASONS).format(season)}"
    name = chance.choice(
        [
            f"{title} - S{season:02}E{number:02} - The Title",
            f"{title} {season}x{number:02}",
            f"S{season:02}E{number:02}",
            f"{number:02} - The Title",
        ]
    )
    return Case(f"{folder}/{name}.mkv", title, None, season, (number,))


def _release_of_an_episode(chance: random.Random, title: str) -> Case:
    season, number = chance.randint(1, 20), chance.randint(1, 24)
    name = f"{title.replace(' ', '.')}.S{season:02}E{number:02}.{chance.choice(_TAGS)}.mkv"
    return Case(name, title, None, season, (number,))


def _several_episodes(chance: random.Random, title: str) -> Case:
    season, first = chance.randint(1, 20), chance.randint(1, 20)
    last = first + chance.randint(1, 3)
    form = chance.choice(["-E{:02}", "-{:02}", "-S{season:02}E{:02}"])
    end = form.format(last, season=season)
    name = f"{title} - S{season:02}E{first:02}{end} - The Title.mkv"
    return Case(f"{title}/Season {season}/{name}", title, None, season, (*range(first, last + 1),))
