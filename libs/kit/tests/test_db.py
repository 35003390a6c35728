"""A scope commits once for each message, with the messages that it sends, or not at all."""

from uuid import uuid4

import pytest

from revenge.contracts import Domain, Full, Invalid, Message, Unavailable
from revenge.kit import Database, Delivery, Tx, settings
from revenge.kit.consuming import is_final
from revenge.kit.delivery import AlreadyHandled
from revenge.kit.testing import sent
from revenge.kit.wire import headers_of

domain = Domain("dolls")


class Toy(Message, frozen=True):
    name: str


toy_made = domain.event("made", Toy, type="toy.made")
paint_toy = domain.job("paint", Toy)
count_toys = domain.job("count", Toy, unique_for=60)


class Outgoing(Message, frozen=True):
    subject: str
    lines: str

    @property
    def headers(self) -> dict[str, str]:
        return headers_of(self.lines)


async def outgoing(db: Database, name: str) -> list[Outgoing]:
    async with db.read() as rows:
        return await rows.all(
            Outgoing,
            """
            select subject, headers as lines
            from outbox
            where convert_from(payload, 'utf8')::jsonb ->> 'name' = %(name)s
            order by id
            """,
            name=name,
        )


async def test_an_event_is_written_with_what_it_tells_of(db: Database) -> None:
    name = str(uuid4())
    async with db.begin() as tx:
        await tx.emit(toy_made, Toy(name))

    (message,) = await outgoing(db, name)
    assert message.subject == "event.dolls.made"
    assert message.headers["ce-type"] == "toy.made"
    assert message.headers["ce-source"] == "/revenge/kit"
    assert message.headers["ce-specversion"] == "1.0"


async def test_a_failure_sends_nothing(db: Database) -> None:
    name = str(uuid4())
    with pytest.raises(LookupError):
        await emit_and_fail(db, name)

    assert await outgoing(db, name) == []


async def emit_and_fail(db: Database, name: str) -> None:
    async with db.begin() as tx:
        await tx.emit(toy_made, Toy(name))
        raise LookupError


async def test_a_message_is_committed_once(db: Database) -> None:
    delivery = Delivery("toys-made", (str(uuid4()),))
    async with db.writing(delivery):
        pass

    with pytest.raises(AlreadyHandled):
        async with db.writing(delivery):
            pass


async def test_another_handler_of_the_same_message_is_not_disturbed(db: Database) -> None:
    message = (str(uuid4()),)
    async with db.writing(Delivery("one", message)), db.writing(Delivery("other", message)):
        pass


async def test_a_handler_that_failed_may_try_again(db: Database) -> None:
    delivery = Delivery("toys-made", (str(uuid4()),))
    with pytest.raises(LookupError):
        async with db.writing(delivery):
            raise LookupError

    async with db.writing(delivery):
        pass


async def test_of_a_batch_only_what_is_new_is_left(db: Database) -> None:
    old, new = str(uuid4()), str(uuid4())
    async with db.writing(Delivery("toys-made", (old,))):
        pass

    batch = Delivery("toys-made", (old, new))
    async with db.writing(batch):
        assert batch.duplicates == {old}


async def test_a_unique_job_is_enqueued_once(tx: Tx) -> None:
    first = await tx.enqueue(count_toys, Toy("bear"), key="all")
    second = await tx.enqueue(count_toys, Toy("doll"), key="all")
    other = await tx.enqueue(count_toys, Toy("doll"), key="dolls")

    assert first == second != other
    assert await sent(tx, count_toys) == [Toy("bear"), Toy("doll")]


async def test_a_job_may_be_enqueued_as_often_as_one_likes(tx: Tx) -> None:
    await tx.enqueue(paint_toy, Toy("bear"))
    await tx.enqueue(paint_toy, Toy("bear"))

    assert len(await sent(tx, paint_toy)) == 2


async def test_rows_are_checked(tx: Tx) -> None:
    assert await tx.one(Toy, "select 'bear' as name") == Toy("bear")
    assert await tx.maybe(int, "select 1 where false") is None
    with pytest.raises(LookupError):
        await tx.maybe(int, "select generate_series(1, 2)")


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    nowhere = settings.Database(url="postgresql://127.0.0.1:1/nothing?connect_timeout=1")
    async with Database.connect(nowhere, "kit") as db:
        db.pool.timeout = 0.3
        with pytest.raises(Unavailable, match="database"):
            await db.ping()


async def test_a_full_disk_is_no_fault_of_the_request(db: Database) -> None:
    with pytest.raises(Full, match="no room left"):
        async with db.begin() as tx:
            await tx.run(
                """
                do $$ begin
                    raise exception 'could not extend file' using errcode = 'disk_full';
                end $$
                """
            )


def test_what_a_full_disk_stopped_is_tried_again() -> None:
    assert not is_final(Full())
    assert is_final(Invalid())
