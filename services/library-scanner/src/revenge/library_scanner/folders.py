"""Whether a library's folders can be used. Touches the disk: call it in a thread."""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from revenge.contracts.library import PathUnusable
from revenge.contracts.paths import to_os, to_text
from revenge.library_scanner.problems import Problem
from revenge.library_scanner.walk import Folder, RootMissing, RootUnreadable, walk

# statfs(2) cannot be asked from Python: the kernel's table of mounts says the same
MOUNTS = Path("/proc/self/mountinfo")
WITHOUT_EVENTS = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "davfs"),
    *("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "orangefs", "ocfs2", "gfs2"),
    *("9p", "virtiofs", "vboxsf", "vmhgfs", "prl_fs", "fakeowner", "drvfs"),  # of a machine's host
    "fuse",
}


Identity = tuple[int, int]  # device, inode


class RootAway(Exception):
    """A root is not there, or cannot be read."""

    def __init__(self, code: str, reason: Exception) -> None:
        super().__init__(f"{reason}; what was known in it is kept")
        self.problem = Problem(code, str(self))


class Mount(NamedTuple):
    at: str
    kind: str
    device: str


def check_usable(paths: Sequence[str]) -> None:
    """Raises `PathUnusable`, which says which and why."""
    for path in paths:
        if not path.startswith("/"):
            raise PathUnusable(f"{path} is not an absolute path")
        where = to_os(path)
        if not Path(where).is_dir():
            raise PathUnusable(f"{path} is not a folder on the server")
        if not os.access(where, os.R_OK | os.X_OK, effective_ids=True):
            raise PathUnusable(f"the server may not read {path}")


def real_paths(paths: Iterable[str]) -> dict[str, str]:
    """Where they lead to: links and `..` are followed as far as they go."""
    return {path: to_text(os.path.realpath(to_os(path))) for path in set(paths)}


def identities(paths: Iterable[str]) -> list[Identity]:
    """Of the folders that are there now: another disk in the same place is another folder.

    Raises `RootAway`.
    """
    return [_identity(to_os(path)) for path in paths]


def mounts_below(paths: Iterable[str]) -> frozenset[Mount]:
    """The disks that are mounted in these folders now."""
    tops = [os.path.realpath(to_os(path)) for path in paths]
    return frozenset(
        mount
        for mount in _mounts()
        if any(_lies_in(mount.at, top) and mount.at != top for top in tops)
    )


def _identity(path: str) -> Identity:
    try:
        walk(path)  # it looks whether it could begin
        found = os.stat(path)  # noqa: PTH116 - the rest is os too
    except RootUnreadable as error:
        raise RootAway("root_unreadable", error) from error
    except (RootMissing, OSError) as error:
        raise RootAway("root_missing", error) from error
    return found.st_dev, found.st_ino


def are_filled(paths: Iterable[str]) -> bool:
    """Whether none of them is empty, or gone."""
    try:
        return all(next(Path(to_os(path)).iterdir(), None) is not None for path in paths)
    except OSError:
        return False


def time_to_walk(paths: Iterable[str]) -> float:
    """Seconds for one look at all that is in these folders, on their disk and as it is now."""
    began = time.monotonic()
    for path in paths:
        deque(os.walk(to_os(path)), maxlen=0)
    return time.monotonic() - began


def entered(root: str) -> Collection[str]:
    """The folders right below a root that a scan looks into; the others are ignored."""
    with suppress(RootMissing, RootUnreadable):
        top = next(walk(to_os(root)), None)
        if isinstance(top, Folder):
            return set(top.folders)
    return ()


def is_own_folder(root: str, name: str) -> bool:
    """Whether there is a folder of this name right below a root, and no link to one."""
    path = Path(to_os(root), name)
    return bool(name) and path.is_dir() and not path.is_symlink()


def silent(paths: Iterable[str]) -> dict[str, str]:
    """Those on a file system without events, and which."""
    kinds = {path: without_events(path) for path in paths}
    return {path: kind for path, kind in kinds.items() if kind is not None}


def without_events(path: str) -> str | None:
    """The network or user-space file system that a path lies on: it tells of no others' changes."""
    kind = _file_system(to_os(path))
    return kind if kind.partition(".")[0] in WITHOUT_EVENTS else None


def _file_system(path: str) -> str:
    """The type of the file system that the path lies on; empty where nobody says."""
    with suppress(OSError):
        os.stat(path)  # noqa: PTH116 - what is mounted when it is asked for is mounted now
    real = os.path.realpath(path)
    around = [mount for mount in _mounts() if _lies_in(real, mount.at)]
    # of two at one place the later hides the earlier: an automount, and what it has mounted
    return max(reversed(around), key=lambda mount: len(mount.at)).kind if around else ""


def _mounts() -> list[Mount]:
    """None where nobody says."""
    try:
        return list(map(_mount, MOUNTS.read_text("utf-8", "surrogateescape").splitlines()))
    except OSError:
        return []


def _mount(line: str) -> Mount:
    """proc_pid_mountinfo(5): a field's place is counted from either side of the ` - `."""
    before, _, after = line.partition(" - ")
    _, _, device, _, at, *_ = before.split(" ")
    return Mount(_unescaped(at), after.partition(" ")[0], device)


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _unescaped(field: str) -> str:
    r"""The table writes a space as `\040`, and so on."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
