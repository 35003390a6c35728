"""Health, fed by what a service has opened, and metrics, on a port of their own.

`/health/live`, `/health/ready`, `/health/startup` (and `/livez` ... in Kubernetes' spelling)
answer 200 or 503 with `{name, status, message, details}`; `/metrics` is Prometheus text.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from revenge.contracts import Fault
from revenge.kit import settings

Ping = Callable[[], Awaitable[None]]

PATIENCE = 3.0  # seconds a resource may take to answer


class Report(msgspec.Struct, frozen=True):
    name: str
    status: str  # healthy or unhealthy
    message: str
    details: dict[str, str] = {}


class Health:
    def __init__(self, name: str) -> None:
        self.name = name
        self.started = False
        self._pings: dict[str, Ping] = {}

    def watch(self, resource: str, ping: Ping) -> None:
        """From now on, the service is ready only while this one answers."""
        self._pings[resource] = ping

    async def ready(self) -> Report:
        """Ask every resource, all at once."""
        found = await asyncio.gather(*(_ask(ping) for ping in self._pings.values()))
        details = dict(zip(self._pings, found, strict=True))
        failing = [resource for resource, problem in details.items() if problem != "ok"]
        if not self.started:
            return Report(self.name, "unhealthy", "still starting", details)
        if failing:
            return Report(self.name, "unhealthy", f"not reachable: {', '.join(failing)}", details)
        return Report(self.name, "healthy", "ready", details)

    def live(self) -> Report:
        return Report(self.name, "healthy", "alive")

    def startup(self) -> Report:
        if self.started:
            return Report(self.name, "healthy", "started")
        return Report(self.name, "unhealthy", "still starting")

    async def report(self, path: str) -> Report | None:
        """The report for a probe's path; None for a path that is no probe."""
        match path:
            case "/health/live" | "/healthz" | "/livez":
                return self.live()
            case "/health/ready" | "/readyz":
                return await self.ready()
            case "/health/startup" | "/startupz":
                return self.startup()
            case _:
                return None


async def _ask(ping: Ping) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await ping()
    except TimeoutError:
        return "does not answer"
    except (Fault, OSError) as error:
        return str(error)
    return "ok"


@asynccontextmanager
async def serve(health: Health, at: settings.Health) -> AsyncGenerator[int]:
    """Serve probes and metrics until the block ends. Yields the port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            async with asyncio.timeout(10):
                line = await reader.readuntil(b"\r\n")
                writer.write(await _respond(health, line.split(b" ")[1].decode("latin-1")))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, at.host, at.port, limit=8192)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _respond(health: Health, target: str) -> bytes:
    path = target.partition("?")[0]
    if path == "/metrics":
        return _response(200, CONTENT_TYPE_LATEST, generate_latest())
    report = await health.report(path)
    if report is None:
        return _response(404, "text/plain", b"there are /metrics and /health/live|ready|startup\n")
    status = 200 if report.status == "healthy" else 503
    return _response(status, "application/json", msgspec.json.encode(report))


def _response(status: int, media_type: str, body: bytes) -> bytes:
    reason = {200: "OK", 404: "Not Found", 503: "Service Unavailable"}[status]
    return (
        f"HTTP/1.1 {status} {reason}\r\ncontent-type: {media_type}\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-cache\r\nconnection: close\r\n\r\n"
    ).encode() + body
