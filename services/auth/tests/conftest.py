from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg import conninfo, sql

from revenge.auth import accounts
from revenge.auth.app import App
from revenge.auth.settings import Signing
from revenge.auth.signing import Keyring
from revenge.auth.store.users import NewUser
from revenge.contracts import Event, auth, services
from revenge.kit import Database, settings
from revenge.kit.migrate import migrate, packages_of
from revenge.kit.sealing import Vault

PASSWORD = "correct horse battery"

MakeUser = Callable[..., Awaitable[auth.User]]
Committed = Callable[[Event[Any]], Awaitable[list[Any]]]


@pytest.fixture(scope="session")
def service() -> services.Service:
    return services.AUTH


@pytest.fixture
def app(db: Database) -> App:
    signing = Signing(secret="a secret for tests only")
    keys = Keyring(db, Vault(signing.secret, "tests"), signing.access_lifetime)
    return App(db, keys, signing, setup_token="")


@pytest.fixture
def make_user(app: App) -> MakeUser:
    """A user of a name that no other test has, whose password is PASSWORD."""

    async def make(role: auth.Role = auth.Role.USER) -> auth.User:
        username = f"user_{uuid4().hex[:16]}"
        hashed = await app.passwords.hash(PASSWORD)
        email = f"{username}@example.org"
        async with app.db.begin() as tx:
            return await accounts.add(tx, NewUser(username, hashed, role, email))

    return make


@pytest.fixture
def committed(db: Database) -> Committed:
    """What was committed to be sent: nothing relays the outbox in these tests."""

    async def of(event: Event[Any]) -> list[Any]:
        async with db.read() as rows:
            written = await rows.all(
                bytes,
                "select payload from outbox where subject = %(subject)s order by id",
                subject=event.subject,
            )
        return [msgspec.json.decode(payload, type=event.payload) for payload in written]

    return of


@pytest.fixture
async def untouched_url(database_url: str, service: services.Service) -> AsyncGenerator[str]:
    """A database of this test's own, in which nobody is administrator yet."""
    name = f"test_untouched_{uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        url = conninfo.make_conninfo(database_url, dbname=name)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as inside:
            await inside.execute("create schema auth")
        await migrate(url, packages_of(service))
        yield url
        await connection.execute(
            sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
        )


@pytest.fixture
async def untouched(untouched_url: str) -> AsyncGenerator[App]:
    """The service's state before the set-up; its one-time token is `the one-time token`."""
    async with Database.connect(settings.Database(url=untouched_url), "auth") as db:
        signing = Signing(secret="a secret for tests only")
        keys = Keyring(db, Vault(signing.secret, "tests"), signing.access_lifetime)
        yield App(db, keys, signing, setup_token="the one-time token")
