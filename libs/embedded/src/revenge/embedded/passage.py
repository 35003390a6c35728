"""Lets one unprivileged user walk to a folder that lies behind closed ones, and no one else.

As root our data often lies under a folder like /root that only root may enter. A POSIX access
control entry (acl(5)) with nothing but `x` for that user opens the way: it can pass, not list,
and every other user stays outside. Python has no ACL module, but the kernel takes them as the
extended attribute `system.posix_acl_access`, whose layout is linux/posix_acl_xattr.h.
"""

import os
import stat
import struct
from pathlib import Path
from typing import NamedTuple

from revenge.embedded.accounts import Account
from revenge.embedded.errors import EmbeddedError

ATTRIBUTE = "system.posix_acl_access"
VERSION = 2
USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
EXECUTE = 1
NO_ID = 0xFFFFFFFF

_HEADER = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")


class Entry(NamedTuple):
    tag: int
    permissions: int
    id: int = NO_ID


class NoPassage(EmbeddedError):
    """An unprivileged user cannot be let through to a folder."""


def open_passage(target: Path, account: Account) -> tuple[Path, ...]:
    """Gives back the folders that had to be opened; raises NoPassage with what to do instead."""
    closed = tuple(folder for folder in _way_to(target) if not _may_enter(folder, account))
    for folder in closed:
        _let_through(folder, account)
    return closed


def has_passages(folder: Path) -> bool:
    return any(entry.tag == USER for entry in _entries(folder))


def _way_to(target: Path) -> tuple[Path, ...]:
    return tuple(reversed(target.resolve().parents))


def _may_enter(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    entries = _entries(folder)
    named = next((e for e in entries if e.tag == USER and e.id == account.uid), None)
    if named is not None:
        mask = next(e.permissions for e in entries if e.tag == MASK)
        return bool(named.permissions & mask & EXECUTE)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _let_through(folder: Path, account: Account) -> None:
    try:
        os.setxattr(folder, ATTRIBUTE, _packed(_with_passage(_entries(folder), account)))
    except OSError as error:
        raise NoPassage(
            f"the user {account.name}, as whom PostgreSQL runs, cannot enter {folder} "
            f"({error.strerror}); either allow it: chmod o+x {folder}, "
            "or choose another place: REVENGE_DATA_DIR=/var/lib/revenge"
        ) from error


def _entries(folder: Path) -> tuple[Entry, ...]:
    """Those of the access control list, or of the mode where there is no list."""
    try:
        raw = os.getxattr(folder, ATTRIBUTE)
    except OSError:
        mode = folder.stat().st_mode
        return (
            Entry(USER_OBJ, mode >> 6 & 7),
            Entry(GROUP_OBJ, mode >> 3 & 7),
            Entry(OTHER, mode & 7),
        )
    return tuple(Entry(*fields) for fields in _ENTRY.iter_unpack(raw[_HEADER.size :]))


def _with_passage(entries: tuple[Entry, ...], account: Account) -> tuple[Entry, ...]:
    passing = Entry(USER, EXECUTE, account.uid)
    kept = [e for e in entries if e.tag != MASK and (e.tag, e.id) != (USER, account.uid)]
    group = next(e.permissions for e in entries if e.tag == GROUP_OBJ)
    old_mask = next((e.permissions for e in entries if e.tag == MASK), group)
    return tuple(sorted([*kept, passing, Entry(MASK, old_mask | EXECUTE)]))


def _packed(entries: tuple[Entry, ...]) -> bytes:
    return _HEADER.pack(VERSION) + b"".join(_ENTRY.pack(*entry) for entry in entries)
