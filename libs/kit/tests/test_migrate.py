"""Migrations are applied once, in order, by one at a time, and can be undone."""

import asyncio
from collections.abc import AsyncGenerator
from importlib import resources
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import conninfo, sql

from revenge.kit.migrate import MigrationError, find, migrate, roll_back
from revenge.kit.testing import Server


@pytest.fixture
async def url(postgres_server: Server) -> AsyncGenerator[str]:
    name = f"test_migrate_{uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(
        postgres_server.url, autocommit=True
    ) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield conninfo.make_conninfo(postgres_server.url, dbname=name)
        await connection.execute(
            sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
        )


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with two migrations."""
    name = f"toys_{uuid4().hex[:8]}"
    folder = tmp_path / name / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    (folder / "000001_create_toy.up.sql").write_text("create table toy (name text);")
    (folder / "000001_create_toy.down.sql").write_text("drop table toy;")
    (folder / "000002_index_toy.up.sql").write_text(
        "-- no transaction\ncreate index concurrently toy_name on toy (name);\n"
    )
    (folder / "000002_index_toy.down.sql").write_text("drop index toy_name;")
    monkeypatch.syspath_prepend(tmp_path)
    return name


async def tables(url: str) -> set[str]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        found = await connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        )
        return {row[0] for row in await found.fetchall()}


async def test_what_is_missing_is_applied_once(url: str, package: str) -> None:
    first = await migrate(url, [package])
    second = await migrate(url, [package])

    assert [migration.name for migration in first] == ["create_toy", "index_toy"]
    assert second == []
    assert "toy" in await tables(url)


async def test_two_at_once_do_not_disturb_each_other(url: str, package: str) -> None:
    done = await asyncio.gather(*(migrate(url, [package]) for _ in range(4)))

    assert sorted(len(applied) for applied in done) == [0, 0, 0, 2]


async def test_the_way_back_leads_to_where_it_began(url: str, package: str) -> None:
    await migrate(url, [package])

    await roll_back(url, package, to=0)

    assert await tables(url) == {"schema_migration"}
    assert len(await migrate(url, [package])) == 2


async def test_a_migration_that_was_changed_after_is_refused(url: str, package: str) -> None:
    await migrate(url, [package])
    change(package, "000001*.up.sql", "create table toy (name text not null);")

    with pytest.raises(MigrationError, match="000001 create_toy was changed"):
        await migrate(url, [package])


async def test_a_database_of_a_newer_program_is_refused(url: str, package: str) -> None:
    await migrate(url, [package])
    remove(package, "000002*")

    with pytest.raises(MigrationError, match="newer than this program"):
        await migrate(url, [package])


def test_a_gap_is_refused(package: str) -> None:
    remove(package, "000001*")

    with pytest.raises(MigrationError, match="gaps"):
        find(package)


async def test_the_kits_own_migrations_go_both_ways(url: str) -> None:
    await migrate(url, ["revenge.kit"])
    await roll_back(url, "revenge.kit", to=0)

    assert await tables(url) == {"schema_migration"}


def change(package: str, pattern: str, script: str) -> None:
    (path,) = (Path(str(resources.files(package))) / "migrations").glob(pattern)
    path.write_text(script)


def remove(package: str, pattern: str) -> None:
    for path in (Path(str(resources.files(package))) / "migrations").glob(pattern):
        path.unlink()
