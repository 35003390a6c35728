"""What is wrong is refused clearly, where it can be seen, and the rest goes on."""

import os
import shutil
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.e2e import tokens
from tests.e2e.suite import ADMIN, Shelf, Suite, eventually

from revenge.embedded.testing._videos import Videos

pytestmark = pytest.mark.xdist_group("suite")

LOGIN = "/api/v1/auth/login"
JSON = {"content-type": "application/json"}
UNKNOWN = "01900000-0000-7000-8000-000000000000"
PROBLEM = "application/problem+json"


def is_problem(answer: httpx2.Response, status: int) -> bool:
    """As RFC 9457 says, with what clients of the original API read beside it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    told = answer.json()
    assert told["message"]
    return told["status"] == told["code"] == status


# --- requests ---


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"username": "ada"',
        b'{"username": "ada", "password": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"username": 1e999, "password": "x"}',
        b"\x00",
    ],
)
def test_what_is_not_json_is_refused(suite: Suite, body: bytes) -> None:
    with suite.client() as client:
        assert is_problem(client.post(LOGIN, content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": 1, "type": "movie", "paths": ["/x"]}, "name"),
        ({"name": "x", "type": "weather", "paths": ["/x"]}, "type"),
        ({"name": "x", "type": "movie", "paths": "/x"}, "paths"),
        ({"name": "x", "type": "movie", "paths": []}, "paths"),
        ({"name": "x", "type": "movie", "paths": ["/x"], "enabled": "yes"}, "enabled"),
        ({"name": "x", "type": "movie"}, "paths"),
        ({}, "name"),
    ],
)
def test_a_wrong_type_is_refused_and_its_field_named(
    admin: httpx2.Client, body: dict[str, Any], named: str
) -> None:
    answer = admin.post("/api/v1/libraries", json=body)

    assert is_problem(answer, 400)
    assert named in answer.json()["message"]


@pytest.mark.parametrize("query", ["limit=-1", "limit=many", "limit=99999999999999999999", "a=%ff"])
def test_a_query_that_makes_no_sense_is_refused(admin: httpx2.Client, query: str) -> None:
    assert is_problem(admin.get(f"/api/v1/movies?{query}"), 400)


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 20 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused(admin: httpx2.Client, size: int) -> None:
    with one_of_them_gives_up():
        answer = admin.post("/api/v1/libraries", content=b" " * size, headers=JSON)
        assert is_problem(answer, 413)


def test_a_body_of_unknown_length_is_bounded_too(admin: httpx2.Client) -> None:
    pieces = (b" " * 65_536 for _ in range(32))

    with one_of_them_gives_up():
        assert is_problem(admin.post("/api/v1/libraries", content=pieces, headers=JSON), 413)


@contextmanager
def one_of_them_gives_up() -> Generator[None]:
    """The server may close the connection before the client has sent everything."""
    with suppress(httpx2.WriteError):
        yield


def test_a_body_that_is_no_json_by_its_type_is_refused(admin: httpx2.Client) -> None:
    answer = admin.post("/api/v1/libraries", content=b"<a/>", headers={"content-type": "text/xml"})

    assert is_problem(answer, 415)


@pytest.mark.parametrize("id", [UNKNOWN, "0", "not-an-id", "%00", "..%2f..", "a" * 3000])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/movies/{}",
        "/api/v1/movies/{}/files",
        "/api/v1/tvshows/{}",
        "/api/v1/tv/episodes/{}",
        "/api/v1/libraries/{}",
        "/api/v1/playback/sessions/{}",
        "/api/v1/admin/jobs/{}",
    ],
)
def test_an_id_that_nothing_has_is_not_found(admin: httpx2.Client, path: str, id: str) -> None:
    answer = admin.get(path.format(id))

    assert answer.status_code in (400, 404), answer.text
    assert is_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/weather", 404), ("PATCH", "/api/v1/movies", 405), ("GET", "/x", 404)],
)
def test_what_is_not_there_is_told_as_a_problem(
    admin: httpx2.Client, method: str, path: str, status: int
) -> None:
    assert is_problem(admin.request(method, path), status)


# --- tokens ---


def forged(token: str) -> list[str]:
    header, payload, signature = token.split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    return [
        f"{header}.{payload}.{signature[:-4]}AAAA",
        f"{header}.{payload}.",
        f"{none}.{payload}.",
        f"{none}.{payload}.{signature}",
        f"{header}.e30.{signature}",
        f"{header}.{payload}",
        "..",
        "a" * 10_000,
    ]


def test_a_token_that_was_tampered_with_opens_nothing(suite: Suite) -> None:
    for token in forged(suite.sign_in()):
        with suite.client(token) as client:
            assert is_problem(client.get("/api/v1/users/me"), 401)
            assert is_problem(client.get("/api/v1/events"), 401)


def test_a_token_opens_nothing_once_it_has_expired(suite: Suite) -> None:
    token = suite.sign_in()
    an_hour_ago = tokens.aged(suite, token, 3600 + 120)
    just_now = tokens.aged(suite, token, 60)

    with suite.client(an_hour_ago) as client:
        assert is_problem(client.get("/api/v1/users/me"), 401)
        assert is_problem(client.get("/api/v1/events"), 401)
        assert is_problem(client.post("/api/v1/libraries", json={}), 401)
    with suite.client(just_now) as client:
        assert client.get("/api/v1/users/me").status_code == 200


@pytest.mark.parametrize("header", ["Basic YWRhOmFkYQ==", "Bearer", "\xff", "bearer x y"])
def test_an_authorization_of_another_kind_opens_nothing(suite: Suite, header: str) -> None:
    with suite.client() as client:
        answer = client.get("/api/v1/users/me", headers={"authorization": header.encode("latin-1")})

    assert is_problem(answer, 401)


# --- streams and images ---


@pytest.fixture
def stream(admin: httpx2.Client) -> Generator[tuple[str, int]]:
    """The address of a film's file as it is, and its size."""
    films = admin.get("/api/v1/movies", params={"order_by": "title"}).json()["items"]
    profile = {"containers": ["mkv", "mp4"], "video_codecs": ["h264"], "audio_codecs": ["aac"]}
    wanted = {"media_type": "movie", "media_id": films[0]["id"], "client_profile": profile}
    session = admin.post("/api/v1/playback/sessions", json=wanted).json()
    size = int(admin.head(session["direct_play_url"]).headers["content-length"])
    yield session["direct_play_url"], size
    admin.delete(f"/api/v1/playback/sessions/{session['session_id']}")


