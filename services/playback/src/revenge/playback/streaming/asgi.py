"""The little of ASGI that serving media needs."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

from revenge.contracts import Fault
from revenge.kit import problems

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


# Whoever has the signed address may use it, from any page.
_CORS = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"accept-ranges, content-length, content-range, etag, retry-after",
    ),
)
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "range, if-range, if-none-match, if-modified-since",
    "access-control-max-age": "86400",
}


class Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        return cls(scope["method"], scope["path"], headers)


async def start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": [*encoded, *_CORS]})


async def finish(send: Send, body: bytes = b"") -> None:
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def reply(
    send: Send, request: Request, body: bytes, headers: Mapping[str, str], status: int = 200
) -> None:
    """A whole body at once; its length without it, when only the head was asked for."""
    await start(send, status, {**headers, "content-length": str(len(body))})
    await finish(send, b"" if request.method == "HEAD" else body)


async def preflight(send: Send) -> None:
    await start(send, HTTPStatus.NO_CONTENT, _PREFLIGHT)
    await finish(send)


async def problem(send: Send, request: Request, fault: Fault) -> None:
    await _tell(send, request, problems.of_fault(fault), problems.hints(fault))


async def plain(
    send: Send, request: Request, status: HTTPStatus, headers: Mapping[str, str]
) -> None:
    """An error that is HTTP's own, and no fault."""
    await _tell(send, request, problems.of_status(status), headers)


async def _tell(
    send: Send, request: Request, problem: problems.Problem, headers: Mapping[str, str]
) -> None:
    given = {**headers, "content-type": problems.MEDIA_TYPE, "cache-control": "no-store"}
    await reply(send, request, msgspec.json.encode(problem), given, problem.status)


async def while_connected(receive: Receive, sending: Coroutine[Any, Any, None]) -> None:
    """Sends until all is sent or the client has left: a server's `send` does not fail then.

    It may even wait for ever, for a client that does not read.
    """
    left = asyncio.create_task(_disconnect(receive))
    sent = asyncio.create_task(sending)
    try:
        await asyncio.wait({left, sent}, return_when=asyncio.FIRST_COMPLETED)
        if sent.done():
            sent.result()
    finally:
        left.cancel()
        sent.cancel()
        await asyncio.wait({left, sent})


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def or_ended(receive: Receive, ending: asyncio.Event) -> Receive:
    """A `receive` that tells of a disconnect when the server ends, too."""

    async def first() -> MutableMapping[str, Any]:
        message = asyncio.ensure_future(receive())
        end = asyncio.create_task(ending.wait())
        try:
            await asyncio.wait({message, end}, return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else {"type": "http.disconnect"}
        finally:
            message.cancel()
            end.cancel()

    return first
