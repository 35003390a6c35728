"""Who may see a library."""

from __future__ import annotations

from dataclasses import dataclass

from revenge.contracts import LibraryId, Nothing, UserId, auth, library
from revenge.kit import Bus, Database, Reading, Router, Tx
from revenge.library_scanner.handlers.libraries import existing
from revenge.library_scanner.store import libraries


@dataclass(frozen=True)
class Granting:
    bus: Bus
    db: Database


reads = Router[Reading]()
writes = Router[Tx]()
grants = Router[Granting]()


@reads.rpc(library.list_permissions)
async def list_permissions(
    request: library.ListPermissions, rows: Reading
) -> library.PermissionList:
    await existing(rows, request.library_id)
    found = await libraries.permissions(rows, request.library_id)
    return library.PermissionList(tuple(found), len(found))


@grants.rpc(library.grant_permission)
async def grant_permission(
    request: library.GrantPermission, app: Granting
) -> library.LibraryPermission:
    try:  # asked before anything is open
        await app.bus.call(auth.get_user, auth.GetUser(request.user_id))
    except auth.UserNotFound as error:
        raise library.UserUnknown from error
    async with app.db.begin() as tx:
        await existing(tx, request.library_id)
        granted = await libraries.grant(tx, request.library_id, request.user_id, request.permission)
        await announce(tx, request.library_id, request.user_id)
    return granted


@writes.rpc(library.revoke_permission)
async def revoke_permission(request: library.RevokePermission, tx: Tx) -> Nothing:
    await existing(tx, request.library_id)
    await libraries.revoke(tx, request.library_id, request.user_id, request.permission)
    await announce(tx, request.library_id, request.user_id)
    return Nothing()


@writes.on(auth.user_deleted)
async def forget_user(event: auth.UserEvent, tx: Tx) -> None:
    for library_id in await libraries.revoke_all(tx, event.user_id):
        await announce(tx, library_id, event.user_id)


async def announce(tx: Tx, library_id: LibraryId, user_id: UserId) -> None:
    """Say all that the user holds now."""
    held = await libraries.held_by(tx, library_id, user_id)
    changed = library.PermissionChanged(library_id, user_id, tuple(held))
    await tx.emit(library.permission_changed, changed)
