"""What is kept, for whom, and until when."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import LibraryId, MovieId, Nothing, SeriesId, library, movies, tvshows
from revenge.gateway import replies
from revenge.gateway.replies import matches
from revenge.gateway.testing import House, a_movie, libraries
from revenge.kit.testing import eventually

RECENT = "/api/v1/movies/recently-added"


def changed(movie: movies.Movie) -> movies.MovieEvent:
    return movies.MovieEvent(movie.id, movie.title, (LibraryId(uuid4()),))


async def test_a_second_reader_is_answered_without_asking_again(house: House) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)
    path = f"/api/v1/movies/{movie.id}"

    first = await house.client.get(path, headers=house.admin())
    second = await house.client.get(path, headers=house.admin())

    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert len(house.services.asked_for(movies.get_movie)) == 1


async def test_those_who_see_the_same_libraries_share_a_reply(house: House) -> None:
    house.services.answer(library.list_libraries, libraries(uuid4()))
    house.services.answer(movies.list_movies, movies.MovieList((), 0, 1, 20))

    for _ in range(3):
        await house.client.get("/api/v1/movies", headers=house.bearer("movies:list"))
        await house.client.get("/api/v1/movies", headers=house.bearer("movies:list"))

    assert len(house.services.asked_for(movies.list_movies)) == 1


async def test_a_reply_may_be_reused_for_a_minute_by_its_reader_alone(house: House) -> None:
    house.services.answer(movies.get_movie, a_movie())

    reply = await house.client.get(f"/api/v1/movies/{uuid4()}", headers=house.admin())

    assert reply.headers["cache-control"] == "private, max-age=60"
    assert "Authorization" in reply.headers["vary"]


async def test_the_state_of_a_user_is_never_kept(house: House) -> None:
    house.services.answer(movies.get_stats, movies.MovieStats(1, 2, 3))

    replies = [
        await house.client.get("/api/v1/movies/stats", headers=house.admin()) for _ in range(2)
    ]

    assert {reply.headers["cache-control"] for reply in replies} == {"private, no-store"}
    assert len(house.services.asked_for(movies.get_stats)) == 2


async def test_what_changes_something_is_never_kept(house: House) -> None:
    house.services.answer(movies.mark_watched, Nothing())

    reply = await house.client.post(f"/api/v1/movies/{uuid4()}/watched", headers=house.admin())

    assert reply.headers["cache-control"] == "no-store"


async def test_an_event_drops_what_depends_on_it_at_once(house: House) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)
    path, headers = f"/api/v1/movies/{movie.id}", house.admin()
    await house.client.get(path, headers=headers)
    house.services.answer(movies.get_movie, msgspec.structs.replace(movie, title="Restored"))

    await house.emit(movies.movie_updated, changed(movie))

    async def is_new() -> bool:
        return bool((await house.client.get(path, headers=headers)).json()["title"] == "Restored")

    assert await eventually(is_new, within=20)


@pytest.fixture
def a_long_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, events come one soon after the other."""
    monkeypatch.setattr(replies, "QUIET", 3600.0)
    monkeypatch.setattr(replies, "MOMENT", 3600.0)


async def change_twice(house: House, movie: movies.Movie) -> None:
    """Return when both changes are known: seen by what depends on the same events."""
    house.services.answer(movies.list_recent, movies.MovieList((), 0, 1, 20))
    for _ in range(2):
        await house.client.get(RECENT, headers=house.admin())
        before = len(house.services.asked_for(movies.list_recent))
        await house.emit(movies.movie_updated, changed(movie))

        async def is_asked_again(before: int = before) -> bool:
            await house.client.get(RECENT, headers=house.admin())
            return len(house.services.asked_for(movies.list_recent)) > before

        await eventually(is_asked_again)


@pytest.mark.usefixtures("a_long_moment")
async def test_while_much_changes_nobody_waits_for_the_new_reply(house: House) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)
    path, headers = f"/api/v1/movies/{movie.id}", house.admin()
    await change_twice(house, movie)
    await house.client.get(path, headers=headers)
    told = asyncio.Event()
    restored = msgspec.structs.replace(movie, title="Restored")
    house.services.answer(movies.get_movie, lambda _: _later(told, restored))
    await change_twice(house, movie)

    meanwhile = await house.client.get(path, headers=headers)
    told.set()

    async def is_new() -> bool:
        return bool((await house.client.get(path, headers=headers)).json()["title"] == "Restored")

    assert meanwhile.json()["title"] == movie.title
    assert await eventually(is_new)
    assert len(house.services.asked_for(movies.get_movie)) == 2


