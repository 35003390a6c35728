"""Signing in, staying signed in, signing out."""

from __future__ import annotations

from datetime import UTC, datetime

from loguru import logger

from revenge.auth import accounts, rules, signing
from revenge.auth.app import App, digest, new_secret
from revenge.auth.store import failed_logins, sessions, users
from revenge.contracts import Invalid, Nothing, SessionId, auth
from revenge.kit import Reading, Router, Tx, caller

reads: Router[Reading] = Router()
writes: Router[Tx] = Router()
slow: Router[App] = Router()

STRANGER = "(unknown)"  # what is typed as a name may be a password: it is not passed on


@slow.rpc(auth.login)
async def login(message: auth.Login, app: App) -> auth.LoggedIn:
    async with app.db.read() as rows:
        found = await users.find_credentials(rows, message.username)
    name = digest((found.username if found else message.username).lower())
    async with app.turns.of(name):
        await _refuse_locked(app, name)
        hashed = found.password_hash if found else None
        matches = await app.passwords.check(message.password, hashed)
        if not matches or found is None or not found.is_active:
            await _note_failure(app, name, found, message)
            raise auth.WrongCredentials
        return await _begin_session(app, name, found, message)


@slow.rpc(auth.refresh)
async def refresh(message: auth.Refresh, app: App) -> auth.Refreshed:
    key = await app.keys.current()
    token = new_secret()
    async with app.db.begin() as tx:
        presented = await _rotate(tx, app, digest(message.refresh_token), digest(token))
        user = await users.find_user(tx, presented.user_id) if presented else None
    # raised after the commit: a session that a thief has touched must stay ended
    if presented is None or user is None or not user.is_active:
        raise auth.TokenInvalid
    lifetime = app.signing.access_lifetime
    access = signing.sign(key, user, presented.session_id, lifetime)
    return auth.Refreshed(access, token, int(lifetime.total_seconds()))


@writes.rpc(auth.logout)
async def logout(message: auth.Logout, tx: Tx) -> Nothing:
    """Whoever holds the refresh token may end its session; for all of them, they must sign in."""
    if message.logout_all:
        await accounts.announce_ends(tx, await sessions.end_sessions(tx, caller().user_id))
        return Nothing()
    if message.refresh_token is not None:
        ended = await sessions.end_session_of(tx, digest(message.refresh_token))
    elif (current := caller().session_id) is not None:
        ended = await sessions.end_session(tx, current)
    else:
        raise Invalid("say which session by its refresh_token, or all by logout_all")
    await accounts.announce_ends(tx, ended)
    return Nothing()


@reads.rpc(auth.get_keys)
async def get_keys(_: auth.GetKeys, rows: Reading) -> auth.Keys:
    return auth.Keys(await signing.published(rows))


async def _refuse_locked(app: App, name: bytes) -> None:
    async with app.db.read() as rows:
        failures = await failed_logins.count(rows, name, within=rules.LOCKED_FOR)
    if failures >= rules.FAILURES_ALLOWED:
        raise auth.TooManyAttempts


async def _note_failure(
    app: App, name: bytes, found: users.Credentials | None, message: auth.Login
) -> None:
    async with app.db.begin() as tx:
        await failed_logins.add(tx, name)
        await tx.emit(
            auth.login_failed,
            auth.LoginAttempted(
                username=found.username if found else STRANGER,
                user_id=found.id if found else None,
                ip_address=message.ip_address,
                reason="wrong_credentials",
            ),
        )


async def _begin_session(
    app: App, name: bytes, found: users.Credentials, message: auth.Login
) -> auth.LoggedIn:
    rehashed = None
    if app.passwords.is_outdated(found.password_hash):
        rehashed = await app.passwords.hash(message.password)
    key = await app.keys.current()
    token = new_secret()
    async with app.db.begin() as tx:
        if not await users.note_login(tx, found.id):
            raise auth.WrongCredentials  # deleted in this very moment
        await failed_logins.forget(tx, name)
        if rehashed is not None:
            await users.change_password(tx, found.id, rehashed, instead_of=found.password_hash)
        session_id = await _add_session(tx, app, found, message, token)
        user = await accounts.get(tx, found.id)
    lifetime = app.signing.access_lifetime
    access = signing.sign(key, user, session_id, lifetime)
    return auth.LoggedIn(user, access, token, int(lifetime.total_seconds()))


async def _add_session(
    tx: Tx, app: App, found: users.Credentials, message: auth.Login, token: str
) -> SessionId:
    device = sessions.Device(message.device_name, message.user_agent, message.ip_address)
    session_id = await sessions.add_session(tx, found.id, device, app.signing.refresh_lifetime)
    await sessions.add_refresh_token(tx, session_id, digest(token), generation=1)
    ended = await sessions.end_oldest_sessions(tx, found.id, keep=app.signing.sessions_per_user)
    await accounts.announce_ends(tx, ended)
    await tx.emit(
        auth.login_succeeded,
        auth.LoginAttempted(found.username, found.id, message.ip_address),
    )
    return session_id


async def _rotate(
    tx: Tx, app: App, presented: bytes, successor: bytes
) -> sessions.Presented | None:
    """The session that goes on with `successor`; None if the token is worth nothing.

    The latest token may be used again for a moment: an answer can get lost on its way. The
    tokens that this makes are siblings: when one of them is used, all of them are used up. So if
    the second use was a thief's, either the thief or the owner presents a used one next.
    """
    found = await sessions.find_presented(tx, presented)
    now = datetime.now(UTC)
    if found is None or found.expires_at < now:
        return None
    if found.generation > found.used_generation:
        lasts = app.signing.refresh_lifetime
        await sessions.use_generation(tx, found.session_id, found.generation, lasts)
    elif found.generation < found.used_generation or found.used_at < now - rules.GRACE:
        logger.warning("session {} ends: a used refresh token came again", found.session_id)
        await accounts.announce_ends(tx, await sessions.end_session(tx, found.session_id))
        return None
    await sessions.add_refresh_token(tx, found.session_id, successor, found.generation + 1)
    return found
