"""From an HTTP request to the service that answers it, and back."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from revenge.contracts import (
    Fault,
    LibraryId,
    Nothing,
    PlaybackId,
    ScanId,
    auth,
    jobs,
    library,
    movies,
    playback,
    tvshows,
)
from revenge.gateway import reading
from revenge.gateway.testing import House, a_library, a_movie


async def test_a_request_reaches_its_service_and_the_reply_comes_back_as_it_was_written(
    house: House,
) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)

    reply = await house.client.get(f"/api/v1/movies/{movie.id}", headers=house.admin())

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["title"] == "Metropolis"
    (asked,) = house.services.asked_for(movies.get_movie)
    assert asked.message == movies.GetMovie(movie.id)
    assert asked.by is not None
    assert asked.by.username == "ada"


async def test_a_query_fills_the_request_and_what_it_does_not_know_is_ignored(
    house: House,
) -> None:
    house.services.answer(movies.list_movies, movies.MovieList((), 0, 1, 20))
    query = "limit=5&offset=10&order_by=title&genre=sci-fi&colour=red"

    reply = await house.client.get(f"/api/v1/movies?{query}", headers=house.admin())

    assert reply.status_code == 200
    (asked,) = house.services.asked_for(movies.list_movies)
    assert asked.message == movies.ListMovies(
        movies.MovieOrder.TITLE, genre="sci-fi", limit=5, offset=10
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("order_by=colour", "order_by"),
        ("library_id=42", "library_id"),
        ("limit=1&limit=2", "limit"),
        ("genre=%FF", "query"),
        ("genre=a%00b", "NUL"),
        ("&".join(f"x{n}=1" for n in range(101)), "query"),
    ],
)
async def test_a_query_that_does_not_fit_is_400_and_names_the_field(
    house: House, query: str, names: str
) -> None:
    reply = await house.client.get(f"/api/v1/movies?{query}", headers=house.admin())

    assert reply.status_code == 400
    assert names in reply.json()["detail"]
    assert house.services.asked_for(movies.list_movies) == []


async def test_a_field_that_is_missing_is_named(house: House) -> None:
    reply = await house.client.get("/api/v1/search/movies", headers=house.admin())

    assert reply.status_code == 400
    assert "`q`" in reply.json()["detail"]


@pytest.mark.parametrize("path", ["movies", "tvshows", "tv/episodes", "libraries", "apikeys"])
@pytest.mark.parametrize("id", ["42", "none", "0000", "%2e%2e", "a b"])
async def test_what_is_no_id_is_no_thing_either(house: House, path: str, id: str) -> None:
    reply = await house.client.get(f"/api/v1/{path}/{id}", headers=house.admin())

    assert reply.status_code == 404


async def test_a_path_and_a_body_together_make_the_request(house: House) -> None:
    found = a_library()
    house.services.answer(library.update_library, found)

    reply = await house.client.put(
        f"/api/v1/libraries/{found.id}", json={"name": "Cinema"}, headers=house.admin()
    )

    assert reply.status_code == 200
    (asked,) = house.services.asked_for(library.update_library)
    assert asked.message == library.UpdateLibrary(found.id, name="Cinema")


async def test_a_body_cannot_name_another_thing_than_its_path(house: House) -> None:
    found = a_library()
    house.services.answer(library.update_library, found)

    await house.client.put(
        f"/api/v1/libraries/{found.id}",
        json={"name": "Cinema", "library_id": str(uuid4())},
        headers=house.admin(),
    )

    (asked,) = house.services.asked_for(library.update_library)
    assert asked.message.library_id == found.id


async def test_where_a_client_is_and_what_it_is_cannot_be_claimed(house: House) -> None:
    house.services.answer(auth.login, auth.WrongCredentials())
    said = {"username": "ada", "password": "x", "ip_address": "1.2.3.4", "user_agent": "TV"}

    await house.client.post("/api/v1/auth/login", json=said, headers={"User-Agent": "Browser/1"})

    (asked,) = house.services.asked_for(auth.login)
    assert asked.message.ip_address == "127.0.0.1"
    assert asked.message.user_agent == "Browser/1"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b'{"username": 1, "password": "x"}', 400),
        (b'{"username": "ada"}', 400),
        (b'{"username": "\xff", "password": "x"}', 400),
        (b'{"username": "\\ud800", "password": "x"}', 400),
        (b'{"username": "a\\u0000b", "password": "x"}', 400),
        (b"[" * 100_000, 400),
        (b'{"username": ' + b"1" * 10_000 + b"}", 400),
        (b'{"username": "' + b"x" * 1_048_576 + b'"}', 413),
    ],
)
async def test_a_body_that_does_not_fit_never_reaches_a_service(
    house: House, body: bytes, status: int
) -> None:
    reply = await house.client.post(
        "/api/v1/auth/login", content=body, headers={"Content-Type": "application/json"}
    )

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert house.services.asked_for(auth.login) == []


async def test_a_body_that_grows_too_large_while_it_comes_is_refused(house: House) -> None:
    async def endless() -> object:
        for _ in range(40):
            yield b"x" * 65_536

    reply = await house.client.post("/api/v1/auth/login", content=endless())

    assert reply.status_code == 413


async def test_a_body_that_never_comes_is_not_waited_for_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BODY_WITHIN", 0.05)

    async def hesitant() -> object:
        yield b"{"
        await asyncio.sleep(10)

    reply = await house.client.post("/api/v1/auth/login", content=hesitant())

    assert reply.status_code == 408
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_a_body_is_json_and_not_compressed(house: House, headers: dict[str, str]) -> None:
    reply = await house.client.post("/api/v1/auth/login", content=b"{}", headers=headers)

    assert reply.status_code == 415


async def test_a_number_in_a_body_is_a_number(house: House) -> None:
    house.services.answer(movies.set_progress, Nothing())
    body = {"progress_seconds": "10", "duration_seconds": 100}

    reply = await house.client.post(
        f"/api/v1/movies/{uuid4()}/progress", json=body, headers=house.admin()
    )

    assert reply.status_code == 400
    assert "progress_seconds" in reply.json()["detail"]


async def test_a_body_may_be_left_out_where_nothing_in_it_is_needed(house: House) -> None:
    scan = library.LibraryScan(
        ScanId(uuid4()),
        LibraryId(uuid4()),
        library.ScanType.INCREMENTAL,
        library.ScanStatus.PENDING,
        a_library().created_at,
    )
    house.services.answer(library.start_scan, scan)

    reply = await house.client.post(
        f"/api/v1/libraries/{scan.library_id}/scan", headers=house.admin()
    )

    assert reply.status_code == 202
    assert reply.json()["status"] == "pending"


async def test_nothing_to_say_is_an_empty_answer(house: House) -> None:
    house.services.answer(movies.mark_watched, Nothing())
    house.services.answer(movies.refresh_movie, Nothing())

    watched = await house.client.post(f"/api/v1/movies/{uuid4()}/watched", headers=house.admin())
    refresh = await house.client.post(f"/api/v1/movies/{uuid4()}/refresh", headers=house.admin())

    assert (watched.status_code, watched.content) == (204, b"")
    assert (refresh.status_code, refresh.content) == (202, b"")


async def test_a_job_is_named_by_text_and_not_by_a_uuid(house: House) -> None:
    house.services.answer(jobs.retry_job, Nothing())

    reply = await house.client.post("/api/v1/admin/jobs/dead-42/retry", headers=house.admin())

    assert reply.status_code == 204
    (asked,) = house.services.asked_for(jobs.retry_job)
    assert asked.message == jobs.GetJob("dead-42")


async def test_a_short_path_asks_the_same(house: House) -> None:
    house.services.answer(tvshows.list_recent_episodes, [])

    reply = await house.client.get("/api/v1/tv/episodes/recent", headers=house.admin())

    assert reply.json() == []


async def test_a_list_in_a_body_reaches_its_service(house: House) -> None:
    house.services.answer(tvshows.mark_many_watched, tvshows.EpisodesMarked(2))
    ids = [str(uuid4()), str(uuid4())]

    reply = await house.client.post(
        "/api/v1/tvshows/episodes/bulk-watched", json={"episode_ids": ids}, headers=house.admin()
    )

    assert reply.json() == {"marked_count": 2}


async def test_head_is_get_without_the_body(house: House) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)

    reply = await house.client.head(f"/api/v1/movies/{movie.id}", headers=house.admin())

    assert reply.status_code == 200
    assert reply.content == b""
    assert int(reply.headers["content-length"]) > 100


async def test_the_trace_of_a_client_goes_on_in_the_services(house: House) -> None:
    house.services.answer(playback.beat, Nothing())
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    reply = await house.client.post(
        f"/api/v1/playback/sessions/{uuid4()}/heartbeat",
        json={},
        headers={**house.admin(), "traceparent": trace},
    )

    (asked,) = house.services.asked_for(playback.beat)
    assert asked.trace == "0af7651916cd43dd8448eb211c80319c"
    assert reply.headers["x-request-id"] == asked.trace


async def test_a_request_without_a_trace_begins_one_and_is_known_by_it(house: House) -> None:
    house.services.answer(playback.beat, Nothing())

    reply = await house.client.post(
        f"/api/v1/playback/sessions/{uuid4()}/heartbeat", json={}, headers=house.admin()
    )

    (asked,) = house.services.asked_for(playback.beat)
    assert reply.headers["x-request-id"] == asked.trace


async def test_a_change_sends_what_is_given_and_nothing_else(house: House) -> None:
    house.services.answer(playback.change_playback, playback.QualityUnknown())
    session = uuid4()
    path = f"/api/v1/playback/sessions/{session}"

    reply = await house.client.patch(
        path, headers=house.admin(), json={"quality": None, "audio_track": 1}
    )

    assert reply.status_code == 400
    (asked,) = house.services.asked_for(playback.change_playback)
    assert asked.message == playback.ChangePlayback(
        PlaybackId(session), quality=None, audio_track=1
    )


async def test_who_decides_is_told_by_its_own_user_agent(house: House) -> None:
    house.services.answer(playback.decide_playback, playback.NotPlayable())
    body = {"media_type": "movie", "media_id": str(uuid4()), "user_agent": "Kodi/21"}

    await house.client.post(
        "/api/v1/playback/decide", headers={**house.admin(), "user-agent": "VLC/3.0"}, json=body
    )

    (asked,) = house.services.asked_for(playback.decide_playback)
    assert asked.message.user_agent == "VLC/3.0"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (playback.TooManySessions("you may have 2 playbacks at once"), 429),
        (playback.TooManyTranscodes("this server has room for 2 transcodes"), 503),
        (playback.BandwidthExhausted("this server has room for 20000 kbit/s"), 503),
    ],
)
async def test_a_limit_that_is_met_says_which_and_when_to_come_back(
    house: House, fault: Fault, status: int
) -> None:
    house.services.answer(playback.start_playback, fault)
    body = {"media_type": "movie", "media_id": str(uuid4())}

    reply = await house.client.post("/api/v1/playback/sessions", headers=house.admin(), json=body)

    assert reply.status_code == status
    assert reply.json()["detail"] == str(fault)
    assert reply.headers["retry-after"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_what_plays_now_is_for_administrators(house: House, method: str) -> None:
    path = "/api/v1/admin/playback/sessions"
    paths = {"GET": path, "DELETE": f"{path}/{uuid4()}", "POST": f"{path}/{uuid4()}/message"}
    person = house.bearer("playback:stream")

    reply = await house.client.request(method, paths[method], headers=person, json={"text": "Hi"})

    assert reply.status_code == 403
