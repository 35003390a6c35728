"""Whatever clients send, they are told what to do, and no service is hurt by it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.e2e.conftest import make_media
from tests.e2e.strategies import ODD_TEXT, Operation, Requests
from tests.e2e.suite import Suite, eventually

from revenge.contracts.services import SERVICES
from revenge.embedded.testing._videos import Videos

pytestmark = [pytest.mark.xdist_group("fuzz"), pytest.mark.timeout(600)]

DESCRIPTION = json.loads((Path(__file__).parents[2] / "proto" / "openapi.json").read_text())
BYTES = ("/api/v1/events", "/api/v1/images/", "/api/v1/playback/stream/")  # no JSON comes of them
LOGOUT = "/api/v1/auth/logout"  # comes last: whoever has left is told so, whatever they ask
OPERATIONS = sorted(
    (each for each in Requests(DESCRIPTION).operations() if not each.path.startswith(BYTES)),
    key=lambda operation: operation.path == LOGOUT,
)
PROBLEM = "application/problem+json"
NOT_DONE = 501  # by what playback was asked for, and documented

thoroughly = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,  # the same requests at every run
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, videos: Videos) -> Generator[Suite]:
    """A suite of its own: what fits is done."""
    root = tmp_path_factory.mktemp("fuzz")
    make_media(root / "media", videos)
    suite = Suite(root, root / "media", {"REVENGE_LOGGING_FORMAT": "json"})
    suite.start()
    try:
        yield suite
    finally:
        suite.stop()


@pytest.fixture(scope="module")
def client(target: Suite) -> Generator[httpx2.Client]:
    with target.client(target.sign_in()) as signed_in:
        eventually(lambda: len(list(known_ids(signed_in))) >= 6, within=120)
        yield signed_in


@pytest.fixture(scope="module")
def requests(client: httpx2.Client) -> Requests:
    return Requests(DESCRIPTION, list(known_ids(client)))


def known_ids(client: httpx2.Client) -> Iterator[str]:
    """Of libraries, films, a show, its seasons and episodes, and whoever asks."""
    for path, name in (("libraries", "libraries"), ("movies", "items"), ("tvshows", "items")):
        found = client.get(f"/api/v1/{path}").json()  # a problem, while all still start
        yield from (one["id"] for one in found.get(name, ()))
    for show in client.get("/api/v1/tvshows").json().get("items", ()):
        for part in ("seasons", "episodes"):
            found = client.get(f"/api/v1/tvshows/{show['id']}/{part}").json()
            yield from (one["id"] for one in found)
    yield client.get("/api/v1/users/me").json()["id"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.method} {o.path}")
def test_whatever_is_asked_the_answer_is_as_described(
    client: httpx2.Client, requests: Requests, operation: Operation
) -> None:
    @thoroughly
    @given(
        path=requests.path(operation),
        query=requests.query(operation),
        content=requests.content(operation),
    )
    def ask(path: dict[str, str], query: dict[str, str], content: Any) -> None:
        assume(all(id.strip("./") for id in path.values()))  # else it is another path
        address = operation.path.format(**{name: quote(id, safe="") for name, id in path.items()})
        answer = client.request(operation.method, address, params=query, **as_body(content))

        assert complaint(operation, answer) == ""

    ask()


@thoroughly
@given(method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS"]), path=ODD_TEXT)
def test_whatever_path_is_asked_for_is_told_to_be_none(
    client: httpx2.Client, method: str, path: str
) -> None:
    answer = client.request(method, f"/api/v1/{quote(path, safe='')}")

    assert answer.status_code in range(400, 500)
    assert complaint_of_problem(answer) == ""


def test_nobody_was_hurt(target: Suite) -> None:
    with target.client(target.sign_in()) as again:
        assert again.get("/api/v1/movies").json()["total"] == 2
    assert [n for n, part in target.components().items() if part["restarts"]] == []
    assert [line for service in SERVICES for line in errors(target, service.name)] == []


def errors(suite: Suite, service: str) -> list[str]:
    """A webhook that nobody answers is none of them, even when it is given up."""
    lines = (suite.data / "logs" / f"{service}.log").read_text("utf-8", "replace").splitlines()
    found = [line for line in lines if '"level":"error"' in line or line.startswith("Traceback")]
    return [line for line in found if "deliver_webhook is dead" not in line]


def as_body(content: Any) -> dict[str, Any]:
    if content is None:
        return {}
    # `json.dumps` writes NaN and Infinity, which are no JSON, as some clients do
    return {
        "content": json.dumps(content).encode("utf-8", "surrogatepass"),
        "headers": {"content-type": "application/json"},
    }


def complaint(operation: Operation, answer: httpx2.Response) -> str:
    """What a client could not live with; empty if there is nothing."""
    if answer.status_code >= 400:
        return complaint_of_problem(answer)
    if answer.status_code != operation.success:
        return f"{answer.status_code} is not described"
    if operation.reply is None:
        return "" if not answer.content else f"a body that is not described: {answer.text}"
    schema = {**operation.reply, "components": DESCRIPTION["components"]}
    errors = Draft202012Validator(schema).iter_errors(answer.json())
    return "; ".join(error.message for error in errors)


def complaint_of_problem(answer: httpx2.Response) -> str:
    """RFC 9457, and what clients of the original API read."""
    if answer.status_code >= 500 and answer.status_code != NOT_DONE:
        return f"{answer.status_code}: {answer.text}"
    if answer.headers.get("content-type") != PROBLEM:
        return f"no problem+json: {answer.headers.get('content-type')}"
    told = answer.json()
    if not told["status"] == told["code"] == answer.status_code:
        return f"another status inside: {told}"
    return "" if told["message"] and told["detail"] and told["title"] else f"nothing said: {told}"
