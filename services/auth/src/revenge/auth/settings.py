"""What an operator can set about users and how they sign in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from revenge.auth import rules
from revenge.kit import Section, Settings
from revenge.kit.settings import Database

USERNAME = re.compile("[a-zA-Z0-9_-]{3,30}")
PASSWORD_LENGTHS = range(8, 1025)


class Signing(Section, frozen=True, kw_only=True):
    """`secret` seals the signing keys. With another one, new keys are made."""

    secret: Annotated[str, Meta(min_length=16)]
    access_token_seconds: Annotated[int, Meta(ge=60, le=86_400)] = 3600
    refresh_token_days: Annotated[int, Meta(ge=1, le=365)] = 30
    sessions_per_user: Annotated[int, Meta(ge=1, le=1000)] = 10

    @property
    def access_lifetime(self) -> timedelta:
        return timedelta(seconds=self.access_token_seconds)

    @property
    def refresh_lifetime(self) -> timedelta:
        return timedelta(days=self.refresh_token_days)


class Setup(Section, frozen=True, kw_only=True):
    """`token` proves that whoever sets up the server can read its log. Without one, nobody can."""

    token: str = ""


class Administrator(Section, frozen=True, kw_only=True):
    """The first one, made at the start while there is none."""

    username: str = ""
    password: str = ""

    def __post_init__(self) -> None:
        if bool(self.username) != bool(self.password):
            raise ValueError("set both REVENGE_ADMIN_USERNAME and REVENGE_ADMIN_PASSWORD, or none")
        if self.username and not USERNAME.fullmatch(self.username):
            raise ValueError("REVENGE_ADMIN_USERNAME is of 3 to 30 letters, digits, `_` and `-`")
        if self.password and len(self.password) not in PASSWORD_LENGTHS:
            raise ValueError("REVENGE_ADMIN_PASSWORD has 8 characters or more, up to 1024")
        if self.password and rules.is_weak(self.password, self.username):
            raise ValueError("this password is among the most common ones; choose another")


class AuthSettings(Settings, frozen=True, kw_only=True):
    database: Database
    auth: Signing
    setup: Setup = Setup()
    admin: Administrator = Administrator()
