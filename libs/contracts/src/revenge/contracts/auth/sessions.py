"""Signing in and out, and the tokens of a session."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from revenge.contracts._ids import SessionId, UserId
from revenge.contracts._kinds import Audience, Level, Message, Nothing
from revenge.contracts.auth._domain import domain
from revenge.contracts.auth.faults import TokenInvalid, TooManyAttempts, WrongCredentials
from revenge.contracts.auth.fields import Token
from revenge.contracts.auth.users import User


class Login(Message, frozen=True):
    """`username` may be the e-mail address."""

    username: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]
    device_name: Annotated[str, Meta(max_length=100)] | None = None
    user_agent: Annotated[str, Meta(max_length=500)] | None = None
    ip_address: Annotated[str, Meta(max_length=64)] | None = None


class LoggedIn(Message, frozen=True):
    user: User
    access_token: str
    refresh_token: str
    expires_in: int  # seconds


class Refresh(Message, frozen=True):
    refresh_token: Token


class Refreshed(Message, frozen=True):
    """The old refresh token is used up. Using it again ends the session: it was stolen."""

    access_token: str
    refresh_token: str
    expires_in: int


class Logout(Message, frozen=True):
    refresh_token: Token | None = None
    logout_all: bool = False


class GetKeys(Message, frozen=True):
    pass


class Keys(Message, frozen=True):
    """The public keys (a JSON Web Key Set, RFC 7517) that access tokens are signed with."""

    jwks: str


class LoginAttempted(Message, frozen=True):
    username: str
    user_id: UserId | None = None
    ip_address: str | None = None
    reason: str | None = None


class SessionRevoked(Message, frozen=True):
    """Access tokens of this session are no longer valid, from now on."""

    session_id: SessionId
    user_id: UserId


class CleanUp(Message, frozen=True):
    pass


login = domain.rpc("login", Login, LoggedIn, raises=(WrongCredentials, TooManyAttempts))
refresh = domain.rpc("refresh", Refresh, Refreshed, raises=(TokenInvalid,))
logout = domain.rpc("logout", Logout, Nothing)
get_keys = domain.rpc("get_keys", GetKeys, Keys)
login_succeeded = domain.event(
    "login_succeeded", LoginAttempted, type="auth.login_success", audience=Audience.ADMINS
)
login_failed = domain.event(
    "login_failed", LoginAttempted, type="auth.login_failed", audience=Audience.ADMINS
)
session_revoked = domain.event("session_revoked", SessionRevoked)

clean_up = domain.job(
    "clean_up", CleanUp, level=Level.LOW, attempts=5, timeout=120, unique_for=3600
)
