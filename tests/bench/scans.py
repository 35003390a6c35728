"""Scans of large libraries: the first one, those that find nothing new, and who feels them."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
from tests.bench import shelves
from tests.bench.figure import Figure
from tests.bench.house import House
from tests.e2e.suite import eventually

from revenge.embedded.media import Audio
from revenge.library_scanner.probe.prober import Prober

FEW, MANY = 20_000, 100_000
PER_FOLDER = 20
FILMS = 2_000
SOURCES = 10
TRIES = 3
READS_EVERY = 0.01  # seconds
KIBI = 1024


def measure(house: House) -> Iterator[Figure]:
    yield _first_scan(house)
    yield _latency(house)
    yield _rescan(house)
    root, library_id = _huge(house)
    yield from _rescan_of_many(house, root, library_id)
    yield _one_more(house, root, library_id)


def _first_scan(house: House) -> Figure:
    root = _films(house, "First")
    floor = _walk_and_probe(root)
    with house.client() as client:
        before = _movies(client)
        began = time.monotonic()
        _make(client, "First", root)
        eventually(lambda: _movies(client) == before + FILMS, within=120, every=0.1)
        took = time.monotonic() - began
    floor = (floor + _walk_and_probe(root)) / 2  # the machine may be faster by now, or slower
    return Figure(
        what=f"first scan of {FILMS:,} small videos, to the last title in the catalogue",
        unit="s",
        value=took,
        floor=floor,
        floor_is="walking and probing them with as many processes",
        goal=1.5 * floor,
    )


def _latency(house: House) -> Figure:
    root = _films(house, "Second")
    with house.client() as client, house.client() as reader:
        before = _movies(client)
        with _reading(reader) as idle:
            time.sleep(10)
        with _reading(reader) as busy:
            _make(client, root.name, root)
            eventually(lambda: _movies(client) == before + FILMS, within=120, every=0.5)
    floor = 1000 * _p99(idle)
    return Figure(
        what="catalogue read while a first scan runs (p99)",
        unit="ms",
        value=1000 * _p99(busy),
        floor=floor,
        floor_is="the same while nothing runs",
        goal=2 * floor,
    )


def _rescan(house: House) -> Figure:
    root = house.root / "few"
    _fill(root, FEW, house.videos.make(house.root / "aside" / "few.mkv", seconds=1))
    with house.client() as client:
        library_id = _make(client, "Few", root)
        _completed(client, library_id, within=300)
        took = min(_scan(client, library_id) for _ in range(TRIES))
    return _unchanged(took, FEW, root)


def _huge(house: House) -> tuple[Path, str]:
    """Each file is looked at and set aside, so that no catalogue has to take them in."""
    root = house.root / "huge"
    shelves.fill(root, MANY)
    with house.client() as client:
        wanted = {"name": "Huge", "type": "mixed", "paths": [str(root)]}
        made = client.post("/api/v1/libraries", json=wanted | {"realtime_monitoring": True}).json()
        _completed(client, made["id"], within=600)
    return root, made["id"]


def _rescan_of_many(house: House, root: Path, library_id: str) -> Iterator[Figure]:
    scanner = house.suite.pid_of("library-scanner")
    with house.client() as client:
        _scan(client, library_id)
        before = _memory(scanner, "VmRSS")
        Path(f"/proc/{scanner}/clear_refs").write_text("5")  # forgets the highest so far
        took = min(_scan(client, library_id) for _ in range(TRIES))
        grown = _memory(scanner, "VmHWM") - before
    yield _unchanged(took, MANY, root)
    yield Figure(
        what=f"memory that a rescan of {MANY:,} unchanged files takes",
        unit="MB",
        value=max(0.0, grown),
        floor=before,
        floor_is="the scanner before it",
        goal=100.0,
    )


def _one_more(house: House, root: Path, library_id: str) -> Figure:
    with house.client() as client:
        eventually(lambda: _is_watched(client, library_id), within=60)
        took = sorted(_appears(house, client, root, number) for number in range(TRIES))
    return Figure(
        what=f"a new file in a library of {MANY:,} to visible in the API (median)",
        unit="s",
        value=took[len(took) // 2],
        floor=0.5,
        floor_is="the time that a file must stand still",
        goal=2.0,
    )


def _is_watched(client: httpx2.Client, library_id: str) -> bool:
    return bool(client.get(f"/api/v1/libraries/{library_id}").json()["watch"] == "events")


def _appears(house: House, client: httpx2.Client, root: Path, number: int) -> float:
    source = house.videos.make(house.root / "aside" / f"more {number}.mkv", seconds=3 + number)
    title = f"Needle {number}"
    folder = root / f"{title} (2001)"
    folder.mkdir()
    shutil.copyfile(source, folder / f"{title} (2001).mkv")
    began = time.monotonic()

    def is_there() -> bool:
        found = client.get("/api/v1/movies/search", params={"query": title}).json()
        return any(item["title"] == title for item in found)

    eventually(is_there, within=60, every=0.02)
    return time.monotonic() - began


def _films(house: House, name: str) -> Path:
    """Each in a folder of its own, in two languages, of several lengths."""
    root = house.root / name.lower()
    sound = (Audio(language="eng"), Audio(language="deu", pitch=330))
    sources = [
        house.videos.make(house.root / "aside" / f"{n}.mkv", seconds=1 + n, audio=sound)
        for n in range(SOURCES)
    ]
    for number in range(FILMS):
        title = f"{name} Reel {number:04} (1999)"
        (root / title).mkdir(parents=True)
        os.link(sources[number % SOURCES], root / title / f"{title}.mkv")
    return root


def _fill(root: Path, files: int, source: Path) -> None:
    """Hard links: real files, each with a name of its own."""
    for folder in range(files // PER_FOLDER):
        path = root / f"Shelf {folder:04}"
        path.mkdir(parents=True)
        for number in range(PER_FOLDER):
            os.link(source, path / f"Film {folder:04}-{number:02} (1999).mkv")


def _make(client: httpx2.Client, name: str, root: Path) -> str:
    """A new library is scanned at once."""
    wanted = {"name": name, "type": "movie", "paths": [str(root)]}
    return str(client.post("/api/v1/libraries", json=wanted).json()["id"])


def _movies(client: httpx2.Client) -> int:
    return int(client.get("/api/v1/movies", params={"limit": 1}).json()["total"])


def _scan(client: httpx2.Client, library_id: str) -> float:
    """Seconds between the scan's own start and end."""
    client.post(f"/api/v1/libraries/{library_id}/scan", json={}).raise_for_status()
    scan = _completed(client, library_id, within=120)
    return _seconds(scan["completed_at"]) - _seconds(scan["started_at"])


