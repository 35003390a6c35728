"""Events, as those hear of them who may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from revenge.contracts import (
    Audience,
    LibraryId,
    MovieId,
    SessionId,
    UserId,
    auth,
    catalog,
    library,
    movies,
)
from revenge.contracts.notices import CATEGORIES
from revenge.contracts.notification import Category
from revenge.gateway.feed import HEARD, UNHEARD
from revenge.gateway.live import stream
from revenge.gateway.live.announcements import ANNOUNCED, announcement
from revenge.gateway.live.hub import LISTENERS, QUEUE, Hub
from revenge.gateway.revocations import Revocations
from revenge.gateway.testing import House, a_library, libraries
from revenge.gateway.visibility import CHANGES
from revenge.kit.following import Followed
from revenge.kit.testing import eventually

PATH = "/api/v1/events"


class Frame(msgspec.Struct):
    id: int
    type: str
    notice: dict[str, Any]


class Ear:
    """One client that listens."""

    def __init__(self, lines: AsyncGenerator[str]) -> None:
        self._lines = lines
        self.comments: list[str] = []

    async def hear(self) -> Frame:
        """The next event. Raises `StopAsyncIteration` when the stream has ended."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(60):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                fields[name] = value
        if "data" not in fields:
            self.comments.append(fields.get("", ""))
            return await self.hear()
        notice = msgspec.json.decode(fields["data"])
        return Frame(int(fields["id"]), fields["event"], notice)


@asynccontextmanager
async def listening(house: House, headers: dict[str, str], query: str = "") -> AsyncGenerator[Ear]:
    async with house.client.stream("GET", f"{PATH}{query}", headers=headers) as reply:
        assert reply.status_code == 200
        lines = reply.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        await anext(lines)
        yield Ear(lines)


def a_movie_event(*seen_in: UUID, title: str = "Metropolis") -> movies.MovieEvent:
    return movies.MovieEvent(MovieId(uuid4()), title, tuple(map(LibraryId, seen_in)))


async def test_an_event_is_told_with_its_id_its_type_and_its_data(house: House) -> None:
    event = a_movie_event(uuid4())
    async with listening(house, house.admin()) as ear:
        await house.emit(movies.movie_added, event)

        heard = await ear.hear()

    assert heard.type == "movie.added"
    assert heard.id > 0
    assert heard.notice["type"] == "movie.added"
    assert heard.notice["timestamp"] == "2026-01-02T03:04:05Z"
    assert heard.notice["data"]["title"] == "Metropolis"
    assert heard.notice["target_id"] == str(event.movie_id)


async def test_only_those_hear_of_a_title_who_see_its_library(house: House) -> None:
    seen, hidden = uuid4(), uuid4()
    house.services.answer(library.list_libraries, libraries(seen))
    async with listening(house, house.bearer("events:read")) as ear:
        await house.emit(movies.movie_added, a_movie_event(hidden, title="Hidden"))
        await house.emit(movies.movie_added, a_movie_event(seen, title="Seen"))

        assert (await ear.hear()).notice["data"]["title"] == "Seen"


async def test_who_is_given_a_library_hears_of_it_from_then_on(house: House) -> None:
    seen, granted, user = uuid4(), uuid4(), UserId(uuid4())
    house.services.answer(library.list_libraries, libraries(seen))
    async with listening(house, house.bearer("events:read", sub=str(user))) as ear:
        await house.emit(movies.movie_added, a_movie_event(granted, title="Before"))
        await house.emit(movies.movie_added, a_movie_event(seen, title="Between"))
        assert (await ear.hear()).notice["data"]["title"] == "Between"
        house.services.answer(library.list_libraries, libraries(seen, granted))
        await house.emit(
            library.permission_changed,
            library.PermissionChanged(LibraryId(granted), user, (library.Permission.VIEW,)),
        )
        await house.emit(movies.movie_added, a_movie_event(granted, title="After"))

        assert (await ear.hear()).notice["data"]["title"] == "After"


