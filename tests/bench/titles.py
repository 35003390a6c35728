"""From a file to a title."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.house import House
from tests.e2e.suite import eventually

TRIES = 5


def measure(house: House) -> Iterator[Figure]:
    yield _new_file(house)


def _new_file(house: House) -> Figure:
    took = sorted(_appears(house, number) for number in range(TRIES))
    return Figure(
        what="a new file to visible in the API, after it stops growing (median)",
        unit="s",
        value=took[len(took) // 2],
        floor=0.5,
        floor_is="the time that a file must stand still",
        goal=2.0,
    )


def _appears(house: House, number: int) -> float:
    title = f"Bench Film {number}"
    source = house.videos.make(house.root / "aside" / f"{number}.mkv", seconds=2 + number)
    folder = house.suite.media / "Movies" / f"{title} (2001)"
    folder.mkdir(parents=True)
    shutil.copyfile(source, folder / f"{title} (2001).mkv")
    began = time.monotonic()
    with house.client() as client:

        def is_there() -> bool:
            found = client.get("/api/v1/movies/search", params={"query": title}).json()
            return any(item["title"] == title for item in found)

        eventually(is_there, within=30, every=0.02)
    return time.monotonic() - began
