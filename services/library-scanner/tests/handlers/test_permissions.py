"""Who may do what with a library."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import (
    LibraryId,
    Unavailable,
    UserId,
    auth,
    library,
)
from revenge.contracts.library import (
    Permission,
)
from revenge.kit import Bus, Database, Router, Service, Settings, always, settings
from revenge.kit.testing import running
from revenge.library_scanner.handlers import permissions

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]

pytestmark = pytest.mark.usefixtures("scanning")  # what they make is gone after each


@pytest.fixture
async def known_user(nats: settings.Nats) -> AsyncGenerator[UserId]:
    """A user whom the service that keeps the users knows; it knows nobody else."""
    known = UserId(uuid4())
    router: Router[None] = Router()

    @router.rpc(auth.get_user)
    async def get_user(request: auth.GetUser, _: None) -> auth.User:
        if request.user_id != known:
            raise auth.UserNotFound
        return the_user(known)

    async def open_it(service: Service, _: Settings) -> None:
        service.include(router, scope=always(None))

    async with running("auth", Settings(nats=nats), open_it):
        yield known


def the_user(id: UserId) -> auth.User:
    return msgspec.convert(
        {
            "id": id,
            "username": "somebody",
            "email": "somebody@example.org",
            "role": "user",
            "is_active": True,
            "is_admin": False,
            "email_verified": True,
            "created_at": datetime.now(UTC),
        },
        auth.User,
    )


async def test_a_permission_is_granted_and_all_that_is_held_is_told(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    app = permissions.Granting(bus, db)

    for permission in (Permission.VIEW, Permission.DOWNLOAD, Permission.VIEW):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, known_user, permission), app
        )

    held = [set(event.permissions) for event in await shelf.told(library.permission_changed)]
    both = {Permission.VIEW, Permission.DOWNLOAD}
    assert held == [{Permission.VIEW}, both, both]
    async with db.read() as rows:
        listed = await permissions.list_permissions(library.ListPermissions(shelf.library.id), rows)
    assert listed.total == 2


async def test_a_user_whom_nobody_knows_is_granted_nothing(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    stranger = UserId(uuid4())

    with pytest.raises(library.UserUnknown):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, stranger, Permission.VIEW),
            permissions.Granting(bus, db),
        )

    assert stranger != known_user
    assert await shelf.told(library.permission_changed) == []


async def test_nothing_is_granted_while_nobody_can_say_who_the_user_is(
    shelf: Shelf, bus: Bus, db: Database
) -> None:
    with pytest.raises(Unavailable):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, UserId(uuid4()), Permission.VIEW),
            permissions.Granting(bus, db),
        )


async def test_a_permission_on_a_library_that_there_is_not_is_refused(
    known_user: UserId, bus: Bus, db: Database
) -> None:
    with pytest.raises(library.LibraryNotFound):
        await permissions.grant_permission(
            library.GrantPermission(LibraryId(uuid4()), known_user, Permission.VIEW),
            permissions.Granting(bus, db),
        )


async def test_what_is_revoked_is_told_with_what_is_left(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    app = permissions.Granting(bus, db)
    for permission in (Permission.VIEW, Permission.DOWNLOAD):
        await permissions.grant_permission(
            library.GrantPermission(shelf.library.id, known_user, permission), app
        )

    async with db.begin() as tx:
        await permissions.revoke_permission(
            library.RevokePermission(shelf.library.id, known_user, Permission.VIEW), tx
        )

    last = (await shelf.told(library.permission_changed))[-1]
    assert (last.user_id, last.permissions) == (known_user, (Permission.DOWNLOAD,))


async def test_a_deleted_user_holds_nothing(
    shelf: Shelf, known_user: UserId, bus: Bus, db: Database
) -> None:
    await permissions.grant_permission(
        library.GrantPermission(shelf.library.id, known_user, Permission.VIEW),
        permissions.Granting(bus, db),
    )

    async with db.begin() as tx:
        await permissions.forget_user(auth.UserEvent(known_user, "somebody"), tx)

    async with db.read() as rows:
        listed = await permissions.list_permissions(library.ListPermissions(shelf.library.id), rows)
    assert listed.total == 0
    last = (await shelf.told(library.permission_changed))[-1]
    assert (last.user_id, last.permissions) == (known_user, ())


async def test_of_a_user_who_held_nothing_nothing_is_told(shelf: Shelf, db: Database) -> None:
    async with db.begin() as tx:
        await permissions.forget_user(auth.UserEvent(UserId(uuid4()), "somebody"), tx)

    assert await shelf.told(library.permission_changed) == []