async def test_those_who_saw_a_library_hear_that_it_is_gone(house: House) -> None:
    seen = LibraryId(uuid4())
    house.services.answer(library.list_libraries, libraries(seen))
    async with listening(house, house.bearer("events:read")) as ear:
        house.services.answer(library.list_libraries, libraries())
        await house.emit(library.library_deleted, library.LibraryDeleted(seen, "Films", (seen,)))

        assert (await ear.hear()).type == "library.deleted"


async def test_what_concerns_a_user_is_told_to_that_user_alone(house: House) -> None:
    mine, others = UserId(uuid4()), UserId(uuid4())

    def watched(user: UserId) -> catalog.WatchChanged:
        kind = catalog.MediaType.MOVIE
        return catalog.WatchChanged(user, kind, uuid4(), 1, 2, is_completed=False)

    async with listening(house, house.admin(sub=str(mine))) as ear:
        await house.emit(catalog.watch_changed, watched(others))
        await house.emit(catalog.watch_changed, watched(mine))

        assert (await ear.hear()).notice["user_id"] == str(mine)


async def test_what_is_for_administrators_is_not_for_others(house: House) -> None:
    seen = uuid4()
    house.services.answer(library.list_libraries, libraries(seen))
    async with listening(house, house.bearer("events:read")) as ear:
        await house.emit(auth.user_created, auth.UserEvent(UserId(uuid4()), "grace"))
        await house.emit(movies.movie_added, a_movie_event(seen))

        assert (await ear.hear()).type == "movie.added"


async def test_what_is_between_services_is_told_to_nobody(house: House) -> None:
    async with listening(house, house.admin()) as ear:
        await house.emit(
            auth.session_revoked, auth.SessionRevoked(SessionId(uuid4()), UserId(uuid4()))
        )
        await house.emit(auth.user_created, auth.UserEvent(UserId(uuid4()), "grace"))

        assert (await ear.hear()).type == "user.created"


async def test_a_client_chooses_categories(house: House) -> None:
    async with listening(house, house.admin(), "?categories=library,user") as ear:
        await house.emit(movies.movie_added, a_movie_event(uuid4()))
        found = a_library()
        await house.emit(library.library_created, library.LibraryEvent(found, (found.id,)))

        assert (await ear.hear()).type == "library.created"


async def test_a_category_that_does_not_exist_is_refused(house: House) -> None:
    reply = await house.client.get(f"{PATH}?categories=weather", headers=house.admin())

    assert reply.status_code == 400
    assert "content" in reply.json()["detail"]


async def test_a_client_that_comes_back_hears_what_it_missed(house: House) -> None:
    async with listening(house, house.admin()) as ear:
        await house.emit(movies.movie_added, a_movie_event(uuid4(), title="First"))
        last = await ear.hear()
    for title in ("Second", "Third"):
        await house.emit(movies.movie_added, a_movie_event(uuid4(), title=title))

    headers = {**house.admin(), "Last-Event-ID": str(last.id)}
    async with listening(house, headers) as ear:
        missed = [await ear.hear(), await ear.hear()]
        await house.emit(movies.movie_added, a_movie_event(uuid4(), title="Fourth"))
        now = await ear.hear()

    titles = [frame.notice["data"]["title"] for frame in (*missed, now)]
    assert titles == ["Second", "Third", "Fourth"]
    assert last.id < missed[0].id < missed[1].id < now.id


@pytest.mark.parametrize("last", ["0", "99999999", "-1", "x", "9" * 40, "1.5", "1 2"])
async def test_a_last_id_of_any_shape_does_no_harm(house: House, last: str) -> None:
    headers = {**house.admin(), "Last-Event-ID": last}
    async with listening(house, headers) as ear:
        await house.emit(movies.movie_added, a_movie_event(uuid4()))

        assert (await ear.hear()).type == "movie.added"


