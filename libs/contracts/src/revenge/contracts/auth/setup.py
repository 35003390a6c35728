"""Setting up a new server."""

from __future__ import annotations

from revenge.contracts._kinds import Message
from revenge.contracts.auth._domain import domain
from revenge.contracts.auth.faults import (
    EmailTaken,
    PasswordWeak,
    SetupClosed,
    SetupTokenWrong,
    UsernameTaken,
)
from revenge.contracts.auth.fields import Email, Password, Token, Username
from revenge.contracts.auth.users import User


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


get_setup = domain.rpc("get_setup", GetSetup, Setup)
complete_setup = domain.rpc(
    "complete_setup",
    CompleteSetup,
    User,
    raises=(SetupClosed, SetupTokenWrong, PasswordWeak, UsernameTaken, EmailTaken),
)