def _completed(client: httpx2.Client, library_id: str, *, within: float) -> dict[str, Any]:
    """The last scan, when it is over."""

    def is_over() -> dict[str, Any] | None:
        scan = client.get(f"/api/v1/libraries/{library_id}/scans").json()["scans"][0]
        return scan if scan["status"] in ("completed", "failed") else None

    scan = eventually(is_over, within=within, every=0.1)
    if scan["status"] != "completed":
        raise RuntimeError(scan["error_message"])
    return scan


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _unchanged(took: float, files: int, root: Path) -> Figure:
    floor = min(_walk(root) for _ in range(TRIES))
    return Figure(
        what=f"rescan of {files:,} unchanged files",
        unit="s",
        value=took,
        floor=floor,
        floor_is="os.walk and os.stat",
        goal=2 * floor,
    )


def _walk(root: Path) -> float:
    began = time.perf_counter()
    for folder, _, files in os.walk(root):
        for name in files:
            os.stat(f"{folder}/{name}")
    return time.perf_counter() - began


def _walk_and_probe(root: Path) -> float:
    async def probe_all() -> float:
        async with Prober(os.cpu_count() or 1) as prober:
            began = time.perf_counter()
            paths = [f"{folder}/{name}" for folder, _, names in os.walk(root) for name in names]
            await asyncio.gather(*map(prober.probe, paths))
            return time.perf_counter() - began

    return asyncio.run(probe_all())


@contextmanager
def _reading(client: httpx2.Client) -> Generator[list[float]]:
    """How long reads took that were made, one after the other, while the block ran."""
    took: list[float] = []
    over = threading.Event()

    def read() -> None:
        while not over.wait(READS_EVERY):
            began = time.perf_counter()
            client.get("/api/v1/movies", params={"limit": 20}).raise_for_status()
            took.append(time.perf_counter() - began)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield took
    finally:
        over.set()
        reader.join()


def _p99(took: list[float]) -> float:
    return sorted(took)[int(0.99 * len(took))]


def _memory(pid: int, what: str) -> float:
    """proc_pid_status(5), in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / KIBI
