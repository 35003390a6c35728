"""What transactions wrote, on its way to the bus."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec
import pytest

from revenge.contracts import Domain, Message
from revenge.kit import Bus, Database, metrics, outbox
from revenge.kit.testing import eventually


class Letter(Message, frozen=True):
    text: str


posted = Domain("letters").event("posted", Letter)


@asynccontextmanager
async def relaying(db: Database, bus: Bus) -> AsyncGenerator[None]:
    relay = asyncio.create_task(outbox.relay(db, bus))
    yield
    relay.cancel()
    await asyncio.wait([relay])


async def write(db: Database, *texts: str) -> None:
    async with db.begin() as tx:
        for text in texts:
            await tx.emit(posted, Letter(text))


async def waiting(db: Database) -> int:
    async with db.begin() as tx:
        return await tx.one(
            int,
            """
            select count(*)::int
            from outbox
            where subject = %(subject)s
            """,
            subject=posted.subject,
        )


async def test_a_message_stays_until_the_bus_must_have_it_on_its_disk(
    db: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bus syncs every 100 ms: were the row deleted at once, a power cut could lose it."""
    monkeypatch.setattr(outbox, "SYNCED", 3.0)
    arriving = await bus.client.subscribe(posted.subject)

    async with relaying(db, bus):
        await write(db, "one", "two")
        await arriving.next_msg(timeout=60)
        assert await waiting(db) == 2
        await eventually(lambda: is_empty(db))

    await arriving.unsubscribe()


async def test_a_message_that_stays_is_sent_once(
    db: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SYNCED", 1.0)
    arriving = await bus.client.subscribe(posted.subject)

    async with relaying(db, bus):
        await write(db, "one")
        await arriving.next_msg(timeout=60)
        await write(db, "two")
        await arriving.next_msg(timeout=60)
        await eventually(lambda: is_empty(db))

    assert arriving.pending_msgs == 0
    await arriving.unsubscribe()


async def test_a_relay_that_is_told_to_end_leaves_nothing_behind(db: Database, bus: Bus) -> None:
    arriving = await bus.client.subscribe(posted.subject)

    async with relaying(db, bus):
        before = await acknowledged()
        await write(db, "one")
        await arriving.next_msg(timeout=60)
        await eventually(lambda: acknowledged(more_than=before))

    assert await waiting(db) == 0
    await arriving.unsubscribe()


async def acknowledged(more_than: float = 0) -> float:
    """How many the bus has taken so far; 0 unless they are more."""
    taken: float = metrics.OUTBOX_SENT._value.get()
    return taken if taken > more_than else 0


async def test_more_than_is_read_at_once_arrives_in_its_order(db: Database, bus: Bus) -> None:
    texts = [str(number) for number in range(outbox.AT_ONCE + 500)]
    arriving = await bus.client.subscribe(posted.subject)

    await write(db, *texts)
    async with relaying(db, bus):
        arrived = [await arriving.next_msg(timeout=20) for _ in texts]
        await eventually(lambda: is_empty(db))

    assert [msgspec.json.decode(message.data, type=Letter).text for message in arrived] == texts
    assert arriving.pending_msgs == 0
    await arriving.unsubscribe()


async def is_empty(db: Database) -> bool:
    return await waiting(db) == 0