@pytest.mark.parametrize(
    "odd",
    [
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "lines=0-5",
        "bytes=0-1,",
        "bytes=99999999999999999999-",
        "0-5",
        "=",
        "é",
    ],
)
def test_a_range_that_is_none_is_ignored_or_refused(
    admin: httpx2.Client, stream: tuple[str, int], odd: str
) -> None:
    address, size = stream
    answer = admin.get(address, headers={"range": odd.encode("latin-1")})

    assert answer.status_code in (200, 206, 416)
    if answer.status_code == 200:
        assert len(answer.content) == size
    if answer.status_code == 416:
        assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("odd", ["bytes={size}-", "bytes=-0"])
def test_a_range_that_cannot_be_satisfied_is_told_the_size(
    admin: httpx2.Client, stream: tuple[str, int], odd: str
) -> None:
    address, size = stream
    answer = admin.get(address, headers={"range": odd.format(size=size)})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("asked", ["bytes=0-{size}", "bytes=-999999999999", "bytes=0-"])
def test_a_range_that_reaches_too_far_ends_with_the_file(
    admin: httpx2.Client, stream: tuple[str, int], asked: str
) -> None:
    address, size = stream
    answer = admin.get(address, headers={"range": asked.format(size=size)})

    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes 0-{size - 1}/{size}"
    assert len(answer.content) == size


def test_many_ranges_at_once_do_not_multiply_the_file(
    admin: httpx2.Client, stream: tuple[str, int]
) -> None:
    address, size = stream
    asked = "bytes=" + ",".join("0-" for _ in range(500))

    answer = admin.get(address, headers={"range": asked})

    assert answer.status_code in (200, 206, 416)
    assert len(answer.content) <= size + 1000


