from collections.abc import Awaitable, Callable
from typing import Any

from revenge.auth import jobs
from revenge.auth.app import App, digest
from revenge.auth.handlers import sessions
from revenge.auth.store import sessions as store
from revenge.contracts import Event, auth

PASSWORD = "correct horse battery"

MakeUser = Callable[..., Awaitable[auth.User]]
Committed = Callable[[Event[Any]], Awaitable[list[Any]]]


async def test_expired_sessions_are_ended_and_announced(
    app: App, make_user: MakeUser, committed: Committed
) -> None:
    user = await make_user()
    await sessions.login(auth.Login(user.username, PASSWORD), app)
    async with app.db.begin() as tx:
        await tx.run(
            "update session set expires_at = now() - interval '1 s' where account_id = %(id)s",
            id=user.id,
        )

    await jobs.clean_up(auth.CleanUp(), app)

    async with app.db.read() as rows:
        assert await store.count_sessions(rows, user.id) == 0
    assert user.id in {m.user_id for m in await committed(auth.session_revoked)}


async def test_used_tokens_are_remembered_for_a_week(app: App, make_user: MakeUser) -> None:
    user = await make_user()
    first = await sessions.login(auth.Login(user.username, PASSWORD), app)
    second = await sessions.refresh(auth.Refresh(first.refresh_token), app)
    third = await sessions.refresh(auth.Refresh(second.refresh_token), app)
    async with app.db.begin() as tx:
        await tx.run(
            "update refresh_token set issued_at = now() - interval '8 days' where digest = %(it)s",
            it=digest(first.refresh_token),
        )

    await jobs.clean_up(auth.CleanUp(), app)

    async with app.db.begin() as tx:
        kept = [
            await store.find_presented(tx, digest(pair.refresh_token)) is not None
            for pair in (first, second, third)
        ]
    assert kept == [False, True, True]


async def test_failures_that_lock_nobody_any_more_are_forgotten(app: App) -> None:
    async with app.db.begin() as tx:
        await tx.run(
            """
            insert into failed_login (name, failed_at)
            values ('old', now() - interval '16 min'), ('new', now())
            """
        )

    await jobs.clean_up(auth.CleanUp(), app)

    async with app.db.begin() as tx:
        names = await tx.all(bytes, "delete from failed_login returning name")
    assert b"old" not in names
    assert b"new" in names
