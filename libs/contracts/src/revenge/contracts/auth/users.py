"""Users: their own accounts, and what administrators do with them."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._ids import UserId
from revenge.contracts._kinds import Audience, Message, Nothing
from revenge.contracts._pages import Limit, Offset
from revenge.contracts.auth._domain import domain
from revenge.contracts.auth.faults import (
    EmailTaken,
    LastAdministrator,
    PasswordWeak,
    UsernameTaken,
    UserNotFound,
    WrongCredentials,
)
from revenge.contracts.auth.fields import Email, Password, Username


class Role(enum.StrEnum):
    ADMIN = "admin"
    MODERATOR = "moderator"
    USER = "user"
    GUEST = "guest"


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


class UserEvent(Message, frozen=True):
    user_id: UserId
    username: str


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

user_created = domain.event(
    "user_created", UserEvent, type="user.created", audience=Audience.ADMINS
)
user_updated = domain.event("user_updated", UserEvent, type="user.updated", audience=Audience.USER)
user_deleted = domain.event(
    "user_deleted", UserEvent, type="user.deleted", audience=Audience.ADMINS
)
password_changed = domain.event(
    "password_changed", UserEvent, type="auth.password_changed", audience=Audience.USER
)
