"""Streams and images, passed through from the services that have them."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import httpx2
import pytest
from aiohttp import web

from revenge.gateway.passing import climbs
from revenge.gateway.settings import GatewaySettings, RateLimit, Server, Upstream
from revenge.gateway.testing import House
from revenge.kit import settings as kit_settings
from revenge.kit.testing import free_port

STREAM = "/api/v1/playback/stream"
FILM = os.urandom(3_000_000)


@dataclass
class Player:
    """A service that streams: a real one, on a port of its own."""

    port: int = field(default_factory=free_port)
    asked: list[web.Request] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if request.path.endswith("endless"):
            return await self._endless(request)
        if request.path.endswith("broken"):
            return await self._broken(request)
        return self._film(request)

    def _film(self, request: web.Request) -> web.Response:
        headers = {
            "ETag": '"film"',
            "Accept-Ranges": "bytes",
            "Access-Control-Allow-Origin": "*",
            "Keep-Alive": "timeout=5",
            "X-Frame-Options": "SAMEORIGIN",
        }
        if request.headers.get("If-None-Match") == '"film"':
            return web.Response(status=304, headers=headers)
        if "Range" not in request.headers:
            return web.Response(body=FILM, content_type="video/mp4", headers=headers)
        part = request.http_range
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(FILM)}"
        return web.Response(status=206, body=FILM[part], headers=headers)

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65_536)
                await asyncio.sleep(0.01)
        finally:
            self.left.set()

    async def _broken(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000000"})
        await response.prepare(request)
        await response.write(b"x" * 1000)
        assert request.transport is not None
        request.transport.abort()
        return response


@pytest.fixture
async def player() -> AsyncGenerator[Player]:
    playing = Player()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", playing.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", playing.port).start()
    yield playing
    await runner.cleanup()


@pytest.fixture
def settings(nats: kit_settings.Nats, player: Player) -> GatewaySettings:
    server = Server(host="127.0.0.1", port=free_port(), rate_limit=RateLimit(enabled=False))
    return GatewaySettings(nats=nats, server=server, playback=Upstream(url=player.url))


async def test_a_film_comes_through_byte_for_byte(house: House) -> None:
    reply = await house.client.get(f"{STREAM}/token/file")

    assert reply.status_code == 200
    assert hashlib.sha256(reply.content).digest() == hashlib.sha256(FILM).digest()
    assert reply.headers["content-type"] == "video/mp4"
    assert reply.headers["etag"] == '"film"'
    assert int(reply.headers["content-length"]) == len(FILM)


async def test_a_part_of_a_film_comes_as_a_part(house: House) -> None:
    reply = await house.client.get(f"{STREAM}/token/file", headers={"Range": "bytes=10-19"})

    assert reply.status_code == 206
    assert reply.content == FILM[10:20]
    assert reply.headers["content-range"] == f"bytes 10-19/{len(FILM)}"


async def test_a_client_that_has_it_already_is_told_so(house: House) -> None:
    reply = await house.client.get(f"{STREAM}/token/file", headers={"If-None-Match": '"film"'})

    assert reply.status_code == 304


async def test_head_gives_the_size_and_nothing_else(house: House) -> None:
    reply = await house.client.head(f"{STREAM}/token/file")

    assert reply.content == b""
    assert int(reply.headers["content-length"]) == len(FILM)


async def test_headers_are_the_services_own_and_completed_where_it_is_silent(
    house: House,
) -> None:
    reply = await house.client.get(f"{STREAM}/token/file", headers={"Origin": "https://tv.example"})

    assert reply.headers.get_list("access-control-allow-origin") == ["*"]
    assert reply.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "keep-alive" not in reply.headers


async def test_a_preflight_is_answered_by_the_service_itself(house: House, player: Player) -> None:
    await house.client.options(
        f"{STREAM}/token/file",
        headers={"Origin": "https://tv.example", "Access-Control-Request-Method": "GET"},
    )

    assert player.asked[0].method == "OPTIONS"


async def test_the_path_arrives_as_it_was_written(house: House, player: Player) -> None:
    await house.client.get(f"{STREAM}/a%2Fb/c%20d/1.m4s?x=%26&y=1+2&x=3")

    assert player.asked[0].raw_path == f"{STREAM}/a%2Fb/c%20d/1.m4s?x=%26&y=1+2&x=3"


async def test_what_is_for_the_gateway_stays_there(house: House, player: Player) -> None:
    secret = {**house.admin(), "X-API-Key": "rv_x", "Cookie": "a=b", "X-Request-ID": "client-7"}

    await house.client.get(f"{STREAM}/token/file", headers={**secret, "User-Agent": "TV/1"})

    headers = player.asked[0].headers
    assert not {"Authorization", "X-API-Key", "Cookie"} & set(headers)
    assert headers["User-Agent"] == "TV/1"
    assert headers["X-Request-ID"] == "client-7"
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["traceparent"].startswith("00-")


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/token/../../sessions",
        "/%2e%2e/%2e%2e/sessions",
        "/token/..%2f..%2fsessions",
        "/token/%252e%252e/x",
        "/token/..\\x",
        "/token/%00",
        "/./x",
    ],
)
async def test_no_path_leads_out(house: House, player: Player, path: str) -> None:
    status = await raw_get(house, STREAM + path)

    assert status in (400, 404)
    assert player.asked == []


async def raw_get(house: House, path: str) -> int:
    """The status of a request whose path no client has tidied up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.settings.server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_stream_is_only_read(house: House, player: Player, method: str) -> None:
    reply = await house.client.request(method, f"{STREAM}/token/file")

    assert reply.status_code == 405
    assert player.asked == []


async def test_a_service_that_is_away_is_a_problem(house: House) -> None:
    reply = await house.client.get("/api/v1/images/poster/w500/abc.jpg")

    assert reply.status_code == 503
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_stream_that_breaks_off_does_not_look_complete(house: House) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        await house.client.get(f"{STREAM}/token/broken")

    assert (await house.client.get("/healthz")).status_code == 200


async def test_who_stops_watching_stops_the_service_too(house: House, player: Player) -> None:
    async with house.client.stream("GET", f"{STREAM}/token/endless") as reply:
        await anext(reply.aiter_bytes())

    async with asyncio.timeout(30):
        await player.left.wait()


async def test_many_watch_at_once(house: House) -> None:
    replies = await asyncio.gather(*(house.client.get(f"{STREAM}/{n}/file") for n in range(20)))

    assert {hashlib.sha256(reply.content).digest() for reply in replies} == {
        hashlib.sha256(FILM).digest()
    }


@pytest.mark.parametrize(
    ("path", "up"),
    [
        (b"/a/b", False),
        (b"/a/..b/c..", False),
        (b"/a/...", False),
        (b"/a/..", True),
        (b"/a/%2E%2e", True),
        (b"/a/%252e%252e/b", True),
        (b"/a%5c..%5cb", True),
        (b"/a/\xff", False),
    ],
)
def test_a_step_up_is_seen_however_it_is_written(path: bytes, up: bool) -> None:
    assert climbs(path) is up
