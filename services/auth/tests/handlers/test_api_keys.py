from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from revenge.auth import rules
from revenge.auth.app import digest
from revenge.auth.handlers import api_keys
from revenge.contracts import ApiKeyId, Caller, Denied, Invalid, UserId, auth
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user, sent

MakeUser = Callable[..., Awaitable[auth.User]]
READ = (auth.Scope.READ,)


def being(user: auth.User, *scopes: auth.Scope) -> Caller:
    """The user, signed in; or with scopes, a key of theirs."""
    permissions = rules.permissions_of(user.role, scopes or None)
    caller = a_user(permissions=permissions, username=user.username)
    return msgspec.structs.replace(caller, user_id=user.id, role=user.role.value)


async def test_a_key_tells_whose_it_is_and_what_it_is_for(make_user: MakeUser, tx: Tx) -> None:
    user = await make_user()
    with acting_as(being(user)):
        created = await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)

    found = await api_keys.identify_key(auth.IdentifyKey(created.api_key), tx)

    assert (found.user_id, found.username, found.role) == (user.id, user.username, auth.Role.USER)
    assert found.api_key_id == created.id
    assert set(found.permissions) == rules.permissions_of(auth.Role.USER, READ)


async def test_a_key_is_shown_once_and_kept_as_a_digest(make_user: MakeUser, tx: Tx) -> None:
    with acting_as(being(await make_user())):
        created = await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)
        listed = await api_keys.list_api_keys(auth.ListApiKeys(), tx)

    assert created.api_key.startswith("rv_")
    assert len(created.api_key) == 67
    assert created.api_key not in msgspec.json.encode(listed).decode()
    assert listed.keys[0].key_prefix == created.key_prefix == created.api_key[:8]
    stored = await tx.all(bytes, "select digest from api_key where id = %(id)s", id=created.id)
    assert stored == [digest(created.api_key)]


@pytest.mark.parametrize("key", ["x", "rv_", "rv_" + "0" * 64, "\x00"])
async def test_an_unknown_key_is_nobodys(tx: Tx, key: str) -> None:
    with pytest.raises(auth.TokenInvalid):
        await api_keys.identify_key(auth.IdentifyKey(key), tx)


async def test_the_use_of_a_key_is_noted_once_a_minute(make_user: MakeUser, tx: Tx) -> None:
    with acting_as(being(await make_user())):
        created = await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)
        seen: list[datetime | None] = []
        for age in (None, timedelta(seconds=50), timedelta(seconds=70)):
            if age is not None:
                await tx.run("update api_key set last_used_at = now() - %(age)s", age=age)
            await api_keys.identify_key(auth.IdentifyKey(created.api_key), tx)
            seen.append((await api_keys.get_api_key(auth.GetApiKey(created.id), tx)).last_used_at)

    first, within, after = (moment for moment in seen if moment is not None)
    assert first == after
    assert first - within == timedelta(seconds=50)


async def test_an_expired_key_is_worth_nothing_and_frees_its_place(
    make_user: MakeUser, tx: Tx
) -> None:
    user = await make_user()
    with acting_as(being(user)):
        keys = [
            await api_keys.create_api_key(auth.CreateApiKey(f"key {n}", READ), tx)
            for n in range(10)
        ]
        with pytest.raises(auth.TooManyApiKeys):
            await api_keys.create_api_key(auth.CreateApiKey("one more", READ), tx)
        await tx.run(
            "update api_key set expires_at = now() - interval '1 s' where id = %(id)s",
            id=keys[0].id,
        )
        await api_keys.create_api_key(auth.CreateApiKey("one more", READ), tx)
        listed = await api_keys.list_api_keys(auth.ListApiKeys(), tx)

    with pytest.raises(auth.TokenInvalid):
        await api_keys.identify_key(auth.IdentifyKey(keys[0].api_key), tx)
    assert [key.is_active for key in listed.keys].count(False) == 1


async def test_a_key_cannot_expire_before_it_is_made(make_user: MakeUser, tx: Tx) -> None:
    passed = datetime.now(UTC) - timedelta(seconds=1)

    with acting_as(being(await make_user())), pytest.raises(Invalid):
        await api_keys.create_api_key(auth.CreateApiKey("tv", READ, expires_at=passed), tx)


async def test_a_key_of_an_inactive_user_is_worth_nothing(make_user: MakeUser, tx: Tx) -> None:
    user = await make_user()
    with acting_as(being(user)):
        created = await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)
    await tx.run("update account set is_active = false where id = %(id)s", id=user.id)

    with pytest.raises(auth.TokenInvalid):
        await api_keys.identify_key(auth.IdentifyKey(created.api_key), tx)


async def test_a_deleted_key_is_worth_nothing_and_others_are_told(
    make_user: MakeUser, tx: Tx
) -> None:
    user = await make_user()
    with acting_as(being(user)):
        created = await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)
        await api_keys.delete_api_key(auth.DeleteApiKey(created.id), tx)

    with pytest.raises(auth.TokenInvalid):
        await api_keys.identify_key(auth.IdentifyKey(created.api_key), tx)
    assert [m.key_id for m in await sent(tx, auth.api_key_revoked)] == [created.id]


async def test_keys_of_others_can_be_neither_seen_nor_deleted(make_user: MakeUser, tx: Tx) -> None:
    with acting_as(being(await make_user())):
        created = await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)

    with acting_as(being(await make_user())):
        with pytest.raises(auth.ApiKeyNotFound):
            await api_keys.get_api_key(auth.GetApiKey(created.id), tx)
        with pytest.raises(auth.ApiKeyNotFound):
            await api_keys.delete_api_key(auth.DeleteApiKey(created.id), tx)
        assert (await api_keys.list_api_keys(auth.ListApiKeys(), tx)).total == 0


@pytest.mark.parametrize("scope", [auth.Scope.READ, auth.Scope.WRITE])
async def test_a_narrowed_key_cannot_make_another_key(
    make_user: MakeUser, tx: Tx, scope: auth.Scope
) -> None:
    admin = await make_user(auth.Role.ADMIN)

    with acting_as(being(admin, scope)), pytest.raises(Denied):
        await api_keys.create_api_key(auth.CreateApiKey("more", (auth.Scope.ADMIN,)), tx)


async def test_a_user_who_is_gone_makes_no_keys(make_user: MakeUser, tx: Tx) -> None:
    gone = msgspec.structs.replace(being(await make_user()), user_id=UserId(uuid4()))

    with acting_as(gone), pytest.raises(Denied):
        await api_keys.create_api_key(auth.CreateApiKey("tv", READ), tx)


async def test_an_unknown_id_is_not_found(make_user: MakeUser, tx: Tx) -> None:
    with acting_as(being(await make_user())), pytest.raises(auth.ApiKeyNotFound):
        await api_keys.get_api_key(auth.GetApiKey(ApiKeyId(uuid4())), tx)
