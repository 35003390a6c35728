"""Who may do what, which passwords are too weak, and when a name is locked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from importlib import resources

from revenge.contracts import EVERYTHING
from revenge.contracts.auth import Role, Scope

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)

GRACE = timedelta(seconds=10)  # in which an answer that was lost may be asked for again
USED_KEPT = timedelta(days=7)  # so long a used refresh token is still known for one

KEYS_ALLOWED = 10
KEY_USE_NOTED = timedelta(minutes=1)

ROTATED_AFTER = timedelta(days=30)


def _grants(**actions: str) -> frozenset[str]:
    return frozenset(
        f"{resource}:{action}" for resource, named in actions.items() for action in named.split()
    )


GUEST = _grants(
    profile="read",
    movies="list get",
    tvshows="list get",
    collections="list get",
    genres="list get",
    libraries="list get",
    images="get",
    search="list get read",
    playback="stream",
    events="list get read",
)
USER = GUEST | _grants(
    profile="update",
    apikeys="list get create delete",
    sessions="list get delete",
    playback="progress",
    watch="list get read create update delete write",
    requests="list get create",
    settings="user_read user_write",
    notifications="list get",
)
MODERATOR = USER | _grants(
    users="list get",
    movies="create update delete",
    tvshows="create update delete",
    collections="create update delete",
    libraries="create update delete scan",
    metadata="list get update",
    requests="update delete approve",
    settings="read",
    audit="read",
    integrations="list get create update delete sync",
    notifications="create update delete",
)
PERMISSIONS = {
    Role.GUEST: GUEST,
    Role.USER: USER,
    Role.MODERATOR: MODERATOR,
    Role.ADMIN: frozenset({EVERYTHING}),
}

RESOURCES = {permission.partition(":")[0] for permission in MODERATOR} | {"jobs"}
READING = {"list", "get", "read", "stream", "user_read"}
ACTIONS = {
    Scope.READ: READING,
    Scope.WRITE: READING | {"create", "update", "delete", "progress", "write", "user_write"},
}


def permissions_of(role: Role, scopes: Iterable[Scope] | None = None) -> frozenset[str]:
    """What a role may do; with the scopes of an API key, what is left of it for that key.

    A key that may not do everything its owner may cannot make keys: it would outlive itself.
    """
    held = PERMISSIONS[role]
    if scopes is None or Scope.ADMIN in scopes:
        return held
    actions = set[str]().union(*(ACTIONS[scope] for scope in scopes))
    if EVERYTHING in held:
        held = frozenset(f"{resource}:{action}" for resource in RESOURCES for action in actions)
    return frozenset(
        permission
        for permission in held
        if permission.partition(":")[2] in actions and not permission.startswith("apikeys:")
    )


def goes_beyond(wanted: frozenset[str], held: frozenset[str]) -> bool:
    """True if somebody who holds `held` would give away more than they have."""
    return EVERYTHING not in held and not wanted <= held


def is_weak(password: str, username: str) -> bool:
    """True for what is guessed first: common passwords, the name, one sign again and again."""
    folded = password.casefold()
    plain = re.sub(r"[\W\d_]+$", "", folded)  # Password123! is Password
    return (
        folded in _common()
        or plain in _common()
        or folded == username.casefold()
        or len(set(folded)) <= 2  # noqa: PLR2004 - abababab
    )


@cache
def _common() -> frozenset[str]:
    text = (resources.files("revenge.auth") / "common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())
