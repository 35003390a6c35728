"""What may be wrong with a request about users and their keys."""

from __future__ import annotations

from revenge.contracts._faults import Busy, Conflict, Denied, Invalid, NotFound, Unauthenticated


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
