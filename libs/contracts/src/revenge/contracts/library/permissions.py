"""Who may do what with a library."""

from __future__ import annotations

import enum
from datetime import datetime

from revenge.contracts._ids import LibraryId, UserId
from revenge.contracts._kinds import Message, Nothing
from revenge.contracts.library._domain import domain
from revenge.contracts.library.faults import LibraryNotFound, UserUnknown


class Permission(enum.StrEnum):
    VIEW = "view"
    DOWNLOAD = "download"
    MANAGE = "manage"


class LibraryPermission(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permission: Permission
    created_at: datetime


class ListPermissions(Message, frozen=True):
    library_id: LibraryId


class PermissionList(Message, frozen=True):
    permissions: tuple[LibraryPermission, ...]
    total: int


class GrantPermission(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permission: Permission


class RevokePermission(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permission: Permission


class PermissionChanged(Message, frozen=True):
    library_id: LibraryId
    user_id: UserId
    permissions: tuple[Permission, ...]  # all that the user holds now


list_permissions = domain.rpc(
    "list_permissions", ListPermissions, PermissionList, raises=(LibraryNotFound,)
)
grant_permission = domain.rpc(
    "grant_permission", GrantPermission, LibraryPermission, raises=(LibraryNotFound, UserUnknown)
)
revoke_permission = domain.rpc(
    "revoke_permission", RevokePermission, Nothing, raises=(LibraryNotFound,)
)
permission_changed = domain.event("permission_changed", PermissionChanged)
