"""Streams and images: what other services answer over HTTP themselves, passed through.

Bytes do not travel on the bus. There is no authentication here: the URLs are signed.
"""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from urllib.parse import unquote_to_bytes

from loguru import logger

from revenge.contracts import Invalid, Unavailable
from revenge.gateway import incoming as requests
from revenge.gateway.asgi import Header, Receive, Scope, Send
from revenge.gateway.backends import Answer, Backend, Broken, Head
from revenge.gateway.connections import Connections
from revenge.gateway.incoming import Incoming
from revenge.kit import telemetry
from revenge.kit.problems import MethodNotAllowed

PRINTABLE = re.compile(rb"[!-~]+")
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
    """Everything below one prefix, from one service. Without one, it is unavailable."""

    def __init__(self, prefix: str, backend: Backend | None, connections: Connections) -> None:
        self.prefix = prefix
        self._raw_prefix = prefix.encode() + b"/"
        self._backend = backend
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = requests.of(scope)
        incoming.route = f"{self.prefix}/..."
        if incoming.method not in METHODS:
            raise MethodNotAllowed(", ".join(METHODS))
        if self._backend is None:
            raise Unavailable(f"no address is set for {self.prefix}")
        target = self._target(scope["raw_path"], incoming.query)
        await self._connections.hold(receive, self._pass(self._backend, incoming, target, send))

    def _target(self, raw_path: bytes, query: bytes) -> bytes:
        """The same path at the service behind, byte by byte."""
        if not raw_path.startswith(self._raw_prefix) or climbs(raw_path):
            raise Invalid("this path leads out of where it belongs")
        target = raw_path + (b"?" + query if query else b"")
        if not PRINTABLE.fullmatch(target):
            raise Invalid("a URL is written in ASCII, without spaces")
        return target

    async def _pass(self, backend: Backend, incoming: Incoming, target: bytes, send: Send) -> None:
        asked = backend.ask(incoming.method, target, _request_headers(incoming))
        async with AsyncExitStack() as stack:
            try:
                answer = await stack.enter_async_context(asked)
            except (Broken, OSError) as error:
                raise Unavailable("the service that has this does not answer") from error
            await send(
                {
                    "type": "http.response.start",
                    "status": answer.head.status,
                    "headers": _answer_headers(answer.head),
                }
            )
            await _copy(answer, send)


async def _copy(answer: Answer, send: Send) -> None:
    try:
        while data := await answer.read():
            await send({"type": "http.response.body", "body": data, "more_body": True})
    except (Broken, OSError) as error:
        logger.warning("a stream broke off: {!r}", error)
        raise StreamBroken from error
    await send({"type": "http.response.body", "body": b""})


def climbs(raw_path: bytes) -> bool:
    """True if a path has a step up in it, however it is written."""
    plain = unquote_to_bytes(unquote_to_bytes(raw_path)).replace(b"\\", b"/")
    return b"\0" in plain or any(step in (b".", b"..") for step in plain.split(b"/"))


def _request_headers(incoming: Incoming) -> list[Header]:
    headers = [(name, incoming.headers[name]) for name in PASSED_ON if name in incoming.headers]
    headers.append((b"x-request-id", incoming.request_id))
    headers.append((b"x-forwarded-for", incoming.address.encode()))
    traced = telemetry.to_headers().items()
    return headers + [(name.encode(), value.encode()) for name, value in traced]


def _answer_headers(head: Head) -> list[Header]:
    return [header for header in head.headers if header[0] not in HOP_BY_HOP]
