"""The first administrator: by the one-time token that the start prints, or by settings."""

from __future__ import annotations

import hmac

from loguru import logger

from revenge.auth import accounts
from revenge.auth.app import App
from revenge.auth.settings import Administrator
from revenge.auth.store import locks, users
from revenge.contracts import auth
from revenge.kit import Reading, Router, Tx

reads: Router[Reading] = Router()
slow: Router[App] = Router()


@reads.rpc(auth.get_setup)
async def get_setup(_: auth.GetSetup, rows: Reading) -> auth.Setup:
    if await users.has_administrator(rows):
        return auth.Setup(completed=True, todo=())
    return auth.Setup(completed=False, todo=("create_administrator",))


@slow.rpc(auth.complete_setup)
async def complete_setup(message: auth.CompleteSetup, app: App) -> auth.User:
    async with app.db.read() as rows:
        if await users.has_administrator(rows):
            raise auth.SetupClosed
    if not is_token(message.token, app.setup_token):
        raise auth.SetupTokenWrong
    accounts.refuse_weak(message.password, message.username)
    new = users.NewUser(
        username=message.username,
        password_hash=await app.passwords.hash(message.password),
        role=auth.Role.ADMIN,
        email=message.email,
    )
    async with app.db.begin() as tx:
        return await add_first(tx, new)


async def add_first(tx: Tx, new: users.NewUser) -> auth.User:
    """Raises `SetupClosed` if there is an administrator, even one made at this very moment."""
    await locks.lock(tx, "first administrator")
    if await users.has_administrator(tx):
        raise auth.SetupClosed
    return await accounts.add(tx, new)


async def ensure_administrator(app: App, wanted: Administrator) -> None:
    """Make the administrator that the settings name, if there is none yet."""
    if not wanted.username:
        return
    async with app.db.read() as rows:
        if await users.has_administrator(rows):
            return
    new = users.NewUser(
        username=wanted.username,
        password_hash=await app.passwords.hash(wanted.password),
        role=auth.Role.ADMIN,
    )
    try:
        async with app.db.begin() as tx:
            await add_first(tx, new)
    except auth.SetupClosed:
        return  # another replica was faster
    logger.info("the administrator {} is made", wanted.username)


def is_token(given: str, expected: str) -> bool:
    """In the same time for any wrong one. Where none is set, none is right."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
