"""Services behind, asked over HTTP/1.1 on plain sockets.

Films are handed on as the socket gives them: clients that come as libraries copy every byte two or
three times before they do. Whoever is behind is one of our own, in the same network.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from loguru import logger

from revenge.gateway.asgi import Header

PIECE = 256 << 10  # bytes that are read at once; more leave the processor's cache between copies
LONGEST_HEAD = 64 << 10
LONGEST_LINE = 256  # before a chunk
MOST_IDLE = 32  # connections that are kept for the next request
REACHED_S = 3.0  # within which a connection is made
SILENT_S = 90.0  # without a byte for so long, a service hangs
AVOIDED_S = 10.0  # an address that did not answer comes after the others for so long

NO_BODY = {204, 304}
END = b"\r\n"


class Broken(Exception):
    """A service went away in the middle of an answer, or what it says is no HTTP."""


class Address(NamedTuple):
    family: int
    at: Any  # as the family writes it


class Head(NamedTuple):
    status: int
    headers: list[Header]  # names in lower case

    @classmethod
    def of(cls, text: bytes) -> Head:
        first, *lines = text.split(END)
        try:
            status = int(first.split(b" ", 2)[1])
        except (IndexError, ValueError) as error:
            raise Broken(f"no status in {first[:80]!r}") from error
        pairs = (line.partition(b":") for line in lines)
        return cls(status, [(name.lower(), value.strip()) for name, _, value in pairs])

    def value(self, name: bytes) -> bytes:
        return next((value.lower() for known, value in self.headers if known == name), b"")


class Connection:
    """Raises `Broken` when the other end closes it, OSError, and TimeoutError after a silence."""

    def __init__(self, over: socket.socket) -> None:
        self._socket = over
        self._rest = b""  # what came together with something else

    @classmethod
    async def to(cls, address: Address) -> Connection:
        made = socket.socket(address.family, socket.SOCK_STREAM)
        made.setblocking(False)
        try:
            async with asyncio.timeout(REACHED_S):
                await asyncio.get_running_loop().sock_connect(made, address.at)
        except BaseException:
            made.close()
            raise
        return cls(made)

    async def ask(self, request: bytes) -> Head:
        """Closes itself where that fails."""
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, request)
            return Head.of(await self.until(END + END, LONGEST_HEAD))
        except BaseException:
            self.close()
            raise

    async def until(self, end: bytes, most: int) -> bytes:
        data = b""
        while end not in data:
            if len(data) > most:
                raise Broken("this is too long")
            data += await self._received()
        data, _, self._rest = data.partition(end)
        return data

    async def at_most(self, size: int) -> bytes:
        data = await self._received()
        if len(data) > size:
            data, self._rest = data[:size], data[size:]
        return data

    def close(self) -> None:
        self._socket.close()

    async def _received(self) -> bytes:
        data, self._rest = self._rest, b""
        data = data or await self._read()
        if not data:
            raise Broken("the connection was closed")
        return data

    async def _read(self) -> bytes:
        try:
            return self._socket.recv(PIECE)
        except BlockingIOError:
            async with asyncio.timeout(SILENT_S):
                return await asyncio.get_running_loop().sock_recv(self._socket, PIECE)


class Answer:
    """An answer whose body is read piece by piece (RFC 9112, 6)."""

    def __init__(self, connection: Connection, head: Head, *, bodiless: bool) -> None:
        self.head = head
        self._connection = connection
        self._is_chunked = head.value(b"transfer-encoding") == b"chunked"
        self._left = 0 if bodiless or self._is_chunked else _length(head)
        self.is_read = bodiless or not (self._left or self._is_chunked)

    @property
    def leaves_reusable(self) -> bool:
        return self.is_read and self.head.value(b"connection") != b"close"

    async def read(self) -> bytes:
        """The next piece; nothing at the end. Raises what a `Connection` does."""
        if not self._left and not self.is_read:
            await self._begin_chunk()
        if self.is_read:
            return b""
        data = await self._connection.at_most(self._left)
        self._left -= len(data)
        if not self._left:
            await self._end_part()
        return data

    async def _begin_chunk(self) -> None:
        line = await self._connection.until(END, LONGEST_LINE)
        self._left = _number(line.partition(b";")[0].strip(), 16)
        if not self._left:
            while await self._connection.until(END, LONGEST_HEAD):  # trailers
                pass
            self.is_read = True

    async def _end_part(self) -> None:
        if not self._is_chunked:
            self.is_read = True
        elif await self._connection.until(END, LONGEST_LINE):
            raise Broken("a chunk is longer than it should be")


class Backend:
    """A service, by its URL. Where its name stands for several, they are asked in turn."""

    def __init__(self, url: str) -> None:
        """Raises `ValueError` for what is no URL of this kind."""
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{url} does not begin with http:// and a name")
        self._name, self._port = parts.hostname, parts.port or 80
        self._folder = parts.path.rstrip("/").encode()
        self._host = parts.netloc.encode()
        self._idle: deque[Connection] = deque(maxlen=MOST_IDLE)
        self._turns = itertools.count()
        self._failed: dict[Address, float] = {}

    @asynccontextmanager
    async def ask(
        self, method: str, target: bytes, headers: list[Header]
    ) -> AsyncGenerator[Answer]:
        """Raises what a `Connection` does."""
        lines = [b"%s %s%s HTTP/1.1" % (method.encode(), self._folder, target)]
        lines += [b"%s: %s" % header for header in ((b"host", self._host), *headers)]
        connection, head = await self._answered(END.join((*lines, END)))
        reusable = False
        try:
            answer = Answer(connection, head, bodiless=method == "HEAD" or head.status in NO_BODY)
            yield answer
            reusable = answer.leaves_reusable
        finally:
            self._give_back(connection, reusable=reusable)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _answered(self, request: bytes) -> tuple[Connection, Head]:
        while self._idle:
            connection = self._idle.popleft()
            try:
                return connection, await connection.ask(request)
            except TimeoutError:
                raise
            except (Broken, OSError):  # it was closed while nobody looked
                continue
        connection = await self._connected()
        return connection, await connection.ask(request)

    async def _connected(self) -> Connection:
        *others, last = await self._addresses()
        for address in others:
            try:
                return await Connection.to(address)
            except OSError as error:
                logger.debug("{} does not answer: {!r}", address.at, error)
                self._failed[address] = time.monotonic()
        return await Connection.to(last)

    async def _addresses(self) -> list[Address]:
        """In turn; those that failed just now are tried last."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._name, self._port, type=socket.SOCK_STREAM)
        known = [Address(family, at) for family, *_, at in found]
        first, now = next(self._turns) % len(known), time.monotonic()
        self._failed = {at: when for at, when in self._failed.items() if now - when < AVOIDED_S}
        return sorted(known[first:] + known[:first], key=self._failed.__contains__)

    def _give_back(self, connection: Connection, *, reusable: bool) -> None:
        if reusable and len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()


@asynccontextmanager
async def reaching(url: str) -> AsyncGenerator[Backend | None]:
    """None for no URL. Raises `ValueError`."""
    backend = Backend(url) if url else None
    try:
        yield backend
    finally:
        if backend is not None:
            backend.close()


def _length(head: Head) -> int:
    """An answer that ends where its connection does might be cut off unseen, and is not taken."""
    return _number(head.value(b"content-length"), 10)


def _number(text: bytes, base: int) -> int:
    """Raises `Broken`; `int` alone takes signs and underscores as well."""
    if not text.isalnum():
        raise Broken(f"no length in {text[:80]!r}")
    try:
        return int(text, base)
    except ValueError as error:
        raise Broken(f"no length in {text[:80]!r}") from error
