"""The gateway as a process: how it starts, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator

import httpx2
import pytest

from revenge.gateway.settings import GatewaySettings
from revenge.gateway.testing import House, Services
from revenge.kit import Bus, Settings
from revenge.kit import settings as kit_settings
from revenge.kit.testing import eventually, free_port, running

Process = asyncio.subprocess.Process


async def start(nats: kit_settings.Nats, port: int, **more: str) -> Process:
    environment = {
        **os.environ,
        "REVENGE_NATS_URL": nats.url,
        "REVENGE_SERVER_HOST": "127.0.0.1",
        "REVENGE_SERVER_PORT": str(port),
        **more,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "revenge.gateway", env=environment, stderr=asyncio.subprocess.PIPE
    )


@pytest.fixture
async def endless() -> AsyncGenerator[int]:
    """The port of a service whose answers never end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 1000)
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_it_ends_within_seconds_though_clients_listen_and_watch(
    services: Services, nats: kit_settings.Nats, bus: Bus, endless: int
) -> None:
    port = free_port()
    house = House(services, bus, httpx2.AsyncClient(), "", GatewaySettings(nats=nats))
    url = f"http://127.0.0.1:{port}"
    async with (
        running("everything", Settings(nats=nats), services.start),
        httpx2.AsyncClient(base_url=url, timeout=60) as client,
        house.client,
    ):
        process = await start(nats, port, REVENGE_PLAYBACK_URL=f"http://127.0.0.1:{endless}")
        await eventually(lambda: _answers(client))
        async with (
            client.stream("GET", "/api/v1/events", headers=house.admin()) as events,
            client.stream("GET", "/api/v1/playback/stream/x/file") as film,
        ):
            heard, seen = events.aiter_bytes(), film.aiter_bytes()
            await anext(heard)
            await anext(seen)
            began = time.monotonic()

            process.send_signal(signal.SIGTERM)
            rest = [chunk async for chunk in heard]
            with pytest.raises(httpx2.RemoteProtocolError):
                _ = [chunk async for chunk in seen]
            code = await process.wait()
            took = time.monotonic() - began

    assert rest == []
    assert code == 0
    assert took < 10


async def _answers(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx2.TransportError:
        return False


async def test_a_port_that_is_taken_stops_the_start_and_says_so(nats: kit_settings.Nats) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        process = await start(nats, port)

        _, said = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == os.EX_UNAVAILABLE, said.decode()
    assert f"127.0.0.1:{port}" in said.decode()
    assert "REVENGE_SERVER_PORT" in said.decode()
    assert "Traceback" not in said.decode()


async def test_a_setting_that_is_wrong_stops_the_start_and_names_itself(
    nats: kit_settings.Nats,
) -> None:
    process = await start(nats, 70_000)

    _, said = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == os.EX_CONFIG
    assert "REVENGE_SERVER_PORT" in said.decode()
