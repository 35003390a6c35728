"""What several handlers do to users and sessions, inside their transactions."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.auth import rules
from revenge.auth.store import users
from revenge.auth.store.sessions import Ended
from revenge.contracts import UserId, auth
from revenge.kit import Reading, Tx


async def add(tx: Tx, new: users.NewUser) -> auth.User:
    """Raises `UsernameTaken` or `EmailTaken`."""
    user = await get(tx, await users.add_user(tx, new))
    await tx.emit(auth.user_created, auth.UserEvent(user.id, user.username))
    return user


async def get(rows: Reading, id: UserId) -> auth.User:
    """Raises `UserNotFound`."""
    user = await users.find_user(rows, id)
    if user is None:
        raise auth.UserNotFound
    return user


async def announce_ends(tx: Tx, ended: Sequence[Ended]) -> None:
    """Whoever checks access tokens refuses those of these sessions from now on."""
    for session in ended:
        await tx.emit(
            auth.session_revoked, auth.SessionRevoked(session.session_id, session.user_id)
        )


def refuse_weak(password: str, username: str) -> None:
    """Raises `PasswordWeak`."""
    if rules.is_weak(password, username):
        raise auth.PasswordWeak
