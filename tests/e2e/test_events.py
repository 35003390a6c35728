"""What happens, told at once: over server-sent events, and to webhooks."""

import hashlib
import hmac
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

import httpx2
import pytest
from pytest_httpserver import HTTPServer
from tests.e2e.suite import Shelf, Suite, eventually, make_user
from werkzeug import Request, Response

pytestmark = pytest.mark.xdist_group("suite")

SCANNED = "library.scan_done"
SECRET = "a secret of sixteen or more"


class Frame(NamedTuple):
    """One event, as it stands in the stream."""

    id: int
    type: str
    notice: dict[str, Any]


@contextmanager
def listening(client: httpx2.Client, after: int | None = None, **query: str) -> Generator[Any]:
    """Frames as they come, from the moment that the server has us on its list."""
    headers = {"last-event-id": str(after)} if after is not None else {}
    with client.stream("GET", "/api/v1/events", headers=headers, params=query) as answer:
        assert answer.status_code == 200
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        yield frames(lines)


def frames(lines: Iterator[str]) -> Iterator[Frame]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield Frame(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}


def scans_of(shelf: Shelf, heard: Iterator[Frame]) -> Iterator[Frame]:
    return (f for f in heard if f.type == SCANNED and f.notice["target_id"] == shelf.id)


def end_of(scan: dict[str, Any], heard: Iterator[Frame]) -> Frame:
    """The shelf's first scan may be over before its end is told: that one may be heard as well."""
    return next(f for f in heard if f.type == SCANNED and _scan_of(f) == scan["id"])


def _scan_of(frame: Frame) -> str:
    return str(frame.notice["data"]["scan"]["id"])


def until(heard: Iterator[Frame], last: str) -> list[str]:
    """The types that are heard, up to the one that ends the wait."""
    types: list[str] = []
    for frame in heard:
        types.append(frame.type)
        if frame.type == last:
            break
    return types


def change_own_name(client: httpx2.Client, name: str) -> None:
    """Something that only this person is told of."""
    client.put("/api/v1/users/me", json={"display_name": name}).raise_for_status()


def test_a_scan_is_heard_while_one_listens(admin: httpx2.Client, shelf: Shelf) -> None:
    with listening(admin) as heard:
        done = end_of(shelf.begin_scan(), heard)

    assert done.notice["target_id"] == shelf.id
    assert done.notice["data"]["scan"]["status"] == "completed"
    assert done.notice["type"] == SCANNED


def test_who_comes_back_is_told_what_was_missed(admin: httpx2.Client, shelf: Shelf) -> None:
    with listening(admin) as heard:
        known = end_of(shelf.begin_scan(), heard).id
    shelf.wait()
    missed = [shelf.scan()["id"], shelf.scan()["id"]]

    with listening(admin, after=known) as heard:
        told = list(islice(scans_of(shelf, heard), 2))

    assert [frame.notice["data"]["scan"]["id"] for frame in told] == missed
    assert known < told[0].id < told[1].id


def test_nothing_is_heard_of_a_library_that_one_may_not_see(
    suite: Suite, admin: httpx2.Client, shelf: Shelf
) -> None:
    make_user(admin, "bo-listens")
    with suite.client(suite.sign_in("bo-listens", "password of bo-listens")) as bo:
        with listening(bo) as heard:
            shelf.scan()
            change_own_name(bo, "Bo")
            live = until(heard, "user.updated")
        with listening(bo, after=0) as heard:
            replayed = until(heard, "user.updated")

    assert set(live) == {"user.updated"}
    assert set(replayed) == {"user.updated"}


def test_a_library_is_heard_of_once_it_is_granted(
    suite: Suite, admin: httpx2.Client, shelf: Shelf
) -> None:
    user = make_user(admin, "bo-hears")
    token = suite.sign_in("bo-hears", "password of bo-hears")
    with suite.client(token) as bo, listening(bo) as heard:
        shelf.grant(user["id"])
        eventually(lambda: shelf.is_seen_by(bo))
        shelf.begin_scan()
        done = next(scans_of(shelf, heard))

    assert done.notice["data"]["library_name"] == shelf.name


def test_one_hears_only_the_categories_that_one_asks_for(
    admin: httpx2.Client, shelf: Shelf
) -> None:
    with listening(admin, categories="user") as heard:
        shelf.scan()
        change_own_name(admin, "Ada")
        types = until(heard, "user.updated")

    assert types == ["user.updated"]


def test_an_unknown_category_is_refused_with_those_that_there_are(admin: httpx2.Client) -> None:
    answer = admin.get("/api/v1/events", params={"categories": "weather"})

    assert answer.status_code == 400
    assert "content, library" in answer.json()["message"]


@pytest.fixture
def webhook(admin: httpx2.Client, httpserver: HTTPServer) -> Generator[str]:
    """The path of a webhook that is told of scans."""
    made = admin.post(
        "/api/v1/admin/notifications/webhooks",
        json={
            "name": "listener",
            "url": httpserver.url_for("/hook"),
            "secret": SECRET,
            "event_types": [SCANNED],
        },
    )
    assert made.status_code == 201, made.text
    path = f"/api/v1/admin/notifications/webhooks/{made.json()['id']}"
    yield path
    admin.delete(path).raise_for_status()


def test_a_webhook_is_told_again_after_it_failed_and_can_check_who_tells(
    shelf: Shelf, httpserver: HTTPServer, webhook: str
) -> None:
    told: list[Request] = []

    def fail_at_first(request: Request) -> Response:
        told.append(request)
        scans = [scan_of(earlier) for earlier in told]
        return Response(status=500 if scans.count(scan_of(request)) == 1 else 204)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(fail_at_first)

    scan = shelf.scan()
    ours = eventually(lambda: twice([r for r in told if scan_of(r) == scan["id"]]), within=120)

    assert webhook
    for request in ours:
        signed = request.headers["x-revenge-timestamp"].encode() + b"." + request.get_data()
        expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        assert request.headers["x-revenge-signature"] == f"sha256={expected}"
        assert request.headers["x-revenge-event"] == SCANNED
        assert request.get_json()["target_id"] == shelf.id
    first, second = ours
    assert first.headers["x-revenge-delivery"] == second.headers["x-revenge-delivery"]
    assert first.get_data() == second.get_data()


def scan_of(request: Request) -> str:
    return str(request.get_json()["data"]["scan"]["id"])


def twice(requests: list[Request]) -> list[Request]:
    return requests if len(requests) >= 2 else []


def test_a_secret_is_shown_once(admin: httpx2.Client, webhook: str) -> None:
    listed = admin.get("/api/v1/admin/notifications/webhooks")

    assert SECRET not in admin.get(webhook).text
    assert SECRET not in listed.text
