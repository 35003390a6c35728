"""Services behind, over sockets that do whatever a test wants."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from revenge.gateway import backends
from revenge.gateway.backends import Backend, Broken, reaching
from revenge.kit.testing import free_port

OK = b"HTTP/1.1 200 OK\r\n"
SMALL = OK + b"Content-Length: 5\r\n\r\nsmall"

Say = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """What it was asked, and over how many connections."""

    port: int = 0
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def saying(*answers: bytes, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[Peer]:
    """One answer after the other to each connection, which is closed after the last."""
    peer = Peer()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer.connections += 1
        for answer in answers:
            peer.asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, host, port)
    peer.port = server.sockets[0].getsockname()[1]
    async with server:
        yield peer


async def get(backend: Backend | None, method: str = "GET") -> tuple[int, bytes]:
    assert backend is not None
    async with backend.ask(method, b"/film?x=1", [(b"range", b"bytes=0-4")]) as answer:
        pieces = list[bytes]()
        while piece := await answer.read():
            pieces.append(piece)
        return answer.head.status, b"".join(pieces)


async def test_a_request_is_written_as_it_was_asked() -> None:
    async with saying(SMALL) as peer, reaching(peer.url + "/base/") as backend:
        assert await get(backend) == (200, b"small")

    lines = peer.asked[0].split(b"\r\n")
    assert lines[0] == b"GET /base/film?x=1 HTTP/1.1"
    assert b"host: 127.0.0.1:%d" % peer.port in lines
    assert b"range: bytes=0-4" in lines


async def test_a_connection_serves_one_request_after_the_other() -> None:
    async with saying(SMALL, SMALL, SMALL) as peer, reaching(peer.url) as backend:
        for _ in range(3):
            assert await get(backend) == (200, b"small")

    assert peer.connections == 1


async def test_a_connection_that_was_closed_meanwhile_is_replaced() -> None:
    async with saying(SMALL) as peer, reaching(peer.url) as backend:
        for _ in range(3):
            assert await get(backend) == (200, b"small")

    assert peer.connections == 3


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Connection: close\r\nContent-Length: 5\r\n\r\nsmall",
        OK + b"connection: Close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nsmall\r\n0\r\n\r\n",
    ],
)
async def test_a_connection_that_shall_be_closed_is_not_used_again(answer: bytes) -> None:
    async with saying(answer, answer) as peer, reaching(peer.url) as backend:
        assert await get(backend) == (200, b"small")
        assert await get(backend) == (200, b"small")

    assert peer.connections == 2


async def test_an_answer_that_was_not_read_to_its_end_leaves_no_rest_behind() -> None:
    async with saying(SMALL, SMALL) as peer, reaching(peer.url) as backend:
        assert backend is not None
        async with backend.ask("GET", b"/film", []):
            pass

        assert await get(backend) == (200, b"small")

    assert peer.connections == 2


async def test_chunks_are_joined_and_trailers_dropped() -> None:
    chunks = b"4;x=y\r\nlong\r\n1\r\ne\r\n" + b"A\r\n0123456789\r\n"
    answer = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\nCheck: 1\r\n\r\n"
    async with saying(answer, SMALL) as peer, reaching(peer.url) as backend:
        assert await get(backend) == (200, b"longe0123456789")
        assert await get(backend) == (200, b"small")

    assert peer.connections == 1


@pytest.mark.parametrize(
    ("method", "answer", "status"),
    [
        ("HEAD", OK + b"Content-Length: 5000\r\n\r\n", 200),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n", 304),
        ("OPTIONS", b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("GET", OK + b"Content-Length: 0\r\n\r\n", 200),
    ],
)
async def test_an_answer_without_a_body_is_complete(
    method: str, answer: bytes, status: int
) -> None:
    async with saying(answer, answer) as peer, reaching(peer.url) as backend:
        assert await get(backend, method) == (status, b"")
        assert await get(backend, method) == (status, b"")

    assert peer.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n",
        OK + b"\r\nuntil it closes",
        OK + b"Content-Length: -5\r\n\r\nsmall",
        OK + b"Content-Length: 1_0\r\n\r\n0123456789",
        OK + b"Content-Length: 50\r\n\r\nshort",
        OK + b"Transfer-Encoding: chunked\r\n\r\n50\r\nshort",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nsmall\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nsmall\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        OK + b"X: " + b"x" * 100_000,
    ],
)
async def test_what_is_cut_off_or_no_http_is_never_taken_for_complete(answer: bytes) -> None:
    async with saying(answer) as peer, reaching(peer.url) as backend:
        with pytest.raises((Broken, ConnectionError)):
            await get(backend)


async def test_a_service_that_says_nothing_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backends, "SILENT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with reaching(f"http://127.0.0.1:{silent.getsockname()[1]}") as backend:
            with pytest.raises(TimeoutError):
                await get(backend)


async def test_of_several_addresses_one_that_is_dead_is_passed_over() -> None:
    """`localhost` has two, in IPv6 and IPv4; somebody answers at one of them."""
    async with saying(SMALL) as peer, reaching(f"http://localhost:{peer.port}") as backend:
        for _ in range(4):
            assert await get(backend) == (200, b"small")


async def test_several_addresses_are_asked_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    async with (
        saying(SMALL, port=port) as one,
        saying(SMALL, host="127.0.0.2", port=port) as two,
        reaching(f"http://playback:{port}") as backend,
    ):
        hosts(monkeypatch, "127.0.0.1", "127.0.0.2")
        for _ in range(4):
            assert await get(backend) == (200, b"small")

    assert (one.connections, two.connections) == (2, 2)


async def test_an_address_that_failed_just_now_is_tried_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = list[str]()
    reach = backends.Connection.to

    async def to(address: backends.Address) -> backends.Connection:
        tried.append(address.at[0])
        return await reach(address)

    async with (
        saying(SMALL, host="127.0.0.2") as peer,
        reaching(f"http://playback:{peer.port}") as backend,
    ):
        hosts(monkeypatch, "127.0.0.1", "127.0.0.2")
        monkeypatch.setattr(backends.Connection, "to", to)
        for _ in range(4):
            assert await get(backend) == (200, b"small")

    assert tried.count("127.0.0.1") == 1


async def test_who_does_not_answer_at_all_is_an_error() -> None:
    async with reaching(f"http://127.0.0.1:{free_port()}") as backend:
        with pytest.raises(ConnectionRefusedError):
            await get(backend)


@pytest.mark.parametrize("url", ["https://playback:8097", "playback:8097", "http://"])
def test_what_is_no_plain_http_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        Backend(url)


def hosts(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """What every name stands for."""

    async def look_up(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
        stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*stream, (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
