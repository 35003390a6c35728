import asyncio
import hashlib
import hmac
import socket
import time
from datetime import UTC, datetime
from itertools import repeat
from uuid import UUID, uuid4

import httpx2
import msgspec
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from revenge.contracts.notification import HttpMethod, Notice
from revenge.notification import sending

SECRET = b"sixteen letters or more"


def a_letter(
    url: str, method: HttpMethod = HttpMethod.POST, webhook: UUID | None = None
) -> sending.Letter:
    notice = Notice(
        id="event-1",
        type="movie.added",
        timestamp=datetime(2026, 11, 20, 12, tzinfo=UTC),
        data=msgspec.Raw(b'{"title":"Am\xc3\xa9lie"}'),
    )
    return sending.write(method, url, notice, webhook or uuid4(), SECRET)


async def test_a_receiver_can_check_that_a_request_is_genuine(
    httpserver: HTTPServer, http: httpx2.AsyncClient
) -> None:
    received: list[Request] = []

    def answer(request: Request) -> Response:
        received.append(request)
        return Response(status=204)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(answer)

    assert await sending.send(http, a_letter(httpserver.url_for("/hook"))) == 204

    headers, body = received[0].headers, received[0].get_data()
    signed = headers["X-Revenge-Timestamp"].encode() + b"." + body
    expected = "sha256=" + hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(headers["X-Revenge-Signature"], expected)
    assert abs(int(headers["X-Revenge-Timestamp"]) - time.time()) < 10
    assert headers["X-Revenge-Event"] == "movie.added"
    assert headers["User-Agent"] == "Revenge/1.0"
    assert headers["Content-Type"] == "application/json"
    assert msgspec.json.decode(body) == {
        "event_id": "event-1",
        "event_type": "movie.added",
        "timestamp": "2026-11-20T12:00:00Z",
        "user_id": None,
        "target_id": None,
        "data": {"title": "Amélie"},
        "metadata": {},
        "source": "revenge",
    }


@pytest.mark.parametrize("method", list(HttpMethod))
async def test_the_method_is_as_the_administrator_chose(
    httpserver: HTTPServer, http: httpx2.AsyncClient, method: HttpMethod
) -> None:
    httpserver.expect_request("/hook", method=method.value).respond_with_data("ok")

    assert await sending.send(http, a_letter(httpserver.url_for("/hook"), method)) == 200


def test_a_delivery_keeps_its_id_and_two_webhooks_have_two() -> None:
    webhook = uuid4()

    ids = [
        a_letter("http://x/", webhook=w).headers["X-Revenge-Delivery"]
        for w in (webhook, webhook, uuid4())
    ]

    assert ids[0] == ids[1] != ids[2]


async def test_redirects_are_not_followed(httpserver: HTTPServer, http: httpx2.AsyncClient) -> None:
    httpserver.expect_request("/hook").respond_with_data(
        status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )

    assert await sending.send(http, a_letter(httpserver.url_for("/hook"))) == 302
    assert [request.path for request, _ in httpserver.log] == ["/hook"]


async def test_an_endless_answer_is_not_read(
    httpserver: HTTPServer, http: httpx2.AsyncClient
) -> None:
    endless = Response(repeat(b"x" * 65_536), status=200)
    httpserver.expect_request("/hook").respond_with_response(endless)

    async with asyncio.timeout(30):
        assert await sending.send(http, a_letter(httpserver.url_for("/hook"))) == 200


async def test_a_receiver_that_says_nothing_is_left(
    http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"

        with pytest.raises(sending.Unreachable, match="no answer"):
            await sending.send(http, a_letter(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/token-in-the-path",
        "https://127.0.0.1:1/token-in-the-path",
        "http://does-not-exist.invalid/token-in-the-path",
        "http://[::1/token-in-the-path",
        "http://host:99999/token-in-the-path",
        "http://a b/token-in-the-path",
        "http://\u2603..example/token-in-the-path",
    ],
)
async def test_what_cannot_be_reached_is_told_without_its_address(
    http: httpx2.AsyncClient, url: str
) -> None:
    with pytest.raises(sending.Unreachable) as problem:
        await sending.send(http, a_letter(url))

    assert "token-in-the-path" not in str(problem.value)


async def test_a_server_that_speaks_no_http_is_unreachable(http: httpx2.AsyncClient) -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"this is not HTTP\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(sending.Unreachable):
            await sending.send(http, a_letter(f"http://127.0.0.1:{port}/"))
