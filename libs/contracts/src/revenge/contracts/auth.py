"""Users, how they prove who they are, and what they may do."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._faults import Busy, Conflict, Denied, Invalid, NotFound, Unauthenticated
from revenge.contracts._ids import ApiKeyId, SessionId, UserId
from revenge.contracts._kinds import Audience, Domain, Level, Message, Nothing
from revenge.contracts._pages import Limit, Name, Offset

domain = Domain("auth")


class WrongCredentials(Unauthenticated):
    """The user name or the password is wrong."""


class TokenInvalid(Unauthenticated):
    """This token is not valid, or no longer: sign in again."""


class TooManyAttempts(Busy):
    """Too many failed attempts for this user: try again in a quarter of an hour."""


class SetupClosed(Conflict):
    """This server has an administrator already; setting up is over."""


class SetupTokenWrong(Denied):
    """This is not the one-time token that the server printed when it started."""


class UsernameTaken(Conflict):
    """Another user has this name already."""


class EmailTaken(Conflict):
    """Another user has this e-mail address already."""


class PasswordWeak(Invalid):
    """This password is among the most common ones; choose another."""


class UserNotFound(NotFound):
    """No user has this id."""


class LastAdministrator(Conflict):
    """The last administrator can be neither deleted nor demoted."""


class ApiKeyNotFound(NotFound):
    """You have no API key with this id."""


class TooManyApiKeys(Conflict):
    """A user may have ten active API keys; delete one first."""


class Role(enum.StrEnum):
    ADMIN = "admin"
    MODERATOR = "moderator"
    USER = "user"
    GUEST = "guest"


class Scope(enum.StrEnum):
    """What an API key may be used for, within what its owner may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


Username = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=30,
        pattern="^[a-zA-Z0-9_-]+$",
        description="letters, digits, _ and -",
    ),
]
Password = Annotated[str, Meta(min_length=8, max_length=1024)]
Email = Annotated[str, Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
Token = Annotated[str, Meta(min_length=1, max_length=4096)]


class User(Message, frozen=True):
    id: UserId
    username: str
    email: str
    role: Role
    is_active: bool
    is_admin: bool
    email_verified: bool
    created_at: datetime
    display_name: str | None = None
    avatar_url: str | None = None
    locale: str = "en-US"
    timezone: str = "UTC"
    qar_enabled: bool = False
    last_login_at: datetime | None = None


class GetSetup(Message, frozen=True):
    pass


class Setup(Message, frozen=True):
    """What is still to do before the server can be used: `todo` is empty when all is done."""

    completed: bool
    todo: tuple[str, ...]


class CompleteSetup(Message, frozen=True):
    token: Token
    username: Username
    password: Password
    email: Email | None = None


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


class GetMe(Message, frozen=True):
    pass


class UpdateMe(Message, frozen=True):
    email: Email | UnsetType = UNSET
    display_name: Annotated[str, Meta(max_length=100)] | UnsetType | None = UNSET
    timezone: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET


class ChangePassword(Message, frozen=True):
    old_password: Annotated[str, Meta(min_length=1, max_length=1024)]
    new_password: Password


class GetUser(Message, frozen=True):
    user_id: UserId


class ListUsers(Message, frozen=True):
    query: Annotated[str, Meta(max_length=100)] | None = None
    is_active: bool | None = None
    is_admin: bool | None = None
    limit: Limit = 50
    offset: Offset = 0


class UserList(Message, frozen=True):
    users: tuple[User, ...]
    total: int


class CreateUser(Message, frozen=True):
    username: Username
    password: Password
    email: Email | None = None
    display_name: Annotated[str, Meta(max_length=100)] | None = None
    role: Role = Role.USER


class DeleteUser(Message, frozen=True):
    user_id: UserId


class ApiKey(Message, frozen=True):
    id: ApiKeyId
    user_id: UserId
    name: str
    key_prefix: str
    scopes: tuple[Scope, ...]
    is_active: bool
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


class ListApiKeys(Message, frozen=True):
    pass


class ApiKeyList(Message, frozen=True):
    keys: tuple[ApiKey, ...]
    total: int


class CreateApiKey(Message, frozen=True):
    name: Name
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=3)]
    description: Annotated[str, Meta(max_length=1000)] | None = None
    expires_at: datetime | None = None


