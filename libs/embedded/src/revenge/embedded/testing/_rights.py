"""The rights of an ordinary user, for tests of what may not be read: root may read everything.

`python -m revenge.embedded.testing._rights PROGRAM [ARGUMENT ...]` runs a program without those.
"""

import ctypes
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2
"""capabilities(7): what lets root pass the modes of files and folders."""

PR_CAPBSET_DROP = 24
VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Words(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


_Sets = _Words * 2


def is_mighty() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


@contextmanager
def ordinary() -> Generator[None]:
    """In this thread, and those that it starts; not in programs that it starts."""
    if not is_mighty():
        yield
        return
    before, without = _capabilities(), _capabilities()
    without[0].effective &= ~(1 << DAC_OVERRIDE | 1 << DAC_READ_SEARCH)
    _set(without)
    try:
        yield
    finally:
        _set(before)


def main() -> NoReturn:
    program, *arguments = sys.argv[1:]
    if is_mighty():
        for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
            _call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.execv(program, [program, *arguments])  # noqa: S606  no shell is wanted


def _capabilities() -> ctypes.Array[_Words]:
    sets = _Sets()
    _call("capget", ctypes.byref(_Header(VERSION_3, 0)), sets)
    return sets


def _set(sets: ctypes.Array[_Words]) -> None:
    _call("capset", ctypes.byref(_Header(VERSION_3, 0)), sets)


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


if __name__ == "__main__":
    main()
