"""Publish what transactions wrote: in order, at least once, and never before commit.

The relay of one replica works at a time: it holds an advisory lock on the connection that it
listens on. Messages are published first and deleted once the bus has them on its disk; if the relay
dies in between, the next one publishes them again under the same ids, and streams and inboxes drop
the second copy.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, LiteralString

import psycopg
from loguru import logger
from nats.errors import Error as NatsError
from psycopg import AsyncConnection, AsyncCursor, sql

from revenge.contracts import Unavailable
from revenge.kit import metrics
from revenge.kit.bus import Bus
from revenge.kit.db import Database
from revenge.kit.publishing import BATCH, Written, publish

AT_ONCE = 4 * BATCH  # messages read at once: each time, those on their way are passed over
PATIENCE = 5.0  # seconds after which the table is read without having been woken
SYNCED = 0.25  # seconds until what the bus has taken is on its disk: it syncs every 100 ms
RETRY = 0.5  # seconds to wait when the bus or the database is not there
SWEEP_EVERY = 3600.0
KEPT = "8 days"  # a day longer than the stream keeps events


async def relay(db: Database, bus: Bus) -> None:
    """Move messages from the outbox to the bus until cancelled."""
    while True:
        try:
            async with await AsyncConnection.connect(db.url, autocommit=True) as connection:
                await _relay_on(connection, bus)
        except psycopg.OperationalError as error:
            logger.warning("the outbox of {} cannot be read now: {}", db.source, error)
            await asyncio.sleep(RETRY)


async def _relay_on(connection: AsyncConnection[Any], bus: Bus) -> None:
    while not await _lock(connection):  # noqa: ASYNC110 - the lock is in the database
        await asyncio.sleep(1)  # another replica relays
    schema = await _value(connection, "select current_schema()::text")
    await connection.execute(sql.SQL("listen {}").format(sql.Identifier(f"outbox_{schema}")))
    taken = Taken()
    try:
        while True:
            await _relay_backlog(connection, bus, taken)
            wait = SYNCED if taken else PATIENCE
            async for _ in connection.notifies(timeout=wait, stop_after=1):
                pass
    except asyncio.CancelledError:
        await asyncio.sleep(SYNCED if taken else 0)
        await _next(connection, taken)
        raise


async def _relay_backlog(connection: AsyncConnection[Any], bus: Bus, taken: Taken) -> None:
    """Until nothing is left. The next messages are read while the bus takes those before them."""
    rows = await _next(connection, taken)
    while rows:
        publishing = asyncio.create_task(_try_publish(bus, rows))
        try:
            following = await _next(connection, taken, rows)
        finally:
            published = await publishing
            taken.add([row.id for row in published])
        # what was not taken comes first: order is kept
        rows = following if len(published) == len(rows) else await _next(connection, taken)


class Taken:
    """The rows that the bus has taken, those that it has certainly on its disk first."""

    def __init__(self) -> None:
        self._batches: deque[tuple[float, list[int]]] = deque()

    def __bool__(self) -> bool:
        return bool(self._batches)

    def add(self, ids: list[int]) -> None:
        if ids:
            self._batches.append((time.monotonic() + SYNCED, ids))

    def synced(self) -> list[int]:
        """Each is given out once."""
        found: list[int] = []
        while self._batches and self._batches[0][0] <= time.monotonic():
            found += self._batches.popleft()[1]
        return found

    def syncing(self) -> list[int]:
        return [id for _, ids in self._batches for id in ids]


async def _next(
    connection: AsyncConnection[Any], taken: Taken, on_its_way: Sequence[Written] = ()
) -> list[Written]:
    """Delete what the bus has on its disk, and read what it has not taken, in one round trip."""
    synced = taken.synced()
    passed_over = [*synced, *taken.syncing(), *(row.id for row in on_its_way)]
    async with connection.cursor(binary=True, row_factory=_written) as cursor:
        await cursor.execute(
            """
            with synced as (
                delete from outbox
                using unnest(%(synced)s::int8multirange) as span
                where id >= lower(span) and id < upper(span)
            )
            select id, message_id, subject, payload, headers
            from outbox
            where not id <@ %(passed_over)s::int8multirange
            order by id
            limit %(limit)s
            """,
            {"synced": _spans(synced), "passed_over": _spans(passed_over), "limit": AT_ONCE},
        )
        return await cursor.fetchall()


def _written(_: AsyncCursor[Any]) -> Callable[[Sequence[Any]], Written]:
    return Written._make


def _spans(ids: Iterable[int]) -> str:
    """A multirange: ids come in runs without a gap, and a few of those are soon compared."""
    spans: list[list[int]] = []
    for id in sorted(ids):
        if spans and spans[-1][1] == id:
            spans[-1][1] = id + 1
        else:
            spans.append([id, id + 1])
    return f"{{{','.join(f'[{first},{after})' for first, after in spans)}}}"


async def _try_publish(bus: Bus, rows: list[Written]) -> list[Written]:
    """Publish them in their order. Returns those that the bus has taken: the first so many."""
    taken: list[Written] = []
    try:
        for first in range(0, len(rows), BATCH):
            batch = rows[first : first + BATCH]
            await publish(bus, batch)
            metrics.OUTBOX_SENT.inc(len(batch))
            taken += batch
    except (NatsError, TimeoutError) as error:
        logger.warning("the bus takes nothing now: {!r}", error)
        metrics.OUTBOX_FAILURES.inc()
        await asyncio.sleep(RETRY)
    return taken


async def sweep(db: Database) -> None:
    """Forget, every hour, what no redelivery can bring back."""
    while True:
        try:
            await _forget(db)
        except Unavailable as error:
            logger.warning("the inbox of {} is swept later: {}", db.source, error)
        await asyncio.sleep(SWEEP_EVERY)


async def _forget(db: Database) -> None:
    async with db.begin() as tx:
        await tx.run("delete from inbox where handled_at < now() - %(kept)s::interval", kept=KEPT)
        await tx.run("delete from unique_job where until < now()")


async def _lock(connection: AsyncConnection[Any]) -> bool:
    return bool(
        await _value(
            connection,
            """
            select pg_try_advisory_lock(
                hashtext('outbox'), current_schema()::regnamespace::oid::int
            )
            """,
        )
    )


async def _value(connection: AsyncConnection[Any], query: LiteralString) -> Any:
    row = await (await connection.execute(query)).fetchone()
    return row[0] if row else None
