"""Whether a library's folders can be used. Touches the disk: call it in a thread."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from revenge.contracts.library import PathUnusable
from revenge.contracts.paths import to_os

# statfs(2) cannot be asked from Python: the kernel's table of mounts says the same
MOUNTS = Path("/proc/self/mounts")
WITHOUT_EVENTS = ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "afs", "ceph", "glusterfs")


def check_usable(paths: Sequence[str]) -> None:
    """Raises `PathUnusable`, which says which and why."""
    for path in paths:
        if not path.startswith("/"):
            raise PathUnusable(f"{path} is not an absolute path")
        where = to_os(path)
        if not Path(where).is_dir():
            raise PathUnusable(f"{path} is not a folder on the server")
        if not os.access(where, os.R_OK | os.X_OK):
            raise PathUnusable(f"the server may not read {path}")


def has_events(path: str) -> bool:
    """False for network and user-space file systems, which do not tell of others' changes."""
    kind = _file_system(to_os(path))
    return not any(kind == name or kind.startswith(f"{name}.") for name in WITHOUT_EVENTS)


def _file_system(path: str) -> str:
    """The type of the file system that the path lies on; empty where nobody says."""
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(path)
    mounts = [(_unescaped(at), kind) for _, at, kind, *_ in map(str.split, lines)]
    around = [(at, kind) for at, kind in mounts if os.path.commonpath([real, at]) == at]
    return max(around, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _unescaped(field: str) -> str:
    r"""The table writes a space as `\040`, and so on: proc_pid_mounts(5), getmntent(3)."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