@pytest.mark.usefixtures("a_long_moment")
async def test_what_was_deleted_is_not_shown_a_moment_longer(house: House) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)
    path, headers = f"/api/v1/movies/{movie.id}", house.admin()
    await change_twice(house, movie)
    await house.client.get(path, headers=headers)
    house.services.answer(movies.get_movie, movies.MovieNotFound())

    await house.emit(movies.movie_deleted, changed(movie))

    async def is_gone() -> bool:
        return (await house.client.get(path, headers=headers)).status_code == 404

    assert await eventually(is_gone)


async def test_an_event_of_another_domain_drops_nothing(house: House) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)
    house.services.answer(tvshows.list_recent_episodes, [])
    path, headers = f"/api/v1/movies/{movie.id}", house.admin()
    await house.client.get(path, headers=headers)
    await house.client.get("/api/v1/tvshows/episodes/recent", headers=headers)

    series = tvshows.SeriesEvent(SeriesId(uuid4()), "Show", ())
    await house.emit(tvshows.series_updated, series)

    async def shows_are_asked_again() -> bool:
        await house.client.get("/api/v1/tvshows/episodes/recent", headers=headers)
        return len(house.services.asked_for(tvshows.list_recent_episodes)) == 2

    assert await eventually(shows_are_asked_again)
    await house.client.get(path, headers=headers)
    assert len(house.services.asked_for(movies.get_movie)) == 1


async def test_a_reply_that_is_overtaken_by_an_event_is_not_kept(house: House) -> None:
    movie = a_movie()
    asked = asyncio.Event()
    told = asyncio.Event()

    async def slowly() -> None:
        await asked.wait()
        await recent()
        await house.emit(movies.movie_updated, changed(movie))
        await eventually(recent_are_asked_for_again)
        told.set()

    async def recent() -> None:
        await house.client.get("/api/v1/movies/recently-added", headers=headers)

    async def recent_are_asked_for_again() -> bool:
        await recent()
        return len(house.services.asked_for(movies.list_recent)) > 1

    def answer(_: Any) -> Any:
        asked.set()
        return _later(told, movie)

    house.services.answer(movies.get_movie, answer)
    house.services.answer(movies.list_recent, movies.MovieList((), 0, 1, 20))
    path, headers = f"/api/v1/movies/{movie.id}", house.admin()
    telling = asyncio.create_task(slowly())
    await house.client.get(path, headers=headers)
    await telling
    house.services.answer(movies.get_movie, msgspec.structs.replace(movie, title="Restored"))

    reply = await house.client.get(path, headers=headers)

    assert reply.json()["title"] == "Restored"


async def _later(told: asyncio.Event, movie: movies.Movie) -> movies.Movie:
    await told.wait()
    return movie


async def test_a_fault_is_not_kept(house: House) -> None:
    house.services.answer(movies.get_movie, movies.MovieNotFound())
    path, headers = f"/api/v1/movies/{uuid4()}", house.admin()
    assert (await house.client.get(path, headers=headers)).status_code == 404
    house.services.answer(movies.get_movie, a_movie())

    assert (await house.client.get(path, headers=headers)).status_code == 200


async def test_another_query_is_another_reply(house: House) -> None:
    house.services.answer(
        movies.list_movies, lambda asked: movies.MovieList((), asked.offset, 1, 20)
    )

    totals = [
        (await house.client.get(f"/api/v1/movies?offset={n}", headers=house.admin())).json()
        for n in (1, 2, 1)
    ]

    assert [found["total"] for found in totals] == [1, 2, 1]


async def test_who_has_the_reply_already_is_told_so_whether_it_is_kept_or_new(
    house: House,
) -> None:
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)
    path, headers = f"/api/v1/movies/{movie.id}", house.admin()
    etag = (await house.client.get(path, headers=headers)).headers["etag"]

    kept = await house.client.get(path, headers={**headers, "If-None-Match": etag})
    fresh = await house.client.get(
        f"{path}?other=1", headers={**headers, "If-None-Match": f'"x", W/{etag}'}
    )

    assert [kept.status_code, fresh.status_code] == [304, 304]
    assert kept.content == fresh.content == b""
    assert kept.headers["etag"] == fresh.headers["etag"] == etag


async def test_a_reply_that_is_too_large_is_passed_on_and_not_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "LARGE", 10)
    movie = a_movie()
    house.services.answer(movies.get_movie, movie)

    for _ in range(2):
        reply = await house.client.get(f"/api/v1/movies/{movie.id}", headers=house.admin())

    assert reply.json()["id"] == str(MovieId(movie.id))
    assert len(house.services.asked_for(movies.get_movie)) == 2


@pytest.mark.parametrize(
    ("given", "same"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"b"', False),
        (b"a", False),
        (b"", False),
    ],
)
def test_a_tag_matches_strong_or_weak_alone_or_in_a_list(given: bytes, same: bool) -> None:
    assert matches(given, b'"a"') is same
