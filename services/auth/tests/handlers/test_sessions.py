import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import KeySet

from revenge.auth.app import App, digest
from revenge.auth.handlers import sessions
from revenge.auth.store import sessions as store
from revenge.auth.store import users
from revenge.contracts import Event, Invalid, Nothing, SessionId, Unauthenticated, auth
from revenge.kit import Tx, acting_as
from revenge.kit.testing import a_user, sent

PASSWORD = "correct horse battery"

MakeUser = Callable[..., Awaitable[auth.User]]
Committed = Callable[[Event[Any]], Awaitable[list[Any]]]


async def sign_in(app: App, user: auth.User, password: str = PASSWORD) -> auth.LoggedIn:
    return await sessions.login(auth.Login(user.username, password), app)


async def claims(app: App, access_token: str) -> dict[str, Any]:
    async with app.db.read() as rows:
        keys = await sessions.get_keys(auth.GetKeys(), rows)
    known = KeySet.import_key_set(msgspec.json.decode(keys.jwks))
    return jwt.decode(access_token, known, algorithms=["Ed25519"]).claims


async def use(app: App, refresh_token: str) -> auth.Refreshed:
    return await sessions.refresh(auth.Refresh(refresh_token), app)


async def let_pass(app: App, user: auth.User, seconds: int) -> None:
    """As if the sessions of this user had been used so long ago."""
    async with app.db.begin() as tx:
        await tx.run(
            """
            update session
            set used_at = used_at - %(seconds)s * interval '1 second'
            where account_id = %(user_id)s
            """,
            seconds=seconds,
            user_id=user.id,
        )


async def test_the_right_password_signs_in(app: App, make_user: MakeUser) -> None:
    user = await make_user()

    found = await sign_in(app, user)

    assert found.user.id == user.id
    assert found.user.last_login_at is not None
    assert found.expires_in == 3600
    assert (await claims(app, found.access_token))["sub"] == str(user.id)


async def test_the_name_may_be_the_address_in_any_case(app: App, make_user: MakeUser) -> None:
    user = await make_user()

    found = await sessions.login(auth.Login(user.email.upper(), PASSWORD), app)

    assert found.user.id == user.id


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    app: App, make_user: MakeUser
) -> None:
    user = await make_user()

    with pytest.raises(auth.WrongCredentials) as wrong:
        await sign_in(app, user, "wrong")
    with pytest.raises(auth.WrongCredentials) as unknown:
        await sessions.login(auth.Login(f"nobody_{uuid4().hex}", "wrong"), app)

    assert str(wrong.value) == str(unknown.value)


