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
from collections.abc import Iterable, Sequence
from itertools import groupby
from secrets import token_hex
from typing import Any, LiteralString

import msgspec
import psycopg
from loguru import logger
from nats.errors import Error as NatsError
from nats.js.api import Header
from psycopg import AsyncConnection, sql

from revenge.contracts import Unavailable
from revenge.kit import metrics
from revenge.kit.bus import Bus
from revenge.kit.db import Database
from revenge.kit.rows import struct_row

BATCH = 1000  # messages published before the next are read; also the server's limit for a batch
WORTH_A_BATCH = 8
PATIENCE = 5.0  # seconds after which the table is read without having been woken
SYNCED = 0.25  # seconds until what the bus has taken is on its disk: it syncs every 100 ms
RETRY = 0.5  # seconds to wait when the bus or the database is not there
SWEEP_EVERY = 3600.0
KEPT = "8 days"  # a day longer than the stream keeps events


class Written(msgspec.Struct, frozen=True):
    id: int
    message_id: str
    subject: str
    payload: bytes
    headers: dict[str, str]


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
    """Until nothing is left. The next batch is read while the bus takes one."""
    batch = await _next(connection, taken)
    while batch:
        publishing = asyncio.create_task(_try_publish(bus, batch))
        try:
            following = await _next(connection, taken, batch)
        finally:
            taken.add(await publishing)
        # what was not taken comes first: order is kept
        batch = following if publishing.result() else await _next(connection, taken)


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
    async with connection.cursor(row_factory=struct_row(Written)) as cursor:
        await cursor.execute(
            """
            with synced as (
                delete from outbox
                where id in (select string_to_table(%(synced)s, ',')::bigint)
            )
            select id, message_id, subject, payload, headers
            from outbox
            where id not in (select string_to_table(%(passed_over)s, ',')::bigint)
            order by id
            limit %(limit)s
            """,
            {"synced": _joined(synced), "passed_over": _joined(passed_over), "limit": BATCH},
        )
        return await cursor.fetchall()


def _joined(ids: Iterable[int]) -> str:
    return ",".join(map(str, ids))  # psycopg takes six times as long for a list


async def _try_publish(bus: Bus, batch: list[Written]) -> list[int]:
    """Publish the batch. Returns the ids that the bus has taken: all, or none."""
    try:
        await _publish(bus, batch)
    except (NatsError, TimeoutError) as error:
        logger.warning("the bus takes nothing now: {!r}", error)
        metrics.OUTBOX_FAILURES.inc()
        await asyncio.sleep(RETRY)
        return []
    metrics.OUTBOX_SENT.inc(len(batch))
    return [row.id for row in batch]


async def _publish(bus: Bus, batch: list[Written]) -> None:
    """Publish in order; return when every message is stored."""
    by_stream = sorted(batch, key=_stream)  # a batch is for one stream; the order in it stays
    for _, rows in groupby(by_stream, key=_stream):
        together = list(rows)
        if len(together) < WORTH_A_BATCH or not await _publish_together(bus, together):
            await _publish_each(bus, together)


async def _publish_together(bus: Bus, rows: list[Written]) -> bool:
    """All or none, with one acknowledgement: twice as fast (NATS ADR-50).

    False if none was stored, because one of them had been before.
    """
    batch_id = token_hex(4)  # short: each message carries it
    for number, row in enumerate(rows[:-1], start=1):
        await bus.client.publish(row.subject, row.payload, headers=_headers(row, batch_id, number))
    last = _headers(rows[-1], batch_id, len(rows)) | {"Nats-Batch-Commit": "1"}
    reply = await bus.client.request(rows[-1].subject, rows[-1].payload, timeout=10, headers=last)
    return msgspec.json.decode(reply.data, type=_BatchReply).error is None


def _stream(row: Written) -> str:
    return row.subject.partition(".")[0]


class _BatchReply(msgspec.Struct, frozen=True):
    error: dict[str, Any] | None = None


async def _publish_each(bus: Bus, rows: list[Written]) -> None:
    """The stream drops those that it has had within its window."""
    acknowledged = [
        await bus.js.publish_async(row.subject, row.payload, headers=_headers(row)) for row in rows
    ]
    await asyncio.wait_for(asyncio.gather(*acknowledged), timeout=10)


def _headers(row: Written, batch_id: str | None = None, number: int = 0) -> dict[str, str]:
    headers = row.headers | {Header.MSG_ID: row.message_id}
    if batch_id is None:
        return headers
    return headers | {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)}


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
