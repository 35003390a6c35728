"""Which user a server runs as: ourselves, or an unprivileged one when we are root."""

import os
import pwd
from pathlib import Path
from typing import NamedTuple

from revenge.embedded.errors import EmbeddedError

CANDIDATES = ("revenge", "postgres", "nobody", "daemon")
"""In this order: made for us, made for a database, made for no one."""


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


class NoAccount(EmbeddedError):
    """There is no unprivileged user that a server could run as."""


def unprivileged(data: Path) -> Account | None:
    """None when we are not root and need not become anyone.

    Data that exists keeps its owner, so that an account that appears later changes nothing.
    """
    if os.geteuid() != 0:
        return None
    owner = _owner_of(data)
    if owner is not None:
        return owner
    return _first_known()


def _owner_of(data: Path) -> Account | None:
    if not data.exists():
        return None
    uid = data.stat().st_uid
    if uid == 0:
        return None
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise NoAccount(
            f"{data} belongs to user {uid}, who does not exist on this machine; "
            f"give it to one who does: chown -R nobody {data}"
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _first_known() -> Account:
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoAccount(
        "PostgreSQL does not run as root, and none of the users "
        f"{', '.join(CANDIDATES)} exists; make one: useradd --system revenge"
    )
