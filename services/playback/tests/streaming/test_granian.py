"""The app on the server that it runs on: what only shows over a real socket."""

import asyncio
import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from revenge.contracts import PlaybackId
from revenge.contracts.media import Media
from revenge.kit.http import serving
from revenge.kit.testing import free_port
from revenge.playback.deciding.plan import Plan, StreamSession
from revenge.playback.streaming.app import PREFIX, StreamApp
from revenge.playback.streaming.signing import Grant, Signer, SigningKey
from revenge.playback.testing.rig import Rig

SESSION = PlaybackId(UUID(int=1))
SIGNER = Signer((SigningKey("t", b"s" * 32),))
LARGE = 256 << 20  # bytes; sparse, so that it takes no room


@asynccontextmanager
async def serving_file(rig: Rig, path: Path) -> AsyncIterator[tuple[StreamApp, int]]:
    async def look_up(grant: Grant, _: object) -> StreamSession | None:
        return StreamSession(grant.session, str(path), Media("mov", 1.0), Plan(direct=True))

    port = free_port()
    app = StreamApp(look_up, rig.segmenter, SIGNER)
    async with serving(app, "127.0.0.1", port, break_off=app.break_off):
        yield app, port


def request(*headers: str) -> bytes:
    token = SIGNER.sign(Grant(SESSION, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)))
    lines = (f"GET {PREFIX}{token}/file HTTP/1.1", "Host: test", "Connection: close", *headers)
    return "\r\n".join((*lines, "", "")).encode()


def large_file(rig: Rig) -> Path:
    path = rig.folder / "large.mp4"
    with path.open("wb") as file:
        file.truncate(LARGE)
        file.seek(LARGE - 4)
        file.write(b"last")
    return path


async def test_a_large_file_arrives_whole(rig: Rig) -> None:
    async with serving_file(rig, large_file(rig)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.write(request())
        await reader.readuntil(b"\r\n\r\n")

        size, end = await everything(reader)
        writer.close()

    assert (size, end) == (LARGE, b"last")


async def test_a_client_that_leaves_is_not_sent_the_rest(rig: Rig) -> None:
    path = large_file(rig)
    async with serving_file(rig, path) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request())
        await reader.readexactly(100_000)

        writer.close()

        await rig.has_closed(path)


async def test_a_file_that_shrinks_while_it_is_sent_breaks_off(rig: Rig) -> None:
    path = large_file(rig)
    async with serving_file(rig, path) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.write(request())
        head = await reader.readuntil(b"\r\n\r\n")

        os.truncate(path, LARGE // 2)

        size, _ = await everything(reader)
        writer.close()

    assert f"content-length: {LARGE}".encode() in head.lower()
    assert size < LARGE


async def test_a_file_that_is_replaced_while_it_is_sent_comes_whole(rig: Rig) -> None:
    path = large_file(rig)
    other = rig.folder / "other.mp4"
    other.write_bytes(b"other")
    async with serving_file(rig, path) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        writer.write(request())
        await reader.readuntil(b"\r\n\r\n")

        other.replace(path)

        size, end = await everything(reader)
        writer.close()

    assert (size, end) == (LARGE, b"last")


async def test_a_server_that_stops_does_not_wait_for_a_film_to_end(rig: Rig) -> None:
    loop = asyncio.get_running_loop()
    async with serving_file(rig, large_file(rig)) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request())
        watching = asyncio.create_task(watch_slowly(reader))
        await asyncio.sleep(0.2)
        stopping = loop.time()

    assert loop.time() - stopping < 4
    assert await watching < LARGE
    writer.close()


async def everything(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """How much comes until the connection ends, and its last four bytes."""
    size, end = 0, b""
    while chunk := await reader.read(1 << 20):
        size, end = size + len(chunk), (end + chunk)[-4:]
    return size, end


async def watch_slowly(reader: asyncio.StreamReader) -> int:
    """The bytes that came, at 10 MB/s."""
    size = 0
    while chunk := await reader.read(100_000):
        size += len(chunk)
        await asyncio.sleep(0.01)
    return size
