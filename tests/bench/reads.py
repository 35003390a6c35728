"""Reads through the gateway: fresh ones, ones from the database, and searches."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

from tests.bench.figure import Figure
from tests.bench.house import House, load

from revenge.embedded.datadir import Data
from revenge.embedded.ports import free_ports, is_free
from revenge.embedded.suite import state

MANY = 32  # connections
TRIES = 5


def measure(house: House) -> Iterator[Figure]:
    bare = _bare()
    fresh = _typical(house, "/api/v1/movies", MANY)
    yield Figure(
        what="fresh catalogue read through the gateway",
        unit="/s",
        value=fresh["rate"],
        floor=bare,
        floor_is="the same server with an app that only sends bytes",
        goal=15_000,
        more_is_better=True,
    )
    single = _typical(house, "/api/v1/users/me", MANY)
    yield Figure(
        what="uncached single-row read, HTTP to database and back",
        unit="/s",
        value=single["rate"],
        floor=bare,
        floor_is="the same",
        goal=4_000,
        more_is_better=True,
    )
    yield _search(house)


def _typical(house: House, path: str, connections: int) -> dict[str, float]:
    """The middle one of a few: a shared machine may be half as fast for some seconds."""
    found = [house.load(path, connections=connections, seconds=2.0) for _ in range(TRIES)]
    return sorted(found, key=lambda load: load["rate"])[TRIES // 2]


def _bare() -> float:
    (port,) = free_ports(1)
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.bare", str(port)])
    try:
        while is_free(port):
            time.sleep(0.05)
        return load(f"http://127.0.0.1:{port}/", MANY, 4.0)["rate"]
    finally:
        server.terminate()
        server.wait()


def _search(house: House) -> Figure:
    data = Data.at(house.suite.data)
    components = {component.name: component for component in state.read(data).components}
    alone = load(
        f"{components['typesense'].address}/collections/movies/documents/search"
        f"?q={quote('glass')}&query_by=title,original_title,overview,cast,directors"
        "&facet_by=genres,year,status,directors,resolution,has_file",
        1,
        4.0,
        f"x-typesense-api-key: {data.secret('typesense')}",
    )
    through = _typical(house, "/api/v1/search/movies?q=glass", 1)
    return Figure(
        what="search through the gateway, median",
        unit="ms",
        value=through["median_ms"],
        floor=alone["median_ms"],
        floor_is="Typesense alone",
        goal=alone["median_ms"] + 3.0,
    )