async def test_a_browser_may_send_its_token_in_the_query(house: House) -> None:
    async with listening(house, {}, f"?token={house.token('*:*', role='admin')}") as ear:
        await house.emit(movies.movie_added, a_movie_event(uuid4()))

        assert (await ear.hear()).type == "movie.added"


async def test_a_token_in_the_query_is_for_events_alone(house: House) -> None:
    reply = await house.client.get(f"/api/v1/movies?token={house.token('*:*', role='admin')}")

    assert reply.status_code == 401


@pytest.mark.parametrize(("permissions", "status"), [(None, 401), (["movies:list"], 403)])
async def test_who_may_not_listen_is_told_so(
    house: House, permissions: list[str] | None, status: int
) -> None:
    headers = {} if permissions is None else house.bearer(*permissions)

    reply = await house.client.get(PATH, headers=headers)

    assert reply.status_code == status


async def test_the_stream_ends_when_the_session_is_revoked(house: House) -> None:
    session = SessionId(uuid4())
    async with listening(house, house.admin(sid=str(session))) as ear:
        await house.emit(auth.session_revoked, auth.SessionRevoked(session, UserId(uuid4())))

        with pytest.raises(StopAsyncIteration):
            await ear.hear()


async def test_the_stream_ends_when_the_token_expires(house: House) -> None:
    async with listening(house, house.admin(exp=int(time.time()) + 2)) as ear:
        began = time.monotonic()

        with pytest.raises(StopAsyncIteration):
            await ear.hear()

    assert time.monotonic() - began < 20


async def test_a_comment_shows_that_the_line_is_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE", 0.1)
    async with listening(house, house.admin()) as ear:
        await asyncio.sleep(0.5)
        await house.emit(movies.movie_added, a_movie_event(uuid4()))

        await ear.hear()

    assert "still here" in ear.comments


async def test_a_client_that_leaves_is_forgotten(house: House) -> None:
    before = LISTENERS._value.get()
    async with listening(house, house.admin()):
        assert LISTENERS._value.get() == before + 1

    async def is_gone() -> bool:
        return bool(LISTENERS._value.get() == before)

    assert await eventually(is_gone)


def test_a_client_that_is_too_far_behind_is_sent_away_and_not_left_with_a_gap() -> None:
    hub = Hub(Revocations())
    with hub.join() as listener:
        for sequence in range(QUEUE + 1):
            hub.hear(followed(sequence))

        assert listener.overflowed
        assert listener.queue.qsize() == QUEUE


def test_a_payload_over_several_lines_is_told_in_one() -> None:
    payload = msgspec.json.format(msgspec.json.encode(a_movie_event(uuid4())), indent=2)

    told = announcement(Followed(1, movies.movie_added.subject, payload))

    assert told is not None
    assert told.frame.count(b"\n") == 4
    assert told.frame.endswith(b"\n\n")


def test_a_payload_that_cannot_be_read_is_not_told() -> None:
    assert announcement(Followed(1, movies.movie_added.subject, b"{")) is None


def test_a_time_that_cannot_be_read_is_now() -> None:
    event = followed(1)

    told = announcement(event)

    assert told is not None
    notice = msgspec.json.decode(told.frame.split(b"data: ")[1])
    moment = datetime.fromisoformat(notice["timestamp"])
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 60


def test_only_what_is_between_services_is_passed_over() -> None:
    assert {event.audience for event in UNHEARD} == {Audience.INTERNAL}
    assert set(HEARD) >= CHANGES | ANNOUNCED.keys()


def test_every_event_that_is_announced_has_a_category() -> None:
    prefixes = {contract.type.partition(".")[0] for contract in ANNOUNCED.values()}

    assert prefixes <= CATEGORIES.keys()
    assert set(CATEGORIES.values()) == set(Category)


def followed(sequence: int) -> Followed:
    payload = msgspec.json.encode(a_movie_event(uuid4()))
    return Followed(sequence, movies.movie_added.subject, payload)
