"""Sessions, as every replica has them at hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from revenge.contracts import FileId, PlaybackId, UserId
from revenge.contracts.catalog import MediaType
from revenge.contracts.media import Media
from revenge.contracts.playback import PlayState
from revenge.kit import Bus
from revenge.kit.testing import eventually
from revenge.playback.deciding.plan import Plan, StreamSession
from revenge.playback.keeping import Sessions
from revenge.playback.sessions import Session

PLAN = Plan(direct=False)


def a_session() -> Session:
    now = datetime.now(UTC)
    return Session(
        stream=StreamSession(PlaybackId(uuid4()), "/film.mkv", Media("matroska", 60.0), PLAN),
        user_id=UserId(uuid4()),
        username="someone",
        media_type=MediaType.MOVIE,
        media_id=UUID(int=7),
        file_id=FileId(UUID(int=7)),
        library_ids=(),
        title="The Film",
        position_seconds=0,
        state=PlayState.PLAYING,
        created_at=now,
        seen_at=now,
    )


@asynccontextmanager
async def following(bus: Bus) -> AsyncGenerator[Sessions]:
    """A replica's."""
    sessions = await Sessions.of(bus)
    task = asyncio.create_task(sessions.follow())
    try:
        yield sessions
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def position(sessions: Sessions, session: Session) -> int | None:
    """As it is known without asking."""
    known = sessions.known(session.id)
    return known.session.position_seconds if known and known.session else None


async def test_a_replica_that_follows_has_all_sessions(bus: Bus) -> None:
    before, session = a_session(), a_session()
    async with following(bus) as one:
        await one.add(before)
        async with following(bus) as two:
            await one.add(session)

            async def are_known() -> bool:
                return two.known(before.id) is not None and two.known(session.id) is not None

            await eventually(are_known)
            assert [known.id for known in await two.all()] == [before.id, session.id]

            await one.remove(before.id)

            async def is_alone() -> bool:
                return [known.id for known in await two.all()] == [session.id]

            await eventually(is_alone)


async def test_what_one_replica_writes_the_others_hear(bus: Bus) -> None:
    session = a_session()
    async with following(bus) as one, following(bus) as two:
        await one.add(session)

        async def is_heard() -> bool:
            return position(two, session) == 0

        await eventually(is_heard)
        await two.change(session.id, position_seconds=9)

        async def comes_back() -> bool:
            return position(one, session) == 9

        await eventually(comes_back)


async def test_a_replica_that_starts_hears_what_there_is(bus: Bus) -> None:
    session = a_session()
    await (await Sessions.of(bus)).add(session)

    async with following(bus) as late:

        async def is_heard() -> bool:
            return position(late, session) == 0

        await eventually(is_heard)


async def test_of_two_that_begin_at_once_every_replica_knows_who_was_first(bus: Bus) -> None:
    mine, yours = a_session(), a_session()
    async with following(bus) as one, following(bus) as two:
        await asyncio.gather(one.add(mine), two.add(yours))

        before_mine = {known.id for known in await one.rivals(mine.id)}
        before_yours = {known.id for known in await two.rivals(yours.id)}

    assert sorted([before_mine, before_yours], key=len) == [set(), before_mine | before_yours]
    assert before_mine | before_yours in ({mine.id}, {yours.id})


async def test_who_changes_was_there_all_the_same_and_leaves_room_for_who_came_since(
    bus: Bus,
) -> None:
    old, new = a_session(), a_session()
    async with following(bus) as one, following(bus) as two:
        await one.add(old)
        await two.add(new)
        await one.change(old.id, rung="720p")

        before_new = [(known.id, known.rung) for known in await two.rivals(new.id)]
        before_change = [known.id for known in await one.rivals(old.id)]

    assert before_new in ([(old.id, None)], [(old.id, "720p")])
    assert set(before_change) == {old.id, new.id}


async def test_who_was_first_is_known_without_following(bus: Bus) -> None:
    deaf, old, new = await Sessions.of(bus), a_session(), a_session()
    await deaf.add(old)
    await deaf.add(new)
    await deaf.change(old.id, rung="720p")

    assert [known.id for known in await deaf.rivals(new.id)] == [old.id]


async def test_who_writes_knows_it_at_once(bus: Bus) -> None:
    deaf, session = await Sessions.of(bus), a_session()

    await deaf.add(session)
    added = position(deaf, session)
    await deaf.change(session.id, position_seconds=9)
    changed = position(deaf, session)
    await deaf.remove(session.id)

    assert (added, changed) == (0, 9)
    assert await deaf.current(session.id, 0) is None


async def test_a_newer_revision_than_is_known_is_asked_for(bus: Bus) -> None:
    deaf, other, session = await Sessions.of(bus), await Sessions.of(bus), a_session()
    await deaf.add(session)
    await other.change(session.id, position_seconds=9)

    known = await deaf.current(session.id, 0)
    current = await deaf.current(session.id, other.revision(session.id))

    assert known == session
    assert current is not None
    assert current.position_seconds == 9
    assert position(deaf, session) == 9


async def test_what_was_known_before_the_bus_went_away_is_asked_for_once_more(bus: Bus) -> None:
    deaf, other, session = await Sessions.of(bus), await Sessions.of(bus), a_session()
    await deaf.add(session)
    await other.change(session.id, position_seconds=9)

    bus.client.stats["reconnects"] += 1  # as the client counts
    current = await deaf.current(session.id, 0)

    assert current is not None
    assert current.position_seconds == 9


async def test_a_session_that_has_ended_is_known_nowhere(bus: Bus) -> None:
    session = a_session()
    async with following(bus) as one, following(bus) as two:
        await one.add(session)

        async def is_heard() -> bool:
            return two.known(session.id) is not None

        await eventually(is_heard)
        await two.remove(session.id)

        async def is_forgotten() -> bool:
            return one.known(session.id) is None and two.known(session.id) is None

        await eventually(is_forgotten)


async def test_a_note_gives_way_to_whoever_writes_at_the_same_time(bus: Bus) -> None:
    one, two, session = await Sessions.of(bus), await Sessions.of(bus), a_session()
    await one.add(session)

    await asyncio.gather(
        one.note(session.id, position_seconds=5), two.note(session.id, rung="original")
    )

    kept = await one.get(session.id)
    assert kept is not None
    assert (kept.position_seconds, kept.rung) != (0, None)
