"""Who makes way for whom on a machine that all share."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from contextlib import suppress
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
TURN = 1_000_000  # nanoseconds; others have 1.4 to 2.8 ms, by the number of processors
SCHED_SETATTR = {"x86_64": 314, "aarch64": 274, "riscv64": 274}  # the C library has no name for it


def make_way(niceness: int) -> None:
    """This process, and what it starts from now on, come after the others.

    Where the kernel deals out its time by sessions (sched(7), autogroups), niceness only counts
    within one: that of a session of its own is lowered as well.
    """
    os.nice(niceness)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # a kernel without autogroups
            AUTOGROUP.write_text(f"{niceness}\n", "ascii")


def take_short_turns() -> None:
    """This process, and its threads from now on, want a processor soon rather than for long.

    Of those who wait for one, the kernel prefers the one whose turn ends first, and breaks into
    the turns of others for it (sched_setattr(2), since Linux 6.12). Nothing changes where it
    cannot be asked.
    """
    call = SCHED_SETATTR.get(platform.machine())
    if call is not None and platform.system() == "Linux":
        niceness = os.getpriority(os.PRIO_PROCESS, 0)
        # size, policy, flags, niceness, priority; runtime, which is the turn; deadline, period
        wanted = struct.pack("=IIQiIQQQ", 48, os.SCHED_OTHER, 0, niceness, 0, TURN, 0, 0)
        ctypes.CDLL(None).syscall(call, 0, wanted, 0)
