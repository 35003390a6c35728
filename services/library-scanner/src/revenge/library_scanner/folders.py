"""Whether a library's folders can be used. Touches the disk: call it in a thread."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from revenge.contracts.library import PathUnusable
from revenge.contracts.paths import to_os, to_text

# statfs(2) cannot be asked from Python: the kernel's table of mounts says the same
MOUNTS = Path("/proc/self/mountinfo")
WITHOUT_EVENTS = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "davfs"),
    *("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "orangefs", "ocfs2", "gfs2"),
    *("9p", "virtiofs", "vboxsf", "vmhgfs", "prl_fs", "fakeowner", "drvfs"),  # of a machine's host
    "fuse",
}


class Mount(NamedTuple):
    at: str
    kind: str


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


def real_paths(paths: Iterable[str]) -> dict[str, str]:
    """Where they lead to: links and `..` are followed as far as they go."""
    return {path: to_text(os.path.realpath(to_os(path))) for path in set(paths)}


def without_events(path: str) -> str | None:
    """The network or user-space file system that a path lies on: it tells of no others' changes."""
    kind = _file_system(to_os(path))
    return kind if kind.partition(".")[0] in WITHOUT_EVENTS else None


def _file_system(path: str) -> str:
    """The type of the file system that the path lies on; empty where nobody says."""
    with suppress(OSError):
        os.stat(path)  # noqa: PTH116 - what is mounted when it is asked for is mounted now
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(path)
    around = [mount for mount in map(_mount, lines) if _lies_in(real, mount.at)]
    # of two at one place the later hides the earlier: an automount, and what it has mounted
    return max(reversed(around), key=lambda mount: len(mount.at), default=Mount("", "")).kind


def _mount(line: str) -> Mount:
    """proc_pid_mountinfo(5): a field's place is counted from either side of the ` - `."""
    before, _, after = line.partition(" - ")
    return Mount(_unescaped(before.split(" ")[4]), after.partition(" ")[0])


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _unescaped(field: str) -> str:
    r"""The table writes a space as `\040`, and so on."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
