import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.auth import rules
from revenge.auth.app import App
from revenge.auth.handlers import api_keys, sessions, users
from revenge.contracts import Caller, Denied, Event, Invalid, UserId, auth
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user, an_admin, sent

PASSWORD = "correct horse battery"

MakeUser = Callable[..., Awaitable[auth.User]]
Committed = Callable[[Event[Any]], Awaitable[list[Any]]]


def being(user: auth.User) -> Caller:
    caller = a_user(permissions=rules.permissions_of(user.role), username=user.username)
    return msgspec.structs.replace(caller, user_id=user.id)


async def test_users_see_themselves(make_user: MakeUser, tx: Tx) -> None:
    user = await make_user()

    with acting_as(being(user)):
        found = await users.get_me(auth.GetMe(), tx)

    assert found == user


async def test_services_may_ask_for_a_user_without_a_caller(make_user: MakeUser, tx: Tx) -> None:
    user = await make_user()

    assert await users.get_user(auth.GetUser(user.id), tx) == user


async def test_an_unknown_user_is_not_found(tx: Tx) -> None:
    with pytest.raises(auth.UserNotFound):
        await users.get_user(auth.GetUser(UserId(uuid4())), tx)


async def test_only_the_given_fields_change(make_user: MakeUser, tx: Tx) -> None:
    user = await make_user()

    with acting_as(being(user)):
        named = await users.update_me(auth.UpdateMe(display_name="Some One"), tx)
        moved = await users.update_me(auth.UpdateMe(timezone="Europe/Berlin"), tx)
        unnamed = await users.update_me(auth.UpdateMe(display_name=None), tx)

    assert (named.display_name, named.email, named.timezone) == ("Some One", user.email, "UTC")
    assert (moved.display_name, moved.timezone) == ("Some One", "Europe/Berlin")
    assert unnamed.display_name is None
    assert len(await sent(tx, auth.user_updated)) == 3


async def test_another_address_is_not_verified_yet(make_user: MakeUser, tx: Tx) -> None:
    user = await make_user()
    await tx.run("update account set email_verified = true where id = %(id)s", id=user.id)

    with acting_as(being(user)):
        same = await users.update_me(auth.UpdateMe(email=user.email), tx)
        other = await users.update_me(auth.UpdateMe(email=f"{uuid4().hex}@example.org"), tx)

    assert same.email_verified
    assert not other.email_verified


async def test_the_address_of_another_cannot_be_taken(make_user: MakeUser, tx: Tx) -> None:
    user, other = await make_user(), await make_user()

    with acting_as(being(user)), pytest.raises(auth.EmailTaken):
        await users.update_me(auth.UpdateMe(email=other.email.upper()), tx)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+3"])
async def test_a_time_zone_is_taken_by_its_name(make_user: MakeUser, tx: Tx, name: str) -> None:
    with acting_as(being(await make_user())):
        assert (await users.update_me(auth.UpdateMe(timezone=name), tx)).timezone == name


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "Europe/", "Mars/Base", "a\nb"])
async def test_what_is_no_time_zone_is_refused(make_user: MakeUser, tx: Tx, name: str) -> None:
    with acting_as(being(await make_user())), pytest.raises(Invalid):
        await users.update_me(auth.UpdateMe(timezone=name), tx)


async def test_a_changed_password_is_the_only_one_that_works(
    app: App, make_user: MakeUser, committed: Committed
) -> None:
    user = await make_user()

    with acting_as(being(user)):
        await users.change_password(auth.ChangePassword(PASSWORD, "another horse"), app)

    assert await sessions.login(auth.Login(user.username, "another horse"), app)
    with pytest.raises(auth.WrongCredentials):
        await sessions.login(auth.Login(user.username, PASSWORD), app)
    assert user.id in {m.user_id for m in await committed(auth.password_changed)}


