"""Serving a file over HTTP, whole or in ranges."""

import asyncio
import os
import stat
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from uuid import uuid4

from revenge.playback import faults
from revenge.playback.streaming import asgi, ranges
from revenge.playback.streaming.asgi import Receive, Request, Send
from revenge.playback.streaming.ranges import ByteRange, Validators

_CHUNK = 128 << 10  # bytes; more leave the processor's cache between copies
_NOWAIT = getattr(os, "RWF_NOWAIT", 0)  # Linux

_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".m4s": "video/mp4",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".ts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".mts": "video/mp2t",
    ".flv": "video/x-flv",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".vob": "video/mpeg",
    ".ogv": "video/ogg",
    ".wmv": "video/x-ms-wmv",
    ".asf": "video/x-ms-asf",
    ".3gp": "video/3gpp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".mka": "audio/x-matroska",
    ".mks": "application/x-matroska",
    ".vtt": "text/vtt; charset=utf-8",
}


@dataclass(frozen=True)
class _File:
    fd: int
    status: os.stat_result

    @property
    def size(self) -> int:
        return self.status.st_size

    @cached_property
    def _room(self) -> memoryview:
        return memoryview(bytearray(min(_CHUNK, self.size)))

    async def read(self, size: int, at: int) -> bytes:
        """At once where the page cache has it, else in a thread: disks sleep, and shares hang."""
        if _NOWAIT:
            try:
                got = os.preadv(self.fd, [self._room[:size]], at, _NOWAIT)
            except OSError:
                got = 0  # not in the cache, or a file system that cannot tell
            if got:
                return bytes(self._room[:got])
        return await asyncio.to_thread(os.pread, self.fd, size, at)


def content_type(path: str) -> str:
    """By the name's ending."""
    return _TYPES.get(os.path.splitext(path)[1].lower(), "application/octet-stream")  # noqa: PTH122 the path is text here


async def serve_file(
    path: str, request: Request, receive: Receive, send: Send, headers: Mapping[str, str]
) -> None:
    """`headers` are added to the answer. Raises `FileUnreadable`, before anything is sent."""
    async with _opened(path) as file:
        validators = Validators.of(file.status)
        common = {
            "content-type": content_type(path),
            "accept-ranges": "bytes",
            "etag": validators.etag,
            "last-modified": validators.last_modified,
            **headers,
        }
        try:
            parts = ranges.requested(request.method, request.headers, validators, file.size)
        except ranges.NotModified:
            await asgi.start(send, HTTPStatus.NOT_MODIFIED, common)
            await asgi.finish(send)
        except ranges.PreconditionFailed:
            await asgi.plain(send, request, HTTPStatus.PRECONDITION_FAILED, {})
        except ranges.Unsatisfiable:
            beyond = {"content-range": f"bytes */{file.size}", "accept-ranges": "bytes"}
            await asgi.plain(send, request, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, beyond)
        else:
            sending = _Answer(file, send, common).send(request, parts)
            await asgi.while_connected(receive, sending)


@asynccontextmanager
async def _opened(path: str) -> AsyncGenerator[_File, None]:
    try:
        fd = await asyncio.to_thread(os.open, path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise faults.FileUnreadable from error
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise faults.FileUnreadable
        yield _File(fd, status)
    finally:
        os.close(fd)


@dataclass(frozen=True)
class _Answer:
    file: _File
    to: Send
    headers: Mapping[str, str]

    async def send(self, request: Request, parts: list[ByteRange] | None) -> None:
        if parts is None:
            await self._whole(request)
        elif len(parts) == 1:
            await self._one(parts[0])
        else:
            await self._several(parts)

    async def _whole(self, request: Request) -> None:
        await self._start(HTTPStatus.OK, {"content-length": str(self.file.size)})
        if request.method != "HEAD":
            await self._bytes(ByteRange(0, self.file.size))
        await asgi.finish(self.to)

    async def _one(self, part: ByteRange) -> None:
        where = part.content_range(self.file.size)
        given = {"content-length": str(part.size), "content-range": where}
        await self._start(HTTPStatus.PARTIAL_CONTENT, given)
        await self._bytes(part)
        await asgi.finish(self.to)

    async def _several(self, parts: list[ByteRange]) -> None:
        """RFC 9110, 14.6."""
        boundary = uuid4().hex
        heads = [
            f"\r\n--{boundary}\r\nContent-Type: {self.headers['content-type']}\r\n"
            f"Content-Range: {part.content_range(self.file.size)}\r\n\r\n".encode()
            for part in parts
        ]
        end = f"\r\n--{boundary}--\r\n".encode()
        size = sum(map(len, heads)) + sum(part.size for part in parts) + len(end)
        kind = f"multipart/byteranges; boundary={boundary}"
        given = {"content-type": kind, "content-length": str(size)}
        await self._start(HTTPStatus.PARTIAL_CONTENT, given)
        for head, part in zip(heads, parts, strict=True):
            await self._chunk(head)
            await self._bytes(part)
        await asgi.finish(self.to, end)

    async def _start(self, status: HTTPStatus, given: Mapping[str, str]) -> None:
        await asgi.start(self.to, status, {**self.headers, **given})

    async def _bytes(self, part: ByteRange) -> None:
        at = part.start
        while at < part.end:
            data = await self.file.read(min(_CHUNK, part.end - at), at)
            if not data:  # the file has shrunk; the length that was promised tells the client
                return
            at += len(data)
            await self._chunk(data)

    async def _chunk(self, data: bytes) -> None:
        await self.to({"type": "http.response.body", "body": data, "more_body": True})
