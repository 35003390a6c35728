"""A small HTTP load generator: keep-alive connections that each ask again when they are answered.

python -m tests.bench.load URL CONNECTIONS SECONDS [HEADER ...]

Prints answers a second, the median and the 99th percentile in milliseconds, as JSON. In a process
of its own, so that it does not share an interpreter with what it measures.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import uvloop


class Connection(asyncio.Protocol):
    """One request at a time; the answer's end is told by its content-length."""

    def __init__(self, request: bytes, until: float) -> None:
        self._request = request
        self._until = until
        self._transport: asyncio.WriteTransport
        self._buffer = b""
        self._began = 0.0
        self.took: list[float] = []
        self.failed = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is no subclass
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._buffer = b""
        self.took.append(time.perf_counter() - self._began)
        self.failed += not head.startswith(b"HTTP/1.1 2")
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _ask(self) -> None:
        self._began = time.perf_counter()
        if self._began > self._until:
            self._transport.close()
            return
        self._transport.write(self._request)


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def load(url: str, connections: int, seconds: float, headers: list[str]) -> dict[str, float]:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", f"host: {parts.netloc}", *headers, "", ""]
    request = "\r\n".join(lines).encode()
    until = time.perf_counter() + seconds
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: Connection(request, until), parts.hostname, parts.port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in opened))
    took = sorted(time_ for _, protocol in opened for time_ in protocol.took)
    return {
        "rate": len(took) / seconds,
        "median_ms": 1000 * took[len(took) // 2],
        "p99_ms": 1000 * took[int(len(took) * 0.99)],
        "failed": sum(protocol.failed for _, protocol in opened),
    }


if __name__ == "__main__":
    url_, connections_, seconds_, *headers_ = sys.argv[1:]
    result = uvloop.run(load(url_, int(connections_), float(seconds_), headers_))
    sys.stdout.write(json.dumps(result))
