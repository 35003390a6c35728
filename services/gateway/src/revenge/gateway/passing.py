"""Streams and images: what other services answer over HTTP themselves, passed through.

Bytes do not travel on the bus. There is no authentication here: the URLs are signed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import unquote_to_bytes

import aiohttp
from loguru import logger
from yarl import URL

from revenge.contracts import Invalid, Unavailable
from revenge.gateway import incoming as requests
from revenge.gateway.asgi import Header, Receive, Scope, Send
from revenge.gateway.connections import Connections
from revenge.gateway.incoming import Incoming
from revenge.kit import telemetry
from revenge.kit.problems import MethodNotAllowed

CHUNK = 256 * 1024
METHODS = ("GET", "HEAD", "OPTIONS")

PASSED_ON = (
    b"accept",
    b"accept-encoding",
    b"accept-language",
    b"access-control-request-headers",
    b"access-control-request-method",
    b"if-match",
    b"if-modified-since",
    b"if-none-match",
    b"if-range",
    b"if-unmodified-since",
    b"origin",
    b"range",
    b"user-agent",
)
HOP_BY_HOP = {
    b"connection",
    b"date",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"server",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}


class StreamBroken(Exception):
    """The service behind went away in the middle of an answer: so must the connection."""


class Passage:
    """Everything below one prefix, from one service. Without a URL, it is unavailable."""

    def __init__(
        self, prefix: str, url: str, client: aiohttp.ClientSession, connections: Connections
    ) -> None:
        self.prefix = prefix
        self._raw_prefix = prefix.encode() + b"/"
        self._url = url.rstrip("/")
        self._client = client
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = requests.of(scope)
        incoming.route = f"{self.prefix}/..."
        if incoming.method not in METHODS:
            raise MethodNotAllowed(", ".join(METHODS))
        target = self._target(scope["raw_path"], incoming.query)
        await self._connections.hold(receive, self._pass(incoming, target, send))

    def _target(self, raw_path: bytes, query: bytes) -> URL:
        """The same path at the service behind, byte by byte."""
        if not self._url:
            raise Unavailable(f"no address is set for {self.prefix}")
        if not raw_path.startswith(self._raw_prefix) or climbs(raw_path):
            raise Invalid("this path leads out of where it belongs")
        path = raw_path + (b"?" + query if query else b"")
        if not path.isascii():
            raise Invalid("a URL is written in ASCII")
        return URL(self._url + path.decode(), encoded=True)

    async def _pass(self, incoming: Incoming, target: URL, send: Send) -> None:
        try:
            answer = await self._client.request(
                incoming.method,
                target,
                headers=_request_headers(incoming),
                skip_auto_headers=("accept", "accept-encoding", "user-agent"),
                allow_redirects=False,
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable("the service that has this does not answer") from error
        async with answer:
            await send(
                {
                    "type": "http.response.start",
                    "status": answer.status,
                    "headers": _answer_headers(answer),
                }
            )
            await _copy(answer, send)


async def _copy(answer: aiohttp.ClientResponse, send: Send) -> None:
    try:
        async for chunk in answer.content.iter_any():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        logger.warning("a stream broke off: {!r}", error)
        raise StreamBroken from error
    await send({"type": "http.response.body", "body": b""})


def climbs(raw_path: bytes) -> bool:
    """True if a path has a step up in it, however it is written."""
    plain = unquote_to_bytes(unquote_to_bytes(raw_path)).replace(b"\\", b"/")
    return b"\0" in plain or any(step in (b".", b"..") for step in plain.split(b"/"))


def _request_headers(incoming: Incoming) -> list[tuple[str, str]]:
    headers = [
        (name.decode(), incoming.text(name)) for name in PASSED_ON if name in incoming.headers
    ]
    headers.append(("x-request-id", incoming.request_id.decode()))
    headers.append(("x-forwarded-for", incoming.address))
    headers.extend(telemetry.to_headers().items())
    return headers


def _answer_headers(answer: aiohttp.ClientResponse) -> list[Header]:
    return [
        (name.lower(), value)
        for name, value in answer.raw_headers
        if name.lower() not in HOP_BY_HOP
    ]


@asynccontextmanager
async def client() -> AsyncGenerator[aiohttp.ClientSession]:
    """For streams: no limit to how long they take, but to how long they are silent."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=False, keepalive_timeout=30),
        timeout=aiohttp.ClientTimeout(total=None, connect=10, sock_connect=3, sock_read=90),
        auto_decompress=False,
        read_bufsize=CHUNK,
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        yield session
