"""Who may do what, and who sees what."""

import httpx2
import pytest
from tests.e2e.suite import Suite, eventually, make_user

pytestmark = pytest.mark.xdist_group("suite")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/movies"),
        ("GET", "/api/v1/users/me"),
        ("GET", "/api/v1/libraries"),
        ("POST", "/api/v1/playback/sessions"),
        ("GET", "/api/v1/admin/jobs"),
        ("GET", "/api/v1/events"),
    ],
)
def test_without_a_token_nothing_is_told(suite: Suite, method: str, path: str) -> None:
    with suite.client() as nobody, suite.client("forged.token.here") as forger:
        for client in (nobody, forger):
            answer = client.request(method, path)
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == 401


def test_a_user_sees_a_library_when_it_is_granted_and_not_before(
    suite: Suite, admin: httpx2.Client
) -> None:
    user = make_user(admin, "bo-grants")
    libraries = admin.get("/api/v1/libraries").json()["libraries"]
    movies = next(library for library in libraries if library["name"] == "Movies")

    with suite.client(suite.sign_in("bo-grants", "password of bo-grants")) as bo:
        before = bo.get("/api/v1/movies").json()
        found_before = bo.get("/api/v1/search/movies", params={"q": "glass"}).json()
        admin.post(
            f"/api/v1/libraries/{movies['id']}/permissions",
            json={"user_id": user["id"], "permission": "view"},
        ).raise_for_status()

        eventually(lambda: bo.get("/api/v1/movies").json()["total"] == 2)
        shows = bo.get("/api/v1/tvshows").json()
        found = bo.get("/api/v1/search/movies", params={"q": "glass"}).json()

    assert before["total"] == 0
    assert found_before["total_hits"] == 0
    assert shows["items"] == []
    assert found["total_hits"] == 1


def test_a_user_is_no_administrator(suite: Suite, admin: httpx2.Client) -> None:
    make_user(admin, "bo-plain")

    with suite.client(suite.sign_in("bo-plain", "password of bo-plain")) as bo:
        assert bo.get("/api/v1/admin/users").status_code == 403
        assert bo.post("/api/v1/libraries", json={}).status_code == 403
        assert bo.post("/api/v1/search/reindex").status_code == 403
        assert bo.get("/api/v1/admin/jobs").status_code == 403


def test_a_session_that_was_ended_is_ended_at_once(suite: Suite, admin: httpx2.Client) -> None:
    make_user(admin, "bo-leaves")
    with suite.client() as client:
        signed_in = client.post(
            "/api/v1/auth/login",
            json={"username": "bo-leaves", "password": "password of bo-leaves"},
        ).json()
    with suite.client(signed_in["access_token"]) as bo:
        assert bo.get("/api/v1/users/me").status_code == 200

        token = {"refresh_token": signed_in["refresh_token"]}
        assert bo.post("/api/v1/auth/logout", json=token).status_code == 204

        eventually(lambda: bo.get("/api/v1/users/me").status_code == 401, within=20)


def test_a_refresh_token_works_once(suite: Suite, admin: httpx2.Client) -> None:
    make_user(admin, "bo-returns")
    with suite.client() as client:
        signed_in = client.post(
            "/api/v1/auth/login",
            json={"username": "bo-returns", "password": "password of bo-returns"},
        ).json()
        first = client.post(
            "/api/v1/auth/refresh", json={"refresh_token": signed_in["refresh_token"]}
        )

    assert first.status_code == 200
    assert first.json()["refresh_token"] != signed_in["refresh_token"]


def test_an_api_key_opens_what_it_is_for(suite: Suite, admin: httpx2.Client) -> None:
    made = admin.post("/api/v1/apikeys", json={"name": "reader", "scopes": ["read"]}).json()

    with suite.client() as client:
        client.headers["x-api-key"] = made["api_key"]
        assert client.get("/api/v1/movies").status_code == 200
        assert client.post("/api/v1/search/reindex").status_code == 403
        admin.delete(f"/api/v1/apikeys/{made['id']}").raise_for_status()
        eventually(lambda: client.get("/api/v1/movies").status_code == 401, within=20)
