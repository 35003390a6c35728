"""What must be there before a service starts: roles, schemas, tables, streams and buckets."""

from __future__ import annotations

import asyncio

import psycopg
from psycopg import sql

from revenge.contracts.services import SERVICES, Service
from revenge.embedded.suite.servers import DATABASE, Servers
from revenge.kit import Bus, streams
from revenge.kit.migrate import Migration, migrate, packages_of
from revenge.kit.provision import provision


async def prepare(servers: Servers) -> list[Migration]:
    """Make what is missing, once or again. Returns the migrations that were applied."""
    await _create_database(servers.postgres.url)
    await provision(servers.database_url, servers.passwords)
    async with Bus.connect(servers.bus, "revenge-prepare") as bus:
        applied, _ = await asyncio.gather(migrate_all(servers), streams.ensure(bus.js))
    return applied


async def migrate_all(servers: Servers) -> list[Migration]:
    """The schemas of all services, side by side."""
    owners = [service for service in SERVICES if service.schemas]
    done = await asyncio.gather(*(_migrate(service, servers) for service in owners))
    return [migration for applied in done for migration in applied]


async def _migrate(service: Service, servers: Servers) -> list[Migration]:
    return await migrate(servers.database_of(service), packages_of(service))


async def _create_database(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        found = await connection.execute(
            "select 1 from pg_database where datname = %s", (DATABASE,)
        )
        if await found.fetchone() is None:
            await connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
