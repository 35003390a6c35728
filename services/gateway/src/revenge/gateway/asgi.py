"""The shapes of ASGI, and answers that are complete in one piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]

JSON = (b"content-type", b"application/json")
NO_STORE = (b"cache-control", b"no-store")
NO_CACHE = (b"cache-control", b"no-cache")


class Answer(NamedTuple):
    """Headers are without the length, which follows from the body."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""


async def send_answer(answer: Answer, send: Send, *, with_body: bool = True) -> None:
    """Send it; to a HEAD request, without its body."""
    headers = list(answer.headers)
    if answer.status not in (204, 304):
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})
