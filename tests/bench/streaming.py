"""Files that are played as they are: one reader against `sendfile`, and many at their pace.

`python -m tests.bench.streaming FILE` is the floor: a socket and `sendfile`, nothing else.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from tests.bench.figure import Figure
from tests.bench.films import Films, Play
from tests.bench.house import House

VIEWERS = 50
PACE = 20_000_000  # bit/s each
WATCHED_S = 8.0
CHUNK = 1 << 18  # bytes
MEGA = 1_000_000


def measure(house: House, films: Films) -> Iterator[Figure]:
    with house.client() as client:
        play = Play.begun(client, films.next(), "original")
        address = house.suite.url + play.address + "/file"
        try:
            yield _one(address, films.path)
            yield _many(address, house.suite.pid_of("playback"))
        finally:
            play.end()


def _one(address: str, path: Path) -> Figure:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.streaming", str(path)], stdout=subprocess.PIPE
    )
    try:
        port = int(server.stdout.readline()) if server.stdout else 0
        alone, ours = zip(
            *((_speed(f"http://127.0.0.1:{port}/"), _speed(address)) for _ in range(5)), strict=True
        )
    finally:
        server.kill()
        server.wait()
    return Figure(
        what="direct play, one client through the gateway on loopback",
        unit="MB/s",
        value=median(ours),
        floor=median(alone),
        floor_is="a socket and sendfile",
        goal=0.5 * median(alone),
        more_is_better=True,
    )


def _speed(address: str) -> float:
    began = time.perf_counter()
    total = 0
    with _asked(address) as connection:
        while data := connection.recv(CHUNK):
            total += len(data)
    return total / MEGA / (time.perf_counter() - began)


def _asked(address: str) -> socket.socket:
    parts = urlsplit(address)
    connection = socket.create_connection((parts.hostname, parts.port or 80))
    lines = (f"GET {parts.path} HTTP/1.1", f"host: {parts.netloc}", "connection: close", "", "")
    connection.sendall("\r\n".join(lines).encode())
    return connection


def _many(address: str, pid: int) -> Figure:
    before, began = _processor_seconds(pid), time.perf_counter()
    slowest = min(asyncio.run(_watch(address)))
    share = (_processor_seconds(pid) - before) / (time.perf_counter() - began)
    return Figure(
        what=f"the slowest of {VIEWERS} clients at 20 Mbit/s each",
        unit="Mbit/s",
        value=slowest / MEGA,
        floor=PACE / MEGA,
        floor_is="what each asks for",
        goal=0.99 * PACE / MEGA,
        more_is_better=True,
        note=f"playback used {share:.2f} of a core",
    )


async def _watch(address: str) -> list[float]:
    return await asyncio.gather(*(_viewer(address) for _ in range(VIEWERS)))


async def _viewer(address: str) -> float:
    """In bit/s: it never reads ahead of its pace, and so is as slow as the server makes it."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=CHUNK)
    writer.write(f"GET {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\n\r\n".encode())
    wanted = int(PACE / 8 * WATCHED_S)
    began, total = time.perf_counter(), 0
    while total < wanted:
        total += len(await reader.readexactly(min(CHUNK, wanted - total)))
        await asyncio.sleep(total * 8 / PACE - (time.perf_counter() - began))
    writer.close()
    return total * 8 / (time.perf_counter() - began)


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, path.open("rb") as file:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.recv(CHUNK)
                connection.sendfile(file)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
