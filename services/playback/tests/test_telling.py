"""In which order a playback is told, also while the database keeps it waiting."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg import conninfo

from revenge.contracts import FileId, PlaybackId, Unavailable, UserId, catalog, playback
from revenge.kit import Database, settings
from revenge.kit.testing import eventually
from revenge.playback.telling import Telling

ALL = ["started", "progressed", "stopped"]


def an_event() -> playback.PlaybackEvent:
    return playback.PlaybackEvent(
        session_id=PlaybackId(uuid4()),
        user_id=UserId(uuid4()),
        username="someone",
        media_type=catalog.MediaType.MOVIE,
        media_id=uuid4(),
        file_id=FileId(uuid4()),
        title="The Film",
        position_seconds=0,
        duration_seconds=20,
        at=datetime.now(UTC),
    )


class Told(msgspec.Struct):
    subject: str


async def told_of(db: Database, session_id: PlaybackId) -> list[str]:
    async with db.read() as rows:
        found = await rows.all(
            Told,
            """
            select subject
            from outbox
            where convert_from(payload, 'utf8') like %(session)s
            order by id
            """,
            session=f"%{session_id}%",
        )
    return [item.subject.rpartition(".")[2] for item in found]


@pytest.fixture
async def hasty(database_url: str) -> AsyncGenerator[Database]:
    """A database that is given up soon when somebody else keeps it."""
    options = conninfo.conninfo_to_dict(database_url)["options"]
    url = conninfo.make_conninfo(database_url, options=f"{options} -clock_timeout=100ms")
    async with Database.connect(settings.Database(url=url), "playback") as opened:
        yield opened


@asynccontextmanager
async def kept_waiting(url: str) -> AsyncGenerator[None]:
    """Nothing is written into the outbox meanwhile."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("lock table outbox in share mode")
        yield


async def test_a_beginning_is_told_though_nobody_waits_for_it(db: Database) -> None:
    event = an_event()

    Telling(db).begin(event)

    assert await eventually(lambda: told_of(db, event.session_id)) == ["started"]


async def test_all_else_comes_after_the_beginning(db: Database) -> None:
    event, telling = an_event(), Telling(db)

    telling.begin(event)
    await telling.tell(playback.progressed, event)
    await telling.tell(playback.stopped, event)

    assert await told_of(db, event.session_id) == ALL


async def test_a_beginning_that_could_not_be_told_is_told_with_what_comes_next(
    db: Database, hasty: Database, database_url: str
) -> None:
    event, telling = an_event(), Telling(hasty)

    async with kept_waiting(database_url):
        telling.begin(event)
        with pytest.raises(Unavailable):
            await telling.tell(playback.paused, event)
    await telling.tell(playback.progressed, event)
    await telling.tell(playback.stopped, event)

    assert await told_of(db, event.session_id) == ALL


async def test_other_sessions_do_not_wait_for_a_beginning(db: Database) -> None:
    one, other, telling = an_event(), an_event(), Telling(db)

    telling.begin(one)
    await telling.tell(playback.stopped, other)

    assert await told_of(db, other.session_id) == ["stopped"]
