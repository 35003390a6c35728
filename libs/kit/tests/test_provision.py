"""Neither a database role nor a NATS user reaches what is not its own."""

import fcntl
from collections.abc import AsyncGenerator, Generator
from uuid import uuid4

import psycopg
import pytest
from psycopg import conninfo, sql

from revenge.contracts import services
from revenge.kit.permissions import permissions
from revenge.kit.provision import provision, url_for
from revenge.kit.testing import Server

PASSWORDS = {service.name: f"password-of-{service.name}" for service in services.SERVICES}


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Roles belong to the whole server, which all workers share: one test of these at a time."""
    shared = tmp_path_factory.getbasetemp().parent
    with (shared / "provision.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
async def admin_url(
    alone: None,  # noqa: ARG001 - held for as long as the test runs
    postgres_server: Server,
) -> AsyncGenerator[str]:
    name = f"test_provision_{uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(
        postgres_server.url, autocommit=True
    ) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield conninfo.make_conninfo(postgres_server.url, dbname=name)
        await connection.execute(
            sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
        )


async def test_a_role_works_in_its_own_schema(admin_url: str) -> None:
    await provision(admin_url, PASSWORDS)
    url = url_for(services.AUTH, admin_url, PASSWORDS["auth"])

    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("create table mine (id int)")
        found = await connection.execute(
            "select tableowner from pg_tables where schemaname = 'auth'"
        )
        assert await found.fetchall() == [("revenge_auth",)]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from catalog.secret",
        "create table catalog.mine (id int)",
        "create table public.mine (id int)",
        "create schema mine",
        "create role mine",
        "alter role revenge_catalog password 'mine'",
        "set role revenge_catalog",
    ],
)
async def test_a_role_reaches_nothing_else(admin_url: str, statement: str) -> None:
    await provision(admin_url, PASSWORDS)
    owner = url_for(services.CATALOG, admin_url, PASSWORDS["catalog"])
    async with await psycopg.AsyncConnection.connect(owner) as connection:
        await connection.execute("create table secret (id int)")

    url = url_for(services.AUTH, admin_url, PASSWORDS["auth"])
    async with await psycopg.AsyncConnection.connect(url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(statement.encode())


async def test_a_new_password_is_taken_over(admin_url: str) -> None:
    await provision(admin_url, PASSWORDS)
    await provision(admin_url, {**PASSWORDS, "auth": "another one"})

    async with await psycopg.AsyncConnection.connect(
        url_for(services.AUTH, admin_url, "another one")
    ) as connection:
        await connection.execute("select 1")


def test_a_service_may_emit_only_its_own_events() -> None:
    for service in services.SERVICES:
        own = {f"event.{domain.name}.>" for domain in service.domains}
        events = {
            subject for subject in permissions(service).publish if subject.startswith("event.")
        }
        assert events == own | ({"event.>"} if service.buries else set())


def test_a_service_may_answer_only_for_its_own_domains() -> None:
    for service in services.SERVICES:
        answers = {
            subject for subject in permissions(service).subscribe if subject.startswith("rpc.")
        }
        assert answers == {f"rpc.{domain.name}.>" for domain in service.domains}