class ApiKeyCreated(Message, frozen=True):
    """The only time that `api_key` is shown."""

    id: ApiKeyId
    name: str
    key_prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    api_key: str
    message: str


class GetApiKey(Message, frozen=True):
    key_id: ApiKeyId


class DeleteApiKey(Message, frozen=True):
    key_id: ApiKeyId


class IdentifyKey(Message, frozen=True):
    api_key: Token


class Identity(Message, frozen=True):
    """Who a token or key belongs to, and what it may be used for."""

    user_id: UserId
    username: str
    role: Role
    permissions: tuple[str, ...]
    locale: str
    session_id: SessionId | None = None
    api_key_id: ApiKeyId | None = None


class GetKeys(Message, frozen=True):
    pass


class Keys(Message, frozen=True):
    """The public keys (a JSON Web Key Set, RFC 7517) that access tokens are signed with."""

    jwks: str


class UserEvent(Message, frozen=True):
    user_id: UserId
    username: str


class LoginAttempted(Message, frozen=True):
    username: str
    user_id: UserId | None = None
    ip_address: str | None = None
    reason: str | None = None


class SessionRevoked(Message, frozen=True):
    """Access tokens of this session are no longer valid, from now on."""

    session_id: SessionId
    user_id: UserId


class ApiKeyRevoked(Message, frozen=True):
    key_id: ApiKeyId
    user_id: UserId


class CleanUp(Message, frozen=True):
    pass


get_setup = domain.rpc("get_setup", GetSetup, Setup)
complete_setup = domain.rpc(
    "complete_setup",
    CompleteSetup,
    User,
    raises=(SetupClosed, SetupTokenWrong, PasswordWeak, UsernameTaken, EmailTaken),
)
login = domain.rpc("login", Login, LoggedIn, raises=(WrongCredentials, TooManyAttempts))
refresh = domain.rpc("refresh", Refresh, Refreshed, raises=(TokenInvalid,))
logout = domain.rpc("logout", Logout, Nothing)
get_me = domain.rpc("get_me", GetMe, User, raises=(UserNotFound,))
update_me = domain.rpc("update_me", UpdateMe, User, raises=(UserNotFound, EmailTaken))
change_password = domain.rpc(
    "change_password", ChangePassword, Nothing, raises=(WrongCredentials, PasswordWeak)
)
get_user = domain.rpc("get_user", GetUser, User, raises=(UserNotFound,))
list_users = domain.rpc("list_users", ListUsers, UserList)
create_user = domain.rpc(
    "create_user", CreateUser, User, raises=(UsernameTaken, EmailTaken, PasswordWeak)
)
delete_user = domain.rpc(
    "delete_user", DeleteUser, Nothing, raises=(UserNotFound, LastAdministrator)
)
list_api_keys = domain.rpc("list_api_keys", ListApiKeys, ApiKeyList)
create_api_key = domain.rpc("create_api_key", CreateApiKey, ApiKeyCreated, raises=(TooManyApiKeys,))
get_api_key = domain.rpc("get_api_key", GetApiKey, ApiKey, raises=(ApiKeyNotFound,))
delete_api_key = domain.rpc("delete_api_key", DeleteApiKey, Nothing, raises=(ApiKeyNotFound,))
identify_key = domain.rpc("identify_key", IdentifyKey, Identity, raises=(TokenInvalid,))
get_keys = domain.rpc("get_keys", GetKeys, Keys)

user_created = domain.event(
    "user_created", UserEvent, type="user.created", audience=Audience.ADMINS
)
user_updated = domain.event("user_updated", UserEvent, type="user.updated", audience=Audience.USER)
user_deleted = domain.event(
    "user_deleted", UserEvent, type="user.deleted", audience=Audience.ADMINS
)
login_succeeded = domain.event(
    "login_succeeded", LoginAttempted, type="auth.login_success", audience=Audience.ADMINS
)
login_failed = domain.event(
    "login_failed", LoginAttempted, type="auth.login_failed", audience=Audience.ADMINS
)
password_changed = domain.event(
    "password_changed", UserEvent, type="auth.password_changed", audience=Audience.USER
)
session_revoked = domain.event("session_revoked", SessionRevoked)
api_key_revoked = domain.event("api_key_revoked", ApiKeyRevoked)

clean_up = domain.job(
    "clean_up", CleanUp, level=Level.LOW, attempts=5, timeout=120, unique_for=3600
)