async def test_an_inactive_user_cannot_sign_in(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    async with app.db.begin() as tx:
        await tx.run("update account set is_active = false where id = %(id)s", id=user.id)

    with pytest.raises(auth.WrongCredentials):
        await sign_in(app, user)


async def test_five_failures_lock_a_name_even_for_the_right_password(
    app: App, make_user: MakeUser
) -> None:
    user = await make_user()
    for _ in range(5):
        with pytest.raises(auth.WrongCredentials):
            await sign_in(app, user, "wrong")

    with pytest.raises(auth.TooManyAttempts):
        await sign_in(app, user)


async def test_the_lock_is_the_same_for_the_name_and_the_address(
    app: App, make_user: MakeUser
) -> None:
    user = await make_user()
    for name in (user.username, user.email, user.username.upper(), user.email, user.username):
        with pytest.raises(auth.WrongCredentials):
            await sessions.login(auth.Login(name, "wrong"), app)

    with pytest.raises(auth.TooManyAttempts):
        await sessions.login(auth.Login(user.email, PASSWORD), app)


async def test_guesses_made_at_once_are_counted_one_by_one(app: App, make_user: MakeUser) -> None:
    user = await make_user()

    results = await asyncio.gather(
        *(sign_in(app, user, "wrong") for _ in range(12)), return_exceptions=True
    )

    kinds = [type(result) for result in results]
    assert kinds.count(auth.WrongCredentials) == 5
    assert kinds.count(auth.TooManyAttempts) == 7


async def test_a_lock_ends_after_a_quarter_of_an_hour(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    for _ in range(5):
        with pytest.raises(auth.WrongCredentials):
            await sign_in(app, user, "wrong")
    async with app.db.begin() as tx:
        await tx.run(
            "update failed_login set failed_at = now() - interval '15 min' where name = %(name)s",
            name=digest(user.username),
        )

    assert (await sign_in(app, user)).user.id == user.id


async def test_signing_in_clears_the_failures(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(auth.WrongCredentials):
                await sign_in(app, user, "wrong")
        await sign_in(app, user)


async def test_sign_ins_are_announced_without_what_strangers_typed(
    app: App, make_user: MakeUser, committed: Committed
) -> None:
    user = await make_user()
    typed = f"my-password-{uuid4().hex}"

    await sessions.login(auth.Login(user.username, PASSWORD, ip_address="192.0.2.1"), app)
    with pytest.raises(auth.WrongCredentials):
        await sessions.login(auth.Login(typed, "wrong", ip_address="192.0.2.2"), app)

    succeeded = [m for m in await committed(auth.login_succeeded) if m.user_id == user.id]
    assert [m.ip_address for m in succeeded] == ["192.0.2.1"]
    failed = await committed(auth.login_failed)
    assert typed not in {m.username for m in failed}
    assert "192.0.2.2" in {m.ip_address for m in failed}


async def test_an_outdated_hash_is_renewed_when_the_user_signs_in(
    app: App, make_user: MakeUser
) -> None:
    user = await make_user()
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    async with app.db.begin() as tx:
        await tx.run(
            "update account set password_hash = %(hash)s where id = %(id)s", hash=weaker, id=user.id
        )

    await sign_in(app, user)

    async with app.db.read() as rows:
        found = await users.find_own_credentials(rows, user.id)
    assert found is not None
    assert found.password_hash != weaker
    assert await app.passwords.check(PASSWORD, found.password_hash)


async def test_the_eleventh_session_ends_the_one_unused_longest(
    app: App, make_user: MakeUser, committed: Committed
) -> None:
    user = await make_user()
    first, second = await sign_in(app, user), await sign_in(app, user)
    for _ in range(8):
        await sign_in(app, user)
    first = await use(app, first.refresh_token)

    await sign_in(app, user)

    assert await use(app, first.refresh_token)
    with pytest.raises(auth.TokenInvalid):
        await use(app, second.refresh_token)
    ended = [m for m in await committed(auth.session_revoked) if m.user_id == user.id]
    assert [str(m.session_id) for m in ended] == [(await claims(app, second.access_token))["sid"]]


async def test_a_refresh_token_is_exchanged_for_a_pair_of_the_same_session(
    app: App, make_user: MakeUser
) -> None:
    signed_in = await sign_in(app, await make_user())

    refreshed = await use(app, signed_in.refresh_token)

    assert refreshed.refresh_token != signed_in.refresh_token
    old, new = await claims(app, signed_in.access_token), await claims(app, refreshed.access_token)
    assert old["sid"] == new["sid"]


async def test_only_digests_of_refresh_tokens_are_kept(app: App, make_user: MakeUser) -> None:
    signed_in = await sign_in(app, await make_user())

    async with app.db.read() as rows:
        stored = await rows.all(bytes, "select digest from refresh_token")

    assert digest(signed_in.refresh_token) in stored
    assert signed_in.refresh_token.encode() not in stored


async def test_a_used_token_that_comes_again_ends_the_session(
    app: App, make_user: MakeUser, committed: Committed
) -> None:
    user = await make_user()
    signed_in = await sign_in(app, user)
    successor = await use(app, signed_in.refresh_token)
    await let_pass(app, user, 11)

    with pytest.raises(auth.TokenInvalid):
        await use(app, signed_in.refresh_token)

    with pytest.raises(auth.TokenInvalid):
        await use(app, successor.refresh_token)
    assert [m.user_id for m in await committed(auth.session_revoked)].count(user.id) == 1


async def test_a_lost_answer_may_be_asked_for_again_within_ten_seconds(
    app: App, make_user: MakeUser
) -> None:
    user = await make_user()
    signed_in = await sign_in(app, user)
    await use(app, signed_in.refresh_token)  # lost
    await let_pass(app, user, 9)

    again = await use(app, signed_in.refresh_token)

    assert await use(app, again.refresh_token)


async def test_a_retry_does_not_help_a_thief_to_a_session_of_their_own(
    app: App, make_user: MakeUser
) -> None:
    user = await make_user()
    signed_in = await sign_in(app, user)
    owners = await use(app, signed_in.refresh_token)
    thiefs = await use(app, signed_in.refresh_token)
    owners = await use(app, owners.refresh_token)
    await let_pass(app, user, 11)

    with pytest.raises(auth.TokenInvalid):
        await use(app, thiefs.refresh_token)
    with pytest.raises(auth.TokenInvalid):
        await use(app, owners.refresh_token)


async def test_the_grace_ends_when_the_successor_is_used(app: App, make_user: MakeUser) -> None:
    signed_in = await sign_in(app, await make_user())
    successor = await use(app, signed_in.refresh_token)
    await use(app, successor.refresh_token)

    with pytest.raises(auth.TokenInvalid):
        await use(app, signed_in.refresh_token)


async def test_a_token_used_many_times_at_once_keeps_its_session(
    app: App, make_user: MakeUser
) -> None:
    signed_in = await sign_in(app, await make_user())

    found = await asyncio.gather(*(use(app, signed_in.refresh_token) for _ in range(8)))

    assert len({pair.refresh_token for pair in found}) == 8
    assert await use(app, found[3].refresh_token)


async def test_an_expired_session_cannot_be_refreshed(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    signed_in = await sign_in(app, user)
    async with app.db.begin() as tx:
        await tx.run("update session set expires_at = now() where account_id = %(id)s", id=user.id)

    with pytest.raises(auth.TokenInvalid):
        await use(app, signed_in.refresh_token)


async def test_an_inactive_user_cannot_refresh(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    signed_in = await sign_in(app, user)
    async with app.db.begin() as tx:
        await tx.run("update account set is_active = false where id = %(id)s", id=user.id)

    with pytest.raises(auth.TokenInvalid):
        await use(app, signed_in.refresh_token)


@pytest.mark.parametrize("token", ["x", "rv_" + "0" * 64, "a.b.c", "\x00", "ß" * 100])
async def test_what_is_no_refresh_token_refreshes_nothing(app: App, token: str) -> None:
    with pytest.raises(auth.TokenInvalid):
        await use(app, token)


async def test_signing_out_ends_the_session_of_the_token(
    app: App, make_user: MakeUser, tx: Tx
) -> None:
    user = await make_user()
    signed_in, other = await sign_in(app, user), await sign_in(app, user)

    await sessions.logout(auth.Logout(signed_in.refresh_token), tx)

    sid = (await claims(app, signed_in.access_token))["sid"]
    assert [str(m.session_id) for m in await sent(tx, auth.session_revoked)] == [sid]
    assert await store.find_presented(tx, digest(signed_in.refresh_token)) is None
    assert await store.find_presented(tx, digest(other.refresh_token)) is not None


async def test_signing_out_twice_is_not_an_error(app: App, make_user: MakeUser, tx: Tx) -> None:
    signed_in = await sign_in(app, await make_user())
    await sessions.logout(auth.Logout(signed_in.refresh_token), tx)

    await sessions.logout(auth.Logout(signed_in.refresh_token), tx)

    assert len(await sent(tx, auth.session_revoked)) == 1


async def test_signing_out_everywhere_ends_all_sessions_of_the_caller_and_no_other(
    app: App, make_user: MakeUser, tx: Tx
) -> None:
    user, other = await make_user(), await make_user()
    for somebody in (user, user, other):
        await sign_in(app, somebody)

    with acting_as(msgspec.structs.replace(a_user(), user_id=user.id)):
        await sessions.logout(auth.Logout(logout_all=True), tx)

    assert [m.user_id for m in await sent(tx, auth.session_revoked)] == [user.id, user.id]


async def test_signing_out_needs_a_token_or_a_caller(tx: Tx) -> None:
    for nothing_said in (auth.Logout(), auth.Logout(logout_all=True)):
        with pytest.raises(Unauthenticated):
            await sessions.logout(nothing_said, tx)


async def test_a_caller_with_a_key_says_which_session_is_to_end(tx: Tx) -> None:
    with acting_as(a_user()), pytest.raises(Invalid, match="refresh_token"):
        await sessions.logout(auth.Logout(), tx)


async def test_signing_out_without_a_token_ends_the_session_one_came_with(tx: Tx) -> None:
    caller = msgspec.structs.replace(a_user(), session_id=SessionId(uuid4()))

    with acting_as(caller):
        assert await sessions.logout(auth.Logout(), tx) == Nothing()
