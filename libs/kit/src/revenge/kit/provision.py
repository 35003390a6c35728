"""Database roles and schemas: one of each for every service, that reach nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection, conninfo, sql

from revenge.contracts.services import SERVICES, Service

LOCK = 7_260_000  # advisory: two at once would disturb each other


async def provision(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make, or bring up to date, the roles and schemas of all services in this database.

    `passwords` are by the service's name. Needs a role that may create roles.
    """
    async with await AsyncConnection.connect(admin_url, autocommit=True) as connection:
        await connection.execute("select pg_advisory_lock(%s)", (LOCK,))  # ends with the session
        await connection.execute("revoke all on schema public from public")
        await connection.execute(
            sql.SQL("revoke all on database {} from public").format(
                sql.Identifier(connection.info.dbname)
            )
        )
        for service in SERVICES:
            if service.schemas:
                await _provision(connection, service, passwords[service.name])


def role_of(service: Service) -> str:
    return f"revenge_{service.name.replace('-', '_')}"


def url_for(service: Service, admin_url: str, password: str) -> str:
    """The same server and database, as the role of this service."""
    return conninfo.make_conninfo(admin_url, user=role_of(service), password=password)


async def _provision(connection: AsyncConnection[Any], service: Service, password: str) -> None:
    role = sql.Identifier(role_of(service))
    if not await _exists(connection, role_of(service)):
        await connection.execute(sql.SQL("create role {} login").format(role))
    await connection.execute(
        sql.SQL("alter role {} nosuperuser nocreatedb nocreaterole password {}").format(
            role, sql.Literal(password)
        )
    )
    database = sql.Identifier(connection.info.dbname)
    await connection.execute(sql.SQL("grant connect on database {} to {}").format(database, role))
    for schema in service.schemas:
        await connection.execute(
            sql.SQL("create schema if not exists {} authorization {}").format(
                sql.Identifier(schema), role
            )
        )
    await connection.execute(
        sql.SQL("alter role {} in database {} set search_path = {}").format(
            role, database, _path(service.schemas)
        )
    )


def _path(schemas: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(schema) for schema in schemas)


async def _exists(connection: AsyncConnection[Any], role: str) -> bool:
    cursor = await connection.execute("select 1 from pg_roles where rolname = %s", (role,))
    return await cursor.fetchone() is not None
