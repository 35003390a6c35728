"""The output of one process: kept in a file that is rotated, its last lines in memory."""

import contextlib
import os
from collections import deque
from pathlib import Path

FILE_BYTES = 5 * 1024 * 1024
OLD_FILES = 3
LAST_LINES = 40
LINE_CHARACTERS = 2_000


class ProcessLog:
    def __init__(self, path: Path, *, file_bytes: int = FILE_BYTES) -> None:
        self._path = path
        self._file_bytes = file_bytes
        self._lines: deque[str] = deque(maxlen=LAST_LINES)
        self._unfinished = b""
        self._descriptor = self._open()
        self._size = os.fstat(self._descriptor).st_size

    def write(self, output: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk: reading on matters more than keeping
            self._keep(output)
        *lines, rest = (self._unfinished + output).split(b"\n")
        self._lines.extend(_readable(line) for line in lines)
        self._unfinished = rest[-LINE_CHARACTERS:]

    def last_lines(self, count: int = LAST_LINES) -> tuple[str, ...]:
        unfinished = (_readable(self._unfinished),) if self._unfinished else ()
        return (*self._lines, *unfinished)[-count:]

    def forget(self) -> None:
        """A new process begins: what the one before it said is no explanation any more."""
        self._lines.clear()
        self._unfinished = b""

    def close(self) -> None:
        os.close(self._descriptor)

    def _keep(self, output: bytes) -> None:
        if self._size + len(output) > self._file_bytes:
            self._rotate()
        self._size += os.write(self._descriptor, output)

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _rotate(self) -> None:
        os.close(self._descriptor)
        for number in range(OLD_FILES, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        self._descriptor = self._open()
        self._size = 0

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path


def _readable(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")[:LINE_CHARACTERS]
