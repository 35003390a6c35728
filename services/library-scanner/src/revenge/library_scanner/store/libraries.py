# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Libraries, and who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from revenge.contracts import LibraryId, UserId
from revenge.contracts.library import (
    CreateLibrary,
    Library,
    LibraryPermission,
    Permission,
    Watch,
)
from revenge.kit import Reading, Tx

COLUMNS: LiteralString = """
    id, name, type, paths, enabled, scan_on_startup, realtime_monitoring, scan_interval,
    metadata_provider, preferred_language, scanner_config, watch, watch_reason, problem,
    created_at, updated_at
"""
SELECT: LiteralString = "select " + COLUMNS + " from library "


async def find(rows: Reading, library_id: LibraryId) -> Library | None:
    return await rows.maybe(
        Library,
        SELECT
        + """
        where id = %(id)s
        """,
        id=library_id,
    )


async def list_all(rows: Reading) -> list[Library]:
    return await rows.all(
        Library,
        SELECT
        + """
        order by lower(name)
        """,
    )


async def list_viewed_by(rows: Reading, user_id: UserId) -> list[Library]:
    """The enabled ones that this user may view."""
    return await rows.all(
        Library,
        SELECT
        + """
        where enabled
          and exists (
              select from library_permission as held
              where held.library_id = library.id
                and held.user_id = %(user_id)s
                and held.permission = 'view'
          )
        order by lower(name)
        """,
        user_id=user_id,
    )


async def list_due(rows: Reading) -> list[Library]:
    """Those whose last scan was asked for longer ago than they want.

    One from the future counts for nothing: some clock was wrong.
    """
    return await rows.all(
        Library,
        SELECT
        + """
        where enabled
          and scan_interval is not null
          and not exists (
              select from scan
              where scan.library_id = library.id
                and scan.created_at > now() - make_interval(secs => scan_interval)
                and scan.created_at <= now()
          )
        order by lower(name)
        """,
    )


async def others(rows: Reading, besides: LibraryId | None) -> list[Library]:
    """All but one: those that a name or a folder may collide with."""
    return [library for library in await list_all(rows) if library.id != besides]


async def take_turns(tx: Tx) -> None:
    """Until this commits, whoever else asks waits: folders are compared with all others'."""
    await tx.run("lock table library in share row exclusive mode")


async def add(tx: Tx, wanted: CreateLibrary) -> Library:
    """Raises UniqueViolation when the name is taken meanwhile."""
    return await tx.one(
        Library,
        """
        insert into library (name, type, paths, enabled, scan_on_startup, realtime_monitoring,
                             scan_interval, metadata_provider, preferred_language, scanner_config)
        values (%(name)s, %(type)s, %(paths)s, %(enabled)s, %(scan_on_startup)s,
                %(realtime_monitoring)s, %(scan_interval)s, %(metadata_provider)s,
                %(preferred_language)s, %(scanner_config)s)
        returning """
        + COLUMNS,
        **_columns(wanted),
        type=wanted.type.value,
    )


async def change(tx: Tx, library: Library) -> Library:
    """Raises UniqueViolation when the name is taken meanwhile."""
    return await tx.one(
        Library,
        """
        update library
        set name = %(name)s,
            paths = %(paths)s,
            enabled = %(enabled)s,
            scan_on_startup = %(scan_on_startup)s,
            realtime_monitoring = %(realtime_monitoring)s,
            scan_interval = %(scan_interval)s,
            metadata_provider = %(metadata_provider)s,
            preferred_language = %(preferred_language)s,
            scanner_config = %(scanner_config)s,
            updated_at = now()
        where id = %(id)s
        returning """
        + COLUMNS,
        **_columns(library),
        id=library.id,
    )


async def remove(tx: Tx, library_id: LibraryId) -> None:
    await tx.run("delete from library where id = %(id)s", id=library_id)


async def set_problem(tx: Tx, library_id: LibraryId, problem: str | None) -> bool:
    """True if that is news."""
    changed = await tx.run(
        """
        update library
        set problem = %(problem)s
        where id = %(id)s and problem is distinct from %(problem)s
        """,
        id=library_id,
        problem=problem,
    )
    return changed == 1


async def set_watch(tx: Tx, library_id: LibraryId, watch: Watch, reason: str | None) -> bool:
    """True if that is news."""
    changed = await tx.run(
        """
        update library
        set watch = %(watch)s, watch_reason = %(reason)s
        where id = %(id)s
          and (watch, watch_reason) is distinct from (%(watch)s, %(reason)s)
        """,
        id=library_id,
        watch=watch.value,
        reason=reason,
    )
    return changed == 1


async def permissions(rows: Reading, library_id: LibraryId) -> list[LibraryPermission]:
    return await rows.all(
        LibraryPermission,
        """
        select library_id, user_id, permission, created_at
        from library_permission
        where library_id = %(library_id)s
        order by created_at, user_id, permission
        """,
        library_id=library_id,
    )


async def grant(
    tx: Tx, library_id: LibraryId, user_id: UserId, permission: Permission
) -> LibraryPermission:
    return await tx.one(
        LibraryPermission,
        """
        insert into library_permission (library_id, user_id, permission)
        values (%(library_id)s, %(user_id)s, %(permission)s)
        on conflict (library_id, user_id, permission) do update
        set permission = excluded.permission
        returning library_id, user_id, permission, created_at
        """,
        library_id=library_id,
        user_id=user_id,
        permission=permission.value,
    )


async def revoke(tx: Tx, library_id: LibraryId, user_id: UserId, permission: Permission) -> None:
    await tx.run(
        """
        delete from library_permission
        where library_id = %(library_id)s
          and user_id = %(user_id)s
          and permission = %(permission)s
        """,
        library_id=library_id,
        user_id=user_id,
        permission=permission.value,
    )


async def revoke_all(tx: Tx, user_id: UserId) -> Sequence[LibraryId]:
    """Of which libraries the user held anything."""
    revoked = await tx.all(
        UUID,
        """
        with revoked as (
            delete from library_permission
            where user_id = %(user_id)s
            returning library_id
        )
        select distinct library_id from revoked order by library_id
        """,
        user_id=user_id,
    )
    return list(map(LibraryId, revoked))


async def held_by(rows: Reading, library_id: LibraryId, user_id: UserId) -> Sequence[Permission]:
    return await rows.all(
        Permission,
        """
        select permission
        from library_permission
        where library_id = %(library_id)s and user_id = %(user_id)s
        order by permission
        """,
        library_id=library_id,
        user_id=user_id,
    )


def _columns(of: CreateLibrary | Library) -> dict[str, Any]:
    config = of.scanner_config
    return {
        "name": of.name,
        "paths": list(of.paths),
        "enabled": of.enabled,
        "scan_on_startup": of.scan_on_startup,
        "realtime_monitoring": of.realtime_monitoring,
        "scan_interval": of.scan_interval,
        "metadata_provider": of.metadata_provider,
        "preferred_language": of.preferred_language,
        "scanner_config": None if config is None else Jsonb(msgspec.to_builtins(config)),
    }