def test_a_signature_opens_only_what_it_was_made_for(suite: Suite, stream: tuple[str, int]) -> None:
    address, _ = stream
    with suite.client() as anyone:
        changed = anyone.get(address[:-10] + address[-10:].swapcase())

    assert changed.status_code in (401, 403, 404)
    assert is_problem(changed, changed.status_code)


def ask_raw(suite: Suite, path: bytes) -> bytes:
    """A path as no client library would send it."""
    with socket.create_connection(("127.0.0.1", suite.port), timeout=10) as line:
        line.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer


@pytest.mark.parametrize(
    "prefix", [b"/api/v1/images/poster/w342", b"/api/v1/playback/stream", b"/api/docs"]
)
@pytest.mark.parametrize(
    "way_out",
    [
        b"/../../../../../../etc/passwd",
        b"/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        b"/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        b"/%252e%252e%252f%252e%252e%252fetc%252fpasswd",
        b"/..%5c..%5cetc%5cpasswd",
        b"//etc/passwd",
        b"/%2fetc%2fpasswd",
        b"/a%00.jpg",
        b"/%c0%ae%c0%ae/etc/passwd",
    ],
)
def test_no_path_leads_out_of_where_it_belongs(suite: Suite, prefix: bytes, way_out: bytes) -> None:
    answer = ask_raw(suite, prefix + way_out)

    status = int(answer.split(b" ", 2)[1])
    assert status in (400, 401, 403, 404), answer
    assert PROBLEM.encode() in answer
    assert b"root:" not in answer


# --- media ---


def film(shelf: Shelf, title: str) -> Path:
    path = shelf.root / f"{title} (2001)" / f"{title} (2001).mkv"
    path.parent.mkdir()
    return path


def titles_in(shelf: Shelf) -> list[str]:
    found = shelf.client.get("/api/v1/movies", params={"library_id": shelf.id}).json()["items"]
    return sorted(item["title"] for item in found)


def failures(shelf: Shelf) -> dict[str, str]:
    """The reasons, by the file's name."""
    found = shelf.client.get(f"{shelf.path}/failures").json()["files"]
    return {Path(file["path"]).name: file["reason"] for file in found}


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(shelf: Shelf, videos: Videos) -> None:
    good = videos.make(film(shelf, "Good"))
    film(shelf, "Empty").write_bytes(b"")
    film(shelf, "Noise").write_bytes(os.urandom(100_000))
    film(shelf, "Text").write_text("this is no film\n" * 1000)
    film(shelf, "Cut").write_bytes(good.read_bytes()[:200])
    shelf.settle()

    scan = shelf.scan()
    eventually(lambda: titles_in(shelf) == ["Good"])

    reasons = failures(shelf)
    assert scan["status"] == "completed"
    assert set(reasons) == {f"{name} (2001).mkv" for name in ("Empty", "Noise", "Text", "Cut")}
    assert all(reasons.values())


def test_a_file_that_is_mended_is_a_failure_no_more(shelf: Shelf, videos: Videos) -> None:
    path = film(shelf, "Mended")
    path.write_bytes(b"")
    shelf.settle()
    shelf.scan()
    before = failures(shelf)

    videos.make(path)
    shelf.settle()
    shelf.scan()
    eventually(lambda: titles_in(shelf) == ["Mended"])

    assert set(before) == {path.name}
    assert failures(shelf) == {}


@pytest.fixture
def watched(shelf: Shelf) -> Shelf:
    """A library whose folder is watched; nobody has to ask for scans."""
    shelf.client.put(shelf.path, json={"realtime_monitoring": True}).raise_for_status()
    eventually(lambda: shelf.described()["watch"] == "events")
    return shelf


def test_a_broken_file_that_appears_keeps_no_other_from_being_found(
    watched: Shelf, videos: Videos
) -> None:
    film(watched, "Empty").write_bytes(b"")
    film(watched, "Noise").write_bytes(os.urandom(100_000))
    videos.make(film(watched, "Good"))

    eventually(lambda: titles_in(watched) == ["Good"])
    eventually(lambda: set(failures(watched)) == {"Empty (2001).mkv", "Noise (2001).mkv"})


