from uuid import uuid4

import psycopg
import pytest
from psycopg import conninfo, sql

from revenge.contracts import services
from revenge.kit.migrate import migrate, packages_of, roll_back
from revenge.kit.testing import Server


@pytest.fixture
async def empty_url(postgres_server: Server) -> str:
    """A database of this test's own, with the schemas and nothing in them."""
    name = f"test_migrations_{uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(
        postgres_server.url, autocommit=True
    ) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    schemas = services.CATALOG.schemas
    url = conninfo.make_conninfo(
        postgres_server.url, dbname=name, options=f"-csearch_path={','.join(schemas)}"
    )
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for schema in schemas:
            await connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    return url


async def test_what_is_rolled_back_can_be_applied_again(empty_url: str) -> None:
    packages = packages_of(services.CATALOG)
    first = await migrate(empty_url, packages)

    for package in reversed(packages[1:]):
        await roll_back(empty_url, package, 0)
    again = await migrate(empty_url, packages)

    assert again == [each for each in first if each.package != "revenge.kit"]


async def test_migrating_twice_does_nothing(empty_url: str) -> None:
    packages = packages_of(services.CATALOG)
    await migrate(empty_url, packages)

    assert await migrate(empty_url, packages) == []
