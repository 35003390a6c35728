"""Answers as servers send them, and what becomes of connections."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest

from revenge.kit.testing import eventually, free_port
from revenge.search_indexer.http import Answer, Client, ServerAway

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class Server:
    """Answers whatever it is asked with these bytes, and says how often it was connected to."""

    url: str = ""
    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    hangs_up: bool = False
    connections: int = 0
    ended: int = 0
    asked: list[bytes] = field(default_factory=list[bytes])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(length))
                writer.write(self.answer)
                if self.hangs_up:
                    return
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()
            self.ended += 1


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    serving = Server()
    listening = await asyncio.start_server(serving.serve, "127.0.0.1", 0)
    serving.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield serving
    listening.close()


@pytest.fixture
async def client(server: Server) -> AsyncGenerator[Client]:
    asking = Client(server.url, {"X-Key": "secret"})
    yield asking
    asking.close()


async def ask(client: Client, path: str = "/", body: bytes = b"", within: float = 20) -> Answer:
    return await client.request("POST", path, body, within)


async def test_a_request_says_who_asks_for_what(server: Server, client: Client) -> None:
    await ask(client, "/documents?filter_by=id:[a,b] && é", b"body")

    (asked,) = server.asked
    head, _, body = asked.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert first == b"POST /documents?filter_by=id:[a,b]%20&&%20%C3%A9 HTTP/1.1"
    assert f"Host: {server.url.removeprefix('http://')}".encode() in lines
    assert b"X-Key: secret" in lines
    assert body == b"body"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nabc", (201, "Created", b"abc")),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n", (404, "Not Found", b"")),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", (200, "", b"")),
        (
            CHUNKED + b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: z\r\n\r\n",
            (200, "OK", b"abc0123456789"),
        ),
    ],
)
async def test_an_answer_is_read_to_its_end_and_no_further(
    server: Server, client: Client, answer: bytes, expected: tuple[int, str, bytes]
) -> None:
    server.answer = answer

    assert await ask(client) == expected
    assert await ask(client) == expected
    assert server.connections == 1


async def test_an_answer_without_a_length_ends_with_its_connection(
    server: Server, client: Client
) -> None:
    server.answer, server.hangs_up = b"HTTP/1.1 200 OK\r\n\r\nall of it", True

    assert (await ask(client)).body == b"all of it"
    assert (await ask(client)).body == b"all of it"


async def test_an_answer_may_be_large(server: Server, client: Client) -> None:
    body = b"x" * 3_000_000
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + body

    assert (await ask(client, body=body)).body == body


async def test_requests_at_once_have_connections_of_their_own(
    server: Server, client: Client
) -> None:
    answers = await asyncio.gather(*(ask(client) for _ in range(100)))

    assert {answer.status for answer in answers} == {200}
    assert len(server.asked) == 100


async def test_a_connection_that_the_server_has_closed_is_not_used_again(
    server: Server, client: Client
) -> None:
    server.hangs_up = True
    await ask(client)
    await eventually(lambda: _is(server.ended, 1))

    assert (await ask(client)).status == 200


async def test_a_connection_that_is_not_to_stay_is_closed(server: Server, client: Client) -> None:
    server.answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    await ask(client)
    await ask(client)

    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        CHUNKED + b"5\r\nhal",
        b"no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    ],
)
async def test_half_an_answer_is_none(server: Server, client: Client, answer: bytes) -> None:
    server.answer, server.hangs_up = answer, True

    with pytest.raises(ServerAway):
        await ask(client)


async def test_an_answer_that_does_not_come_in_time_is_given_up(
    server: Server, client: Client
) -> None:
    server.answer = b"HTTP/1.1 200 OK\r\n"

    with pytest.raises(ServerAway):
        await ask(client, within=0.1)
    await eventually(lambda: _is(server.ended, 1))


async def test_a_server_that_is_not_there_is_away() -> None:
    client = Client(f"http://127.0.0.1:{free_port()}", {})

    with pytest.raises(ServerAway):
        await ask(client)


async def _is(found: int, expected: int) -> bool:
    return found == expected
