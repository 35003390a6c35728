"""Fixtures for the tests of services, and questions a test may ask.

A service's `conftest.py` names the service:

    @pytest.fixture(scope="session")
    def service() -> Service:
        return services.CATALOG

Then `db` is its schema in a database of its own, migrated; `tx` is a transaction that never
commits; `bus` is a connection to a NATS of its own, with every stream made.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from psycopg import conninfo, sql

from revenge.contracts import (
    EVERYTHING,
    Caller,
    Event,
    Job,
    LibraryId,
    Message,
    UserId,
    services,
)
from revenge.kit import service as lifecycle
from revenge.kit import settings, streams
from revenge.kit.bus import Bus
from revenge.kit.db import Database, Tx
from revenge.kit.migrate import migrate, packages_of

M = TypeVar("M", bound=Message)
S = TypeVar("S", bound=settings.Settings)


class Server(Protocol):
    @property
    def url(self) -> str: ...


@pytest.fixture(scope="session")
def databases() -> dict[str, str]:
    """The databases that this worker has made, by the service's name. They go with the server."""
    return {}


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, databases: dict[str, str]) -> str:
    """A database with the schemas of the folder's `service`, migrated; made once per worker."""
    service: services.Service = request.getfixturevalue("service")
    if service.name not in databases:
        server: Server = request.getfixturevalue("postgres_server")
        databases[service.name] = await _make_database(server.url, service)
    return databases[service.name]


async def _make_database(server_url: str, service: services.Service) -> str:
    name = f"test_{service.schemas[0]}_{uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(server_url, autocommit=True) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    url = conninfo.make_conninfo(
        server_url, dbname=name, options=f"-csearch_path={','.join(service.schemas)}"
    )
    await _create_schemas(url, service.schemas)
    await migrate(url, packages_of(service))
    return url


async def _create_schemas(url: str, schemas: Iterable[str]) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for schema in schemas:
            await connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))


@pytest.fixture
async def db(database_url: str, service: services.Service) -> AsyncGenerator[Database]:
    """What is committed here stays for the other tests of this worker: use ids of your own."""
    at = settings.Database(url=database_url, max_conns=4)
    async with Database.connect(at, service.name) as database:
        yield database


@pytest.fixture
async def tx(db: Database) -> AsyncGenerator[Tx]:
    """A transaction that never commits."""
    async with db.pool.connection() as connection, connection.transaction(force_rollback=True):
        yield Tx(connection, db.source)


@pytest.fixture
async def nats(fresh_nats_server: Server) -> settings.Nats:
    """A NATS of this test's own, with every stream and bucket."""
    at = settings.Nats(url=fresh_nats_server.url)
    async with Bus.connect(at, "test-setup") as bus:
        await streams.ensure(bus.js)
    return at


@pytest.fixture
async def bus(nats: settings.Nats) -> AsyncGenerator[Bus]:
    async with Bus.connect(nats, "test") as connected:
        yield connected


async def sent(tx: Tx, contract: Event[M] | Job[M]) -> list[M]:
    """The payloads that this transaction will send on `contract` when it commits."""
    return [
        msgspec.json.decode(message.payload, type=contract.payload)
        for message in tx.pending
        if message.subject == contract.subject
    ]


def an_admin(username: str = "admin") -> Caller:
    return Caller(UserId(uuid4()), username, "admin", frozenset({EVERYTHING}), None)


def a_user(
    libraries: Iterable[UUID] = (), permissions: Iterable[str] = (), username: str = "someone"
) -> Caller:
    """A caller who may see these libraries, and holds these permissions."""
    seen = frozenset(LibraryId(library) for library in libraries)
    return Caller(UserId(uuid4()), username, "user", frozenset(permissions), seen)


@asynccontextmanager
async def running(
    name: str, settings: S, start: Callable[[lifecycle.Service, S], Awaitable[None]]
) -> AsyncGenerator[None]:
    """The whole service, in this process, until the block ends."""
    stop, ready = asyncio.Event(), asyncio.Event()

    async def started(service: lifecycle.Service, given: S) -> None:
        await start(service, given)
        service.on_ready(ready.set)

    async with asyncio.TaskGroup() as group:
        group.create_task(lifecycle.serve(name, settings, started, stop))
        await ready.wait()
        try:
            yield
        finally:
            stop.set()


def free_port() -> int:
    """On loopback, kept for a server of this process: nobody else is given it meanwhile."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):  # the server may listen on it
        holder.setsockopt(socket.SOL_SOCKET, option, 1)
    port: int = holder.getsockname()[1]
    holder.detach()
    return port


async def eventually(
    question: Callable[[], Awaitable[Any]], *, within: float = 60.0, every: float = 0.02
) -> Any:
    """The first answer that is not false or None. Fails the test when there is none in time."""
    async with asyncio.timeout(within):
        while not (answer := await question()):  # noqa: ASYNC110 - it is asked of a real server
            await asyncio.sleep(every)
    return answer
