"""Who makes way for whom on a machine that all share."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")


def make_way(niceness: int) -> None:
    """This process, and what it starts from now on, come after the others.

    Where the kernel deals out its time by sessions (sched(7), autogroups), niceness only counts
    within one: that of a session of its own is lowered as well.
    """
    os.nice(niceness)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # a kernel without autogroups
            AUTOGROUP.write_text(f"{niceness}\n", "ascii")
