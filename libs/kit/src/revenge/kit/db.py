"""Postgres: a pool, and one scope for each message.

`reading` gives a handler rows and nothing else, without BEGIN and COMMIT. `writing` gives it a
transaction that commits if the handler returns, once for each message, together with the
messages that it sends.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, LiteralString, Protocol, TypeVar
from uuid import uuid4

import msgspec
import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from revenge.contracts import Busy, Event, Full, Invalid, Job, Message, Unavailable
from revenge.kit import metrics, settings, telemetry
from revenge.kit.delivery import AlreadyHandled, Delivery
from revenge.kit.reads import Reads
from revenge.kit.rows import struct_row
from revenge.kit.wire import header_lines

T = TypeVar("T")
M = TypeVar("M", bound=Message)

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)

Connection = AsyncConnection[Any]

READ_TIME = metrics.DB_QUERY.labels("read")
WRITE_TIME = metrics.DB_QUERY.labels("write")


class Rows(Protocol):
    """Where rows come from: a transaction's connection, or the shared ones."""

    async def all(
        self, row: type[T], query: LiteralString, params: Mapping[str, object]
    ) -> list[T]: ...


class Reading:
    """Rows of one schema, for a handler that changes nothing."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def one(self, row: type[T], query: LiteralString, **params: object) -> T:
        """Exactly one row; more or fewer is a bug."""
        (found,) = await self.all(row, query, **params)
        return found

    async def maybe(self, row: type[T], query: LiteralString, **params: object) -> T | None:
        """One row, or None."""
        found = await self.all(row, query, **params)
        if len(found) > 1:
            raise LookupError(f"expected at most one row, got {len(found)}")
        return found[0] if found else None

    async def all(self, row: type[T], query: LiteralString, **params: object) -> list[T]:
        """Every row, each checked against `row`; a single column may be a plain type."""
        began = time.perf_counter()
        found = await self._rows.all(row, query, params)
        READ_TIME.observe(time.perf_counter() - began)
        return found


class _OwnConnection:
    """Rows of the transaction that is open on this connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def all(
        self, row: type[T], query: LiteralString, params: Mapping[str, object]
    ) -> list[T]:
        async with self._connection.cursor(row_factory=struct_row(row)) as cursor:
            await cursor.execute(query, params)
            return await cursor.fetchall()


class Pending(msgspec.Struct, frozen=True):
    """A message that will be sent if the transaction commits."""

    id: str
    subject: str
    payload: bytes
    headers: dict[str, str]


class Tx(Reading):
    """One transaction: rows read and written, and messages sent if it commits."""

    def __init__(self, connection: Connection, source: str = "revenge") -> None:
        super().__init__(_OwnConnection(connection))
        self._connection = connection
        self.source = source
        self.pending: list[Pending] = []

    async def run(self, query: LiteralString, **params: object) -> int:
        """Run a statement for its effect; return how many rows it touched."""
        began = time.perf_counter()
        rows = (await self._connection.execute(query, params)).rowcount
        WRITE_TIME.observe(time.perf_counter() - began)
        return rows

    async def emit(self, event: Event[M], payload: M) -> None:
        """Announce a fact, if and only if this transaction commits."""
        self._send(event.subject, payload, self._describe(event))

    async def enqueue(self, job: Job[M], payload: M, *, key: str | None = None) -> str:
        """Ask for work; return its id.

        Of a job that is unique for a while, a second one with the same key (without one: the
        same payload) in that time is the first one, whose id is returned.
        """
        job_id = holder = str(uuid4())
        if job.unique_for:
            holder = await self._claim(job, key or msgspec.json.encode(payload).decode(), job_id)
        if holder == job_id:
            self._send(job.subject, payload, {"Revenge-Attempts": str(job.attempts)}, job_id)
            metrics.JOBS_ENQUEUED.labels(job.subject).inc()
        return holder

    async def flush(self) -> None:
        """Write what is pending into the outbox. The scope calls this before it commits."""
        if not self.pending:
            return
        await self.run(
            """
            insert into outbox (message_id, subject, payload, headers)
            select * from unnest(%(ids)s::text[], %(subjects)s::text[], %(payloads)s::bytea[],
                                 %(headers)s::text[])
            """,
            ids=[message.id for message in self.pending],
            subjects=[message.subject for message in self.pending],
            payloads=[message.payload for message in self.pending],
            headers=[header_lines(message.headers) for message in self.pending],
        )

    def _send(
        self,
        subject: str,
        payload: Message,
        headers: Mapping[str, str],
        message_id: str | None = None,
    ) -> None:
        identity = message_id or headers.get("ce-id") or str(uuid4())
        self.pending.append(
            Pending(
                identity,
                subject,
                msgspec.json.encode(payload),
                {**headers, **telemetry.to_headers()},
            )
        )

    def _describe(self, event: Event[Any]) -> dict[str, str]:
        """The attributes of CloudEvents 1.0, as the NATS binding's binary mode has them."""
        return {
            "ce-specversion": "1.0",
            "ce-id": str(uuid4()),
            "ce-type": event.type,
            "ce-source": f"/revenge/{self.source}",
            "ce-time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "content-type": "application/json",
        }

    async def _claim(self, job: Job[Any], key: str, job_id: str) -> str:
        """The id that holds this key now: the given one, or an earlier one's."""
        return await self.one(
            str,
            """
            insert into unique_job (subject, key, job_id, until)
            values (%(subject)s, %(key)s, %(job_id)s, now() + %(period)s * interval '1 second')
            on conflict (subject, key) do update
            set job_id = case when unique_job.until > now() then unique_job.job_id
                              else excluded.job_id end,
                until = case when unique_job.until > now() then unique_job.until
                             else excluded.until end
            returning job_id
            """,
            subject=job.subject,
            key=key,
            job_id=job_id,
            period=job.unique_for,
        )


