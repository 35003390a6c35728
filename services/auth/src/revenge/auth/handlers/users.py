"""Users: themselves, and as administrators see them."""

from __future__ import annotations

from msgspec import UNSET

from revenge.auth import accounts, rules
from revenge.auth.app import App
from revenge.auth.store import api_keys, locks, sessions, users
from revenge.contracts import Denied, Invalid, Nothing, auth
from revenge.kit import Reading, Router, Tx, caller

reads: Router[Reading] = Router()
writes: Router[Tx] = Router()
slow: Router[App] = Router()


@reads.rpc(auth.get_me)
async def get_me(_: auth.GetMe, rows: Reading) -> auth.User:
    return await accounts.get(rows, caller().user_id)


@reads.rpc(auth.get_user)
async def get_user(message: auth.GetUser, rows: Reading) -> auth.User:
    return await accounts.get(rows, message.user_id)


@reads.rpc(auth.list_users)
async def list_users(message: auth.ListUsers, rows: Reading) -> auth.UserList:
    wanted = users.Wanted(message.query or None, message.is_active, message.is_admin)
    return auth.UserList(
        users=tuple(await users.list_users(rows, wanted, message.limit, message.offset)),
        total=await users.count_users(rows, wanted),
    )


@writes.rpc(auth.update_me)
async def update_me(message: auth.UpdateMe, tx: Tx) -> auth.User:
    user = await accounts.get(tx, caller().user_id)
    if message.timezone is not UNSET and not await users.is_timezone(tx, message.timezone):
        raise Invalid("this is not the name of a time zone, like Europe/Berlin")
    await users.change_profile(
        tx,
        user.id,
        email=(user.email or None) if message.email is UNSET else message.email,
        display_name=user.display_name if message.display_name is UNSET else message.display_name,
        timezone=user.timezone if message.timezone is UNSET else message.timezone,
    )
    await tx.emit(auth.user_updated, auth.UserEvent(user.id, user.username))
    return await accounts.get(tx, user.id)


@slow.rpc(auth.change_password)
async def change_password(message: auth.ChangePassword, app: App) -> Nothing:
    async with app.db.read() as rows:
        found = await users.find_own_credentials(rows, caller().user_id)
    if found is None or not await app.passwords.check(message.old_password, found.password_hash):
        raise auth.WrongCredentials
    accounts.refuse_weak(message.new_password, found.username)
    hashed = await app.passwords.hash(message.new_password)
    async with app.db.begin() as tx:
        if not await users.change_password(tx, found.id, hashed, instead_of=found.password_hash):
            raise auth.WrongCredentials  # changed in this very moment
        others = await sessions.end_sessions(tx, found.id, but=caller().session_id)
        await accounts.announce_ends(tx, others)
        await tx.emit(auth.password_changed, auth.UserEvent(found.id, found.username))
    return Nothing()


@slow.rpc(auth.create_user)
async def create_user(message: auth.CreateUser, app: App) -> auth.User:
    if rules.goes_beyond(rules.permissions_of(message.role), caller().permissions):
        raise Denied("nobody can make a user who may do more than they may")
    accounts.refuse_weak(message.password, message.username)
    new = users.NewUser(
        username=message.username,
        password_hash=await app.passwords.hash(message.password),
        role=message.role,
        email=message.email,
        display_name=message.display_name,
    )
    async with app.db.begin() as tx:
        return await accounts.add(tx, new)


@writes.rpc(auth.delete_user)
async def delete_user(message: auth.DeleteUser, tx: Tx) -> Nothing:
    await locks.lock(tx, "administrators")
    user = await accounts.get(tx, message.user_id)
    if user.is_admin and user.is_active and await users.count_administrators(tx) == 1:
        raise auth.LastAdministrator
    await users.delete_user(tx, user.id)
    await accounts.announce_ends(tx, await sessions.end_sessions(tx, user.id))
    for key_id in await api_keys.delete_keys(tx, user.id):
        await tx.emit(auth.api_key_revoked, auth.ApiKeyRevoked(key_id, user.id))
    await tx.emit(auth.user_deleted, auth.UserEvent(user.id, user.username))
    return Nothing()
