"""The life of a service, seen from those who ask it."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import msgspec

from revenge.contracts import Domain, Nothing
from revenge.kit import Bus, Router, Service, always, settings
from revenge.kit.testing import running

PAUSE = 0.2  # seconds; an answer to a ping takes a thousandth of that

ring = Domain("bells").rpc("ring", Nothing, Nothing)
bells = Router[None]()


@bells.rpc(ring)
async def answer(_: Nothing, __: None) -> Nothing:
    return Nothing()


async def start(service: Service, _: settings.Settings) -> None:
    service.include(bells, always(None))


@asynccontextmanager
async def slow_after_each_ping(url: str) -> AsyncGenerator[str]:
    """The address of a way to this NATS on which whatever follows a PING comes late."""
    server = urlsplit(url)

    async def to_server(lines: StreamReader, out: StreamWriter) -> None:
        while line := await lines.readline():
            out.write(line)
            if line == b"PING\r\n":
                await asyncio.sleep(PAUSE)
        out.close()

    async def to_client(lines: StreamReader, out: StreamWriter) -> None:
        while data := await lines.read(65536):
            out.write(data)
        out.close()

    async def carry(lines: StreamReader, out: StreamWriter) -> None:
        from_server, onward = await asyncio.open_connection(server.hostname, server.port)
        carrying.create_task(to_server(lines, onward))
        carrying.create_task(to_client(from_server, out))

    async with (
        asyncio.TaskGroup() as carrying,
        await asyncio.start_server(carry, "127.0.0.1", 0) as listening,
    ):
        port = listening.sockets[0].getsockname()[1]
        yield f"nats://127.0.0.1:{port}"


async def test_who_finds_a_service_ready_is_answered(bus: Bus, nats: settings.Nats) -> None:
    async with slow_after_each_ping(nats.url) as url:
        over_there = settings.Settings(nats=msgspec.structs.replace(nats, url=url))
        async with running("bells", over_there, start):
            assert await bus.call(ring, Nothing()) == Nothing()