class Database:
    """The schema of one service, behind a pool."""

    def __init__(
        self, pool: AsyncConnectionPool[Connection], reads: Reads, url: str, source: str
    ) -> None:
        self.pool = pool
        self.url = url
        self.source = source
        self._reading = Reading(reads)

    @classmethod
    @asynccontextmanager
    async def connect(cls, at: settings.Database, source: str) -> AsyncGenerator[Database]:
        """Some connections that reads share, and a pool for transactions, opened as needed."""
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            at.url,
            min_size=1,
            max_size=at.max_conns,
            kwargs={"autocommit": True, "prepare_threshold": 2},
            open=False,
            timeout=5,
            max_waiting=500,
            name=source,
        )
        async with pool, Reads.connect(at.url, at.read_conns) as reads:
            yield cls(pool, reads, at.url, source)

    async def ping(self) -> None:
        """Raises `Unavailable` if the server does not answer."""
        await self._reading.one(int, "select 1")

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Reading]:
        yield self._reading

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Tx]:
        """A transaction that commits, with its messages, when the block ends."""
        async with self._connection() as connection, connection.transaction():
            tx = Tx(connection, self.source)
            yield tx
            await tx.flush()

    def reading(self, _: Delivery) -> AbstractAsyncContextManager[Reading]:
        """The scope of handlers that change nothing: it opens nothing."""
        return nullcontext(self._reading)

    @asynccontextmanager
    async def writing(self, delivery: Delivery) -> AsyncGenerator[Tx]:
        """The scope of handlers that change something: it commits once for each message."""
        async with self.begin() as tx:
            if delivery.ids:
                delivery.duplicates.update(set(delivery.ids) - await _remember(tx, delivery))
            if delivery.ids and len(delivery.duplicates) == len(set(delivery.ids)):
                raise AlreadyHandled
            yield tx

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        try:
            async with self.pool.connection() as connection:
                yield connection
        except PoolTimeout as error:
            raise Unavailable("the database does not answer") from error
        except TooManyRequests as error:
            raise Busy from error
        except psycopg.DataError as error:  # a NUL in a text, a number out of range
            raise Invalid(str(error).partition("\n")[0]) from error
        except psycopg.errors.DiskFull as error:
            raise Full("there is no room left on the disk of the database") from error
        except psycopg.OperationalError as error:
            metrics.DB_ERRORS.labels("connection").inc()
            raise Unavailable("the database does not answer") from error


async def _remember(tx: Tx, delivery: Delivery) -> set[str]:
    """Write the messages into the inbox; return those that were not there yet."""
    return set(
        await tx.all(
            str,
            """
            insert into inbox (handler, message_id)
            select %(handler)s, string_to_table(%(ids)s, chr(10))
            on conflict do nothing
            returning message_id
            """,
            handler=delivery.handler,
            ids="\n".join(delivery.ids),  # headers hold no line break, and a list is slower
        )
    )
