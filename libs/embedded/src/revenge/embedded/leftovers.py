"""Ends what a former start of PostgreSQL left running, so that the next finds its folder free."""

import os
import signal
import time
from pathlib import Path

PATIENCE_S = 10.0
LOOK_EVERY_S = 0.02
PROGRAM = "postgres"
"""A shell that someone left standing in the folder is none of our business."""


def end(folder: Path) -> None:
    """Every process of PostgreSQL that works in `folder`; call it only while none can start there.

    PostgreSQL guards its folder by the process id in postmaster.pid. After a power cut, or in a
    new container, that id may belong to anyone, and the server refuses to start; but every
    process of PostgreSQL works in its data folder, and so can be told by that.
    """
    deadline = time.monotonic() + PATIENCE_S
    sign = signal.SIGQUIT
    while working := working_in(folder):
        if time.monotonic() > deadline:
            sign = signal.SIGKILL
        for pid in working:
            _signal(pid, sign)
        time.sleep(LOOK_EVERY_S)


def working_in(folder: Path) -> tuple[int, ...]:
    wanted = str(folder.resolve())
    return tuple(
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if _read_folder(process) == wanted and _read_name(process) == PROGRAM
    )


def _read_folder(process: Path) -> str | None:
    try:
        return str((process / "cwd").readlink())
    except OSError:  # gone, or another user's
        return None


def _read_name(process: Path) -> str | None:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return None


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