def test_a_watched_root_may_go_and_come_back(watched: Shelf, videos: Videos) -> None:
    videos.make(film(watched, "Kept"))
    eventually(lambda: titles_in(watched) == ["Kept"])
    elsewhere = watched.root.with_name("unplugged")

    watched.root.rename(elsewhere)
    (elsewhere / "Kept (2001)" / "notes.txt").write_text("the folder itself still tells")
    problem = eventually(lambda: watched.described()["problem"], within=120)
    kept = titles_in(watched)
    elsewhere.rename(watched.root)
    videos.make(film(watched, "Later"))
    eventually(lambda: titles_in(watched) == ["Kept", "Later"], within=120)

    assert str(watched.root) in problem
    assert kept == ["Kept"]
    assert watched.described()["problem"] is None


def test_a_folder_that_may_not_be_read_keeps_nothing_from_being_found(
    shelf: Shelf, videos: Videos
) -> None:
    videos.make(film(shelf, "Good"))
    closed = videos.make(film(shelf, "Closed")).parent
    shelf.settle()
    closed.chmod(0)

    scan = shelf.scan()
    eventually(lambda: titles_in(shelf) == ["Good"])
    closed.chmod(0o755)

    assert scan["error_count"] == 1


def test_a_root_that_disappears_takes_nothing_with_it(shelf: Shelf, videos: Videos) -> None:
    videos.make(film(shelf, "Kept"))
    shelf.settle()
    shelf.scan()
    eventually(lambda: titles_in(shelf) == ["Kept"])
    elsewhere = shelf.root.with_name("unplugged")

    shelf.root.rename(elsewhere)
    without = shelf.scan()
    problem, kept = shelf.described()["problem"], titles_in(shelf)
    elsewhere.rename(shelf.root)
    back = shelf.scan()

    assert without["status"] == "failed"
    assert str(shelf.root) in without["error_message"]
    assert str(shelf.root) in problem
    assert kept == ["Kept"]
    assert (back["status"], back["items_added"], back["items_removed"]) == ("completed", 0, 0)
    assert shelf.described()["problem"] is None
    assert titles_in(shelf) == ["Kept"]


def test_a_root_that_is_empty_all_at_once_is_a_disk_that_is_not_mounted(
    shelf: Shelf, videos: Videos
) -> None:
    videos.make(film(shelf, "Kept"))
    shelf.settle()
    shelf.scan()
    eventually(lambda: titles_in(shelf) == ["Kept"])

    shutil.rmtree(shelf.root / "Kept (2001)")
    scan = shelf.scan()

    assert scan["status"] == "failed"
    assert "mounted" in scan["error_message"]
    assert titles_in(shelf) == ["Kept"]


# --- libraries, ports ---


@pytest.mark.parametrize("inside", [".", "a", "..", "a/../.", "./a/"])
def test_libraries_do_not_lie_in_each_other(
    admin: httpx2.Client, shelf: Shelf, inside: str
) -> None:
    (shelf.root / "a").mkdir()
    wanted = {"name": "inside", "type": "movie", "paths": [f"{shelf.root}/{inside}"]}

    answer = admin.post("/api/v1/libraries", json=wanted)

    assert is_problem(answer, 409)
    assert shelf.name in answer.json()["message"]


@pytest.mark.parametrize("path", ["relative/path", "/there/is/nothing/here", "/etc/passwd", ""])
def test_a_path_that_is_no_folder_is_no_library(admin: httpx2.Client, path: str) -> None:
    wanted = {"name": "nowhere", "type": "movie", "paths": [path]}

    assert is_problem(admin.post("/api/v1/libraries", json=wanted), 400)


def test_a_port_that_is_taken_is_named_with_who_has_it(suite: Suite, tmp_path: Path) -> None:
    other = Suite(tmp_path, tmp_path, port=suite.port)

    started = other.run("up")

    assert started.returncode == 1
    assert f"port {suite.port} is taken" in started.stderr
    assert len(started.stderr.splitlines()) == 1


def test_afterwards_all_is_well(suite: Suite) -> None:
    unhealthy = [name for name, found in suite.components().items() if not found["healthy"]]

    assert unhealthy == []
    assert suite.sign_in(**ADMIN)