async def test_changing_the_password_signs_out(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    signed_in = await sessions.login(auth.Login(user.username, PASSWORD), app)

    with acting_as(being(user)):
        await users.change_password(auth.ChangePassword(PASSWORD, "another horse"), app)

    with pytest.raises(auth.TokenInvalid):
        await sessions.refresh(auth.Refresh(signed_in.refresh_token), app)


async def test_the_old_password_is_needed_for_a_new_one(app: App, make_user: MakeUser) -> None:
    with acting_as(being(await make_user())), pytest.raises(auth.WrongCredentials):
        await users.change_password(auth.ChangePassword("wrong", "another horse"), app)


async def test_a_weak_password_is_refused(app: App, make_user: MakeUser) -> None:
    with acting_as(being(await make_user())), pytest.raises(auth.PasswordWeak):
        await users.change_password(auth.ChangePassword(PASSWORD, "password1"), app)


async def test_an_administrator_makes_users(app: App, committed: Committed) -> None:
    username = f"new_{uuid4().hex[:16]}"

    with acting_as(an_admin()):
        made = await users.create_user(auth.CreateUser(username, PASSWORD), app)

    assert made.role is auth.Role.USER
    assert made.email == ""
    assert (await sessions.login(auth.Login(username, PASSWORD), app)).user.id == made.id
    assert made.id in {m.user_id for m in await committed(auth.user_created)}


async def test_names_and_addresses_are_unique_in_any_case(app: App, make_user: MakeUser) -> None:
    user = await make_user()

    with acting_as(an_admin()):
        with pytest.raises(auth.UsernameTaken):
            await users.create_user(auth.CreateUser(user.username.upper(), PASSWORD), app)
        with pytest.raises(auth.EmailTaken):
            await users.create_user(
                auth.CreateUser(f"n_{uuid4().hex[:8]}", PASSWORD, user.email.upper()), app
            )


async def test_a_key_for_writing_cannot_make_an_administrator(app: App) -> None:
    with acting_as(a_user(permissions=["users:create"])), pytest.raises(Denied):
        await users.create_user(
            auth.CreateUser(f"n_{uuid4().hex[:8]}", PASSWORD, role=auth.Role.ADMIN), app
        )


async def test_users_are_listed_by_part_of_their_name(make_user: MakeUser, tx: Tx) -> None:
    user, other = await make_user(), await make_user()

    by_name = await users.list_users(auth.ListUsers(query=user.username[5:].upper()), tx)
    by_address = await users.list_users(auth.ListUsers(query=f"{other.username}@ex"), tx)

    assert (by_name.users, by_name.total) == ((user,), 1)
    assert (by_address.users, by_address.total) == ((other,), 1)


@pytest.mark.parametrize("query", ["%", "_______", "\\", "'; drop table account; --"])
async def test_signs_with_a_meaning_in_sql_have_none_in_a_query(
    tx: Tx, make_user: MakeUser, query: str
) -> None:
    await make_user()

    assert (await users.list_users(auth.ListUsers(query=query), tx)).total == 0


async def test_lists_come_in_pages_and_know_their_length(make_user: MakeUser, tx: Tx) -> None:
    for _ in range(3):
        await make_user(auth.Role.ADMIN)

    first = await users.list_users(auth.ListUsers(is_admin=True, limit=2), tx)
    rest = await users.list_users(auth.ListUsers(is_admin=True, limit=100, offset=2), tx)

    assert len(first.users) == 2
    assert len(first.users) + len(rest.users) == first.total == rest.total
    assert all(user.is_admin for user in first.users)


async def test_a_deleted_user_is_gone_and_the_names_are_free_again(
    make_user: MakeUser, tx: Tx
) -> None:
    user = await make_user()

    await users.delete_user(auth.DeleteUser(user.id), tx)

    with pytest.raises(auth.UserNotFound):
        await users.get_user(auth.GetUser(user.id), tx)
    inserted = await tx.run(
        """
        insert into account (username, email, password_hash, role)
        values (%(username)s, %(email)s, '', 'user')
        """,
        username=user.username,
        email=user.email,
    )
    assert inserted == 1


async def test_deleting_a_user_ends_sessions_and_keys_and_tells_the_others(
    app: App, make_user: MakeUser, tx: Tx
) -> None:
    user = await make_user()
    await sessions.login(auth.Login(user.username, PASSWORD), app)
    with acting_as(being(user)):
        request = auth.CreateApiKey("key", (auth.Scope.READ,))
        key = await api_keys.create_api_key(request, tx)

    await users.delete_user(auth.DeleteUser(user.id), tx)

    assert [m.user_id for m in await sent(tx, auth.session_revoked)] == [user.id]
    assert [m.key_id for m in await sent(tx, auth.api_key_revoked)] == [key.id]
    assert [m.user_id for m in await sent(tx, auth.user_deleted)] == [user.id]


async def test_the_last_administrator_stays(untouched: App) -> None:
    with acting_as(an_admin()):
        wanted = [auth.CreateUser(name, PASSWORD, role=auth.Role.ADMIN) for name in ("one", "two")]
        made = [await users.create_user(one, untouched) for one in wanted]

    async def delete(user: auth.User) -> None:
        async with untouched.db.begin() as tx:
            await users.delete_user(auth.DeleteUser(user.id), tx)

    results = await asyncio.gather(*(delete(user) for user in made), return_exceptions=True)

    assert sum(isinstance(result, auth.LastAdministrator) for result in results) == 1
    assert sum(result is None for result in results) == 1
