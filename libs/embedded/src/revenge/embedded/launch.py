"""The small program every child is started through: it ties the child's life to its parent's.

It runs as `python -I -S launch.py PARENT SIGNAL ACCOUNT DIRECTORY PROGRAM [ARGUMENT ...]`, takes
16 ms and replaces itself by the program. A program of its own rather than a `preexec_fn`, which
may deadlock where the parent has threads. Standard library only: nothing else is on its path.
"""

import contextlib
import ctypes
import os
import sys
from typing import NoReturn

PR_SET_PDEATHSIG = 1
CANNOT_RUN = 127
"""The exit code that shells use for a program that cannot be started."""


def refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"{reason}\n")
    sys.exit(CANNOT_RUN)


def become(account: str) -> None:
    """`account` is `uid:gid`, or `-` to stay who we are."""
    if account == "-":
        return
    uid, gid = (int(part) for part in account.split(":"))
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, signal: int) -> None:
    """Only after `become`: the kernel forgets the death signal when the user changes."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal) != 0:
            refuse(f"prctl(PR_SET_PDEATHSIG) failed with errno {ctypes.get_errno()}")
    if os.getppid() != parent:
        refuse("the parent is gone already")


def main() -> NoReturn:
    parent, signal, account, directory, program, *arguments = sys.argv[1:]
    os.umask(0o077)
    become(account)
    die_with(int(parent), int(signal))
    if directory != "-":
        with contextlib.suppress(OSError):  # the program will say it better
            os.chdir(directory)
    try:
        os.execv(program, [program, *arguments])  # noqa: S606  no shell is wanted
    except OSError as error:
        refuse(f"cannot run {program}: {error.strerror}")


if __name__ == "__main__":
    main()
