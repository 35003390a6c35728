"""Errors as clients see them, and the headers that every answer carries."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import Busy, Fault, Unavailable, auth, library, movies
from revenge.gateway.problems import RateLimitExceeded, problem
from revenge.gateway.settings import Cors, GatewaySettings, RateLimit, Server
from revenge.gateway.testing import House, Services, a_movie, opened
from revenge.kit import Bus
from revenge.kit import settings as kit_settings
from revenge.kit.problems import MethodNotAllowed
from revenge.kit.testing import free_port


async def test_a_fault_of_a_service_is_a_problem_that_says_what_it_is(house: House) -> None:
    house.services.answer(movies.get_movie, movies.MovieNotFound())
    path = f"/api/v1/movies/{uuid4()}"

    reply = await house.client.get(path, headers=house.admin())

    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.json() == {
        "type": "/problems/movie_not_found",
        "title": "Movie not found",
        "status": 404,
        "detail": "No film has this id, or it is in no library that you may see.",
        "instance": path,
        "code": 404,
        "message": "No film has this id, or it is in no library that you may see.",
    }


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (library.LibraryNameTaken(), 409),
        (library.PathUnusable("/secret is not readable"), 400),
        (auth.WrongCredentials(), 500),  # not among what the contract declares
    ],
)
async def test_a_declared_fault_keeps_its_status_and_any_other_is_a_bug(
    house: House, fault: Fault, status: int
) -> None:
    house.services.answer(library.create_library, fault)
    body = {"name": "Films", "type": "movie", "paths": ["/media"]}

    reply = await house.client.post("/api/v1/libraries", json=body, headers=house.admin())

    assert reply.status_code == status


async def test_a_bug_in_a_service_tells_nothing_of_it(house: House) -> None:
    house.services.answer(movies.get_movie, lambda _: 1 / 0)

    reply = await house.client.get(f"/api/v1/movies/{uuid4()}", headers=house.admin())

    assert reply.status_code == 500
    assert "division" not in reply.text


async def test_a_service_that_does_not_run_is_unavailable(
    services: Services, bus: Bus, settings: GatewaySettings
) -> None:
    async with opened(services, bus, settings) as house:
        reply = await house.client.get("/api/v1/setup")

    assert reply.status_code == 503
    assert reply.headers["retry-after"]
    assert "auth does not answer" in reply.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/nothing", "/api/v1/movies/a/b/c", "/api", "/api/v1/playback"]
)
async def test_a_path_that_is_not_there_is_a_problem_too(house: House, path: str) -> None:
    reply = await house.client.get(path, headers=house.admin())

    assert reply.status_code == 404
    assert reply.json()["type"] == "/problems/path_unknown"


async def test_a_method_that_is_not_there_is_told_which_are(house: House) -> None:
    reply = await house.client.patch(f"/api/v1/libraries/{uuid4()}", headers=house.admin())

    assert reply.status_code == 405
    assert {"GET", "PUT", "DELETE"} <= set(reply.headers["allow"].split(", "))
    assert reply.json()["code"] == 405


async def test_options_says_what_one_may_do(house: House) -> None:
    reply = await house.client.options("/api/v1/libraries")

    assert reply.status_code == 204
    assert {"GET", "POST"} <= set(reply.headers["allow"].split(", "))


async def test_every_answer_has_an_id_and_says_what_a_browser_may_not_do(house: House) -> None:
    answers = [
        await house.client.get("/"),
        await house.client.get("/nothing"),
        await house.client.get("/api/v1/movies"),
        await house.client.get("/healthz"),
    ]

    for answer in answers:
        assert len(answer.headers["x-request-id"]) == 32
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "referrer-policy" in answer.headers


async def test_a_sane_id_of_the_client_is_kept_and_any_other_is_not(house: House) -> None:
    sane = await house.client.get("/", headers={"X-Request-ID": "client-42"})
    strange = await house.client.get("/", headers={"X-Request-ID": "<script>"})
    long = await house.client.get("/", headers={"X-Request-ID": "x" * 65})

    assert sane.headers["x-request-id"] == "client-42"
    assert len(strange.headers["x-request-id"]) == 32
    assert len(long.headers["x-request-id"]) == 32


def test_a_client_that_is_too_fast_is_told_as_the_original_does() -> None:
    answer = problem(RateLimitExceeded(2.4), "/api/v1/movies")

    told = msgspec.json.decode(answer.body)
    assert told["code"] == "RATE_LIMIT_EXCEEDED"
    assert told["error"] == "rate_limit_exceeded"
    assert dict(answer.headers)[b"retry-after"] == b"2"


@pytest.mark.parametrize("fault", [Busy(), Unavailable(), auth.TooManyAttempts()])
def test_what_will_pass_says_when_to_come_back(fault: Fault) -> None:
    assert b"retry-after" in dict(problem(fault, "/").headers)


def test_what_is_allowed_is_a_header_as_well() -> None:
    assert dict(problem(MethodNotAllowed("GET"), "/").headers)[b"allow"] == b"GET"


class TestFromOtherOrigins:
    """Cross-origin requests of browsers."""

    @pytest.fixture
    def settings(self, nats: kit_settings.Nats) -> GatewaySettings:
        return GatewaySettings(
            nats=nats,
            server=Server(
                host="127.0.0.1",
                port=free_port(),
                rate_limit=RateLimit(enabled=False),
                cors=Cors(allowed_origins="https://one.example, https://two.example"),
            ),
        )

    async def test_a_browser_that_asks_first_is_told_what_it_may_send(self, house: House) -> None:
        reply = await house.client.options(
            "/api/v1/movies",
            headers={"Origin": "https://two.example", "Access-Control-Request-Method": "PUT"},
        )

        assert reply.status_code == 204
        assert reply.headers["access-control-allow-origin"] == "https://two.example"
        assert "PUT" in reply.headers["access-control-allow-methods"]
        assert "Authorization" in reply.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in reply.headers

    async def test_a_script_of_an_allowed_origin_may_read_the_answer(self, house: House) -> None:
        house.services.answer(movies.get_movie, a_movie())
        headers = {**house.admin(), "Origin": "https://one.example"}
        path = f"/api/v1/movies/{uuid4()}"

        first = await house.client.get(path, headers=headers)
        kept = await house.client.get(path, headers=headers)
        refused = await house.client.get("/nothing", headers=headers)

        for reply in (first, kept, refused):
            assert reply.headers["access-control-allow-origin"] == "https://one.example"

    async def test_a_script_of_another_origin_may_not(self, house: House) -> None:
        reply = await house.client.get("/", headers={"Origin": "https://evil.example"})

        assert "access-control-allow-origin" not in reply.headers
