"""Migrations: plain SQL in the package that owns the schema, applied once and in order.

`000001_create_users.up.sql` and `000001_create_users.down.sql`: one logical change each, no gaps. A
file whose first line is `-- no transaction` runs statement by statement outside of one. An
applied file must not change: its checksum is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

import msgspec
from loguru import logger
from psycopg import AsyncConnection

from revenge.contracts.services import Service
from revenge.kit.rows import struct_row

NAME = re.compile(r"^(\d{6})_([a-z0-9_]+)\.(up|down)\.sql$")
NO_TRANSACTION = "-- no transaction"
LOCK = 7_260_001  # advisory lock; one number for all, the schema is the second key


class MigrationError(Exception):
    """The migrations of a package and those applied do not fit together."""


class Migration(msgspec.Struct, frozen=True):
    package: str
    version: int
    name: str
    up: str
    down: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.up.encode()).hexdigest()


class Applied(msgspec.Struct, frozen=True):
    package: str
    version: int
    name: str
    checksum: str


def packages_of(service: Service) -> tuple[str, ...]:
    """Where the migrations of a service are: the kit's, its own, and one for each sub-schema."""
    parts = (f"{service.package}.{schema}" for schema in service.schemas[1:])
    return tuple(dict.fromkeys(("revenge.kit", service.package, *parts)))


def find(package: str) -> list[Migration]:
    """The migrations of a package, in order; none where it has no folder of them.

    Raises `MigrationError` on gaps and odd names.
    """
    folder = resources.files(package) / "migrations"
    if not folder.is_dir():
        return []
    texts: dict[tuple[int, str], dict[str, str]] = {}
    for file in folder.iterdir():
        named = NAME.match(file.name)
        if named is None:
            raise MigrationError(f"{package}: {file.name} is not named like 000001_what.up.sql")
        texts.setdefault((int(named[1]), named[2]), {})[named[3]] = file.read_text("utf-8")
    if [version for version, _ in sorted(texts)] != list(range(1, len(texts) + 1)):
        raise MigrationError(f"{package}: the migrations have gaps or share a number")
    return [
        Migration(package, version, name, both["up"], both["down"])
        for (version, name), both in sorted(texts.items())
    ]


async def migrate(url: str, packages: Sequence[str]) -> list[Migration]:
    """Apply what is missing in the schema that `url` leads to. Returns what was applied.

    Waits while another process does the same. Raises `MigrationError` when an applied migration
    was changed or is unknown.
    """
    done: list[Migration] = []
    async with _locked(url) as connection:
        applied = await _applied(connection)
        for migration in _missing(packages, applied):
            logger.info(
                "migrating {}: {:06} {}", migration.package, migration.version, migration.name
            )
            await _run(connection, migration.up)
            await _record(connection, migration)
            done.append(migration)
    return done


async def roll_back(url: str, package: str, to: int) -> list[Migration]:
    """Undo the migrations of one package down to, and without, version `to`."""
    known = {migration.version: migration for migration in find(package)}
    done: list[Migration] = []
    async with _locked(url) as connection:
        applied = [row for row in await _applied(connection) if row.package == package]
        for row in sorted(applied, key=lambda row: -row.version):
            if row.version <= to:
                break
            await _run(connection, known[row.version].down)
            await connection.execute(
                """
                delete from schema_migration
                where package = %(package)s and version = %(version)s
                """,
                {"package": package, "version": row.version},
            )
            done.append(known[row.version])
    return done


def _missing(packages: Sequence[str], applied: Sequence[Applied]) -> list[Migration]:
    known = {(row.package, row.version): row for row in applied}
    missing: list[Migration] = []
    for package in packages:
        migrations = find(package)
        for migration in migrations:
            row = known.get((package, migration.version))
            if row is None:
                missing.append(migration)
            elif row.checksum != migration.checksum:
                raise MigrationError(
                    f"{package}: {migration.version:06} {migration.name} "
                    "was changed after it was applied"
                )
        newest = max((row.version for row in applied if row.package == package), default=0)
        if newest > len(migrations):
            raise MigrationError(
                f"{package}: the database is at {newest:06}, newer than this program; "
                "start the newer version, or restore a backup"
            )
    return missing


@asynccontextmanager
async def _locked(url: str) -> AsyncGenerator[AsyncConnection[Any]]:
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("set lock_timeout = '10s'")
        await connection.execute("set statement_timeout = '15min'")
        await connection.execute("set client_min_messages = 'warning'")
        # polled: one who waits inside the database holds a snapshot, for which
        # `create index concurrently` in the one who works waits in turn
        while not await _try_lock(connection):  # noqa: ASYNC110 - the lock is in the database
            await asyncio.sleep(0.2)
        await connection.execute(
            """
            create table if not exists schema_migration (
                package    text not null,
                version    int not null,
                name       text not null,
                checksum   text not null,
                applied_at timestamptz not null default now(),
                primary key (package, version)
            )
            """
        )
        yield connection


async def _try_lock(connection: AsyncConnection[Any]) -> bool:
    cursor = await connection.execute(
        "select pg_try_advisory_lock(%(lock)s, current_schema()::regnamespace::oid::int)",
        {"lock": LOCK},
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


async def _applied(connection: AsyncConnection[Any]) -> list[Applied]:
    async with connection.cursor(row_factory=struct_row(Applied)) as cursor:
        await cursor.execute("select package, version, name, checksum from schema_migration")
        return await cursor.fetchall()


async def _run(connection: AsyncConnection[Any], script: str) -> None:
    if script.startswith(NO_TRANSACTION):
        for statement in filter(str.strip, script.split(";\n")):
            await connection.execute(statement.encode())
        return
    async with connection.transaction():
        await connection.execute(script.encode())


async def _record(connection: AsyncConnection[Any], migration: Migration) -> None:
    await connection.execute(
        """
        insert into schema_migration (package, version, name, checksum)
        values (%(package)s, %(version)s, %(name)s, %(checksum)s)
        """,
        {
            "package": migration.package,
            "version": migration.version,
            "name": migration.name,
            "checksum": migration.checksum,
        },
    )
