"""From a file to a title, and from 20,000 files to nothing new."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure
from tests.bench.house import House
from tests.e2e.suite import eventually

FILES = 20_000
PER_FOLDER = 20
TRIES = 5


def measure(house: House) -> Iterator[Figure]:
    yield _new_file(house)
    yield _rescan(house)


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


def _rescan(house: House) -> Figure:
    root = house.root / "many"
    _fill(root, house)
    with house.client() as client:
        made = client.post(
            "/api/v1/libraries", json={"name": "Many", "type": "movie", "paths": [str(root)]}
        ).json()
        _completed(client, made["id"], within=1200)  # a new library is scanned at once
        took = min(_scan(client, made["id"], within=120) for _ in range(3))
    return Figure(
        what=f"rescan of {FILES:,} unchanged files",
        unit="s",
        value=took,
        floor=(floor := min(_walk(root) for _ in range(3))),
        floor_is="os.walk and os.stat",
        goal=2 * floor,
    )


def _fill(root: Path, house: House) -> None:
    """Hard links of one small video: real files, each with a name of its own."""
    source = house.videos.make(house.root / "aside" / "many.mkv", seconds=1)
    for folder in range(FILES // PER_FOLDER):
        path = root / f"Shelf {folder:04}"
        path.mkdir(parents=True)
        for number in range(PER_FOLDER):
            os.link(source, path / f"Film {folder:04}-{number:02} (1999).mkv")


def _scan(client: Any, library_id: str, *, within: float) -> float:
    """Seconds between the scan's own start and end."""
    client.post(f"/api/v1/libraries/{library_id}/scan", json={}).raise_for_status()
    scan = _completed(client, library_id, within=within)
    return _seconds(scan["completed_at"]) - _seconds(scan["started_at"])


def _completed(client: Any, library_id: str, *, within: float) -> dict[str, Any]:
    """The last scan, when it is over."""

    def is_over() -> dict[str, Any] | None:
        scan = client.get(f"/api/v1/libraries/{library_id}/scans").json()["scans"][0]
        return scan if scan["status"] in ("completed", "failed") else None

    scan = eventually(is_over, within=within, every=0.05)
    if scan["status"] != "completed":
        raise RuntimeError(scan["error_message"])
    return scan


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _walk(root: Path) -> float:
    began = time.perf_counter()
    for folder, _, files in os.walk(root):
        for name in files:
            os.stat(f"{folder}/{name}")
    return time.perf_counter() - began
