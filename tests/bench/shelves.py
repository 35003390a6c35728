"""Large libraries that look like it: films and shows of all sizes and ages, without any content."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

GIBI = 1024**3
NOW = 1_700_000_000  # seconds since the epoch, so that every run makes the same
TEN_YEARS = 10 * 365 * 86_400
SEASONS, EPISODES = 5, 18
FILMS_TO_A_SHOW = 10  # so that nine of ten files are episodes

FIRST = ("Amber", "Broken", "Crimson", "Distant", "Electric", "Forgotten", "Golden", "Hollow")
SECOND = ("Bridge", "Captain", "Dawn", "Echo", "Garden", "Harbour", "Island", "Lantern", "Ocean")
RELEASES = (
    "Bluray-1080p x264-GRP",
    "WEBDL-2160p DDP5.1 H.265-GRP",
    "HDTV-720p",
    "DVD",
)


def fill(root: Path, files: int) -> None:
    """Sparse files: the file system knows their size, and they take no room."""
    chance = random.Random(11)
    for path in islice(_paths(chance), files):
        _make(root / path, int(GIBI * chance.lognormvariate(0.5, 0.8)))
        written = NOW - chance.randrange(TEN_YEARS)
        os.utime(root / path, (written, written))


def _make(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def _paths(chance: random.Random) -> Iterator[str]:
    number = 0
    while True:
        yield from _show(number // FILMS_TO_A_SHOW, chance)
        for _ in range(FILMS_TO_A_SHOW):
            yield _film(number, chance)
            number += 1


def _film(number: int, chance: random.Random) -> str:
    name = f"{_title(number, chance)} ({chance.randint(1950, 2023)})"
    return f"Films/{name}/{name} {chance.choice(RELEASES)}.mkv"


def _show(number: int, chance: random.Random) -> Iterator[str]:
    title = _title(number, chance)
    for season in range(1, SEASONS + 1):
        for episode in range(1, EPISODES + 1):
            name = f"{title} - S{season:02}E{episode:02} - {chance.choice(SECOND)}.mkv"
            yield f"Shows/{title}/Season {season:02}/{name}"


def _title(number: int, chance: random.Random) -> str:
    """Each is of its own."""
    return f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number}"
