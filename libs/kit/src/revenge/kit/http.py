"""HTTP inside a service: granian, embedded, for what does not travel on the bus."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from loguru import logger

from revenge.kit.settings import Section

START = 10.0  # seconds until a server that does not listen has failed
FAREWELL = 1.0  # seconds for streams that end by themselves once they are told
GRACE = 5.0  # seconds for answers in hand, when the server stops


class Http(Section, frozen=True, kw_only=True):
    """Where a service answers HTTP for the gateway, or for an ingress that routes to it."""

    host: str = "127.0.0.1"
    port: int = 8097  # 0: any free one


class PortTaken(Exception):
    """Another program listens on the port already, or the port may not be used."""


class ServerStopped(Exception):
    """The HTTP server stopped by itself."""


def _nothing() -> None:
    return


@asynccontextmanager
async def serving(
    app: Any,
    host: str,
    port: int,
    *,
    say_goodbye: Callable[[], None] = _nothing,
    break_off: Callable[[], None] = _nothing,
) -> AsyncGenerator[int]:
    """Serve an ASGI app until the block ends. Yields the port: a free one for 0.

    Raises `PortTaken`.

    The server waits for open answers when it stops, so those that go on for ever must be ended:
    `say_goodbye` asks them to, `break_off` does it.
    """
    # only services that answer HTTP have granian installed
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.server.embed import Server  # noqa: PLC0415

    port = claim(host, port)
    server: Any = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        backlog=1024,
        websockets=False,
        log_enabled=False,
    )
    async with asyncio.TaskGroup() as tasks:
        stopping = asyncio.Event()
        running = tasks.create_task(_run(server, stopping))
        await _listens(host, port)
        logger.info("listening on http://{}:{}", host, port)
        try:
            yield port
        finally:
            stopping.set()
            say_goodbye()
            server.stop()
            await _stopped(running, break_off)


def claim(host: str, port: int) -> int:
    """The port, if it is free, or any free one for 0.

    Raises `PortTaken`: the server itself would share the port, or die without a word.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
            claimed: int = probe.getsockname()[1]
        except OSError as error:
            raise PortTaken(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return claimed


async def _run(server: Any, stopping: asyncio.Event) -> None:
    await server.serve()
    if not stopping.is_set():
        raise ServerStopped


async def _listens(host: str, port: int) -> None:
    at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    async with asyncio.timeout(START):
        while True:
            try:
                _, writer = await asyncio.open_connection(at, port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            await writer.wait_closed()
            return


async def _stopped(running: asyncio.Task[None], break_off: Callable[[], None]) -> None:
    """Wait for those who take their leave; then break off what is left; then give up."""
    done, _ = await asyncio.wait({running}, timeout=FAREWELL)
    if done:
        return
    break_off()
    done, _ = await asyncio.wait({running}, timeout=GRACE)
    if not done:
        logger.warning("answers were still open when the server stopped")
        running.cancel()
