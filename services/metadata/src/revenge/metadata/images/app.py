"""`GET|HEAD /api/v1/images/{type}/{size}/{path}`, as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from email.utils import formatdate, parsedate_to_datetime
from typing import Any

import msgspec
from loguru import logger

from revenge.contracts import Fault
from revenge.kit import problems
from revenge.metadata.images.images import Images
from revenge.metadata.images.shelf import Stored
from revenge.metadata.images.wanted import Wanted, parse

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PIECE = 256 * 1024  # bytes
YEAR = 365 * 24 * 3600  # seconds
FRESH = f"public, max-age={YEAR}, immutable".encode()
NOT_FRESH = b"no-cache"


class App:
    def __init__(self, images: Images) -> None:
        self._images = images

    async def __call__(self, scope: Scope, _receive: object, send: Send) -> None:
        try:
            await self._answer(scope, send)
        except Fault as fault:
            await _send_problem(fault, scope["method"], send)
        except OSError as error:
            logger.opt(exception=error).error("an image cannot be read from the disk")
            await _send_problem(Fault("this image cannot be read now"), scope["method"], send)

    async def _answer(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise problems.MethodNotAllowed("GET, HEAD")
        asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
        wanted = parse(scope["path"], asked.get(b"accept", ""))
        if _has(asked.get(b"if-none-match", ""), wanted.etag):
            await _start(send, 304, _caching(wanted))
            await send({"type": "http.response.body"})
            return
        stored = await self._images.get(wanted)
        with stored.file:
            if b"if-none-match" not in asked and _is_since(
                asked.get(b"if-modified-since", ""), stored
            ):
                await _start(send, 304, _caching(wanted))
                await send({"type": "http.response.body"})
                return
            await _send_image(scope["method"], wanted, stored, send)


async def _send_image(method: str, wanted: Wanted, stored: Stored, send: Send) -> None:
    piece = await asyncio.to_thread(stored.file.read, PIECE)
    headers = [
        *_caching(wanted),
        (b"content-type", media_type(piece)),
        (b"content-length", str(stored.size).encode()),
        (b"last-modified", formatdate(stored.modified, usegmt=True).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await _start(send, 200, headers)
    while method == "GET" and len(piece) == PIECE:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = await asyncio.to_thread(stored.file.read, PIECE)
    await send({"type": "http.response.body", "body": piece if method == "GET" else b""})


def media_type(head: bytes) -> bytes:
    """By the first bytes: a name says nothing of what is in a file."""
    if head.startswith(b"\xff\xd8\xff"):
        return b"image/jpeg"
    if head.startswith(b"\x89PNG"):
        return b"image/png"
    if head.startswith(b"GIF8"):
        return b"image/gif"
    return b"image/webp" if head[8:12] == b"WEBP" else b"image/avif"


def _caching(wanted: Wanted) -> Headers:
    return [
        (b"etag", wanted.etag.encode()),
        (b"cache-control", FRESH),
        (b"vary", b"accept"),
    ]


def _has(if_none_match: str, etag: str) -> bool:
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in known)


def _is_since(if_modified_since: str, stored: Stored) -> bool:
    if not if_modified_since:
        return False
    try:
        return parsedate_to_datetime(if_modified_since).timestamp() >= stored.modified
    except (ValueError, OverflowError):
        return False  # RFC 9110, 13.1.3: not a date, so it is not there


async def _send_problem(fault: Fault, method: str, send: Send) -> None:
    body = msgspec.json.encode(problems.of_fault(fault))
    headers = [
        (b"content-type", problems.MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", NOT_FRESH),
        *((name.encode(), value.encode()) for name, value in problems.hints(fault).items()),
    ]
    await _start(send, fault.status, headers)
    await send({"type": "http.response.body", "body": body if method != "HEAD" else b""})


async def _start(send: Send, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers]})
