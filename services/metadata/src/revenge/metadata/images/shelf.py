"""Drawn images on the disk: as many as there is room for, those that are asked for.

An image appears under its name only when it is complete. Its modification time is the picture's
own, its access time is when it was asked for last.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import uuid4

from revenge.contracts import Unavailable

DRAFT = ".draft"
TOUCH_AFTER = 3600.0  # seconds: an image that is looked at often need not be touched every time
TRIM_TO = 0.9  # of the budget, so that trimming is rare


class Stored(NamedTuple):
    """An open file; whoever has it closes it."""

    file: BinaryIO
    size: int  # bytes
    modified: int  # Unix seconds


class _Kept(NamedTuple):
    asked_at: float
    size: int
    path: str


class Shelf:
    """Every method works on the disk: call them in a thread."""

    def __init__(self, folder: Path, budget: int) -> None:
        self._folder = folder
        self._budget = budget
        self._lock = threading.Lock()
        self._total = 0

    def open(self) -> None:
        """Make the folder, and count what is in it. Drafts of those who died are removed."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for draft in self._folder.glob(f"*{DRAFT}"):
            draft.unlink(missing_ok=True)
        self._total = sum(kept.size for kept in self._all())
        self._trim()

    def check(self) -> None:
        """Raises `Unavailable` if images cannot be kept."""
        if not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
            raise Unavailable(f"{self._folder} cannot be written to")

    def find(self, key: str) -> Stored | None:
        path = self._path(key)
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return None
        status = os.fstat(file.fileno())
        if time.time() - status.st_atime > TOUCH_AFTER:
            os.utime(file.fileno(), ns=(time.time_ns(), status.st_mtime_ns))
        return Stored(file, status.st_size, int(status.st_mtime))

    def draft(self) -> Path:
        """Where the next image may be drawn."""
        return self._folder / f"{uuid4().hex}{DRAFT}"

    def put(self, draft: Path, key: str, modified_ns: int) -> None:
        """Take a finished draft in, and let go of what was not asked for longest."""
        os.utime(draft, ns=(time.time_ns(), modified_ns))
        size = draft.stat().st_size
        path = self._path(key)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        draft.replace(path)
        with self._lock:
            self._total += size
            if self._total > self._budget:
                self._trim()

    def _trim(self) -> None:
        if self._total <= self._budget:
            return
        kept = sorted(self._all())
        self._total = sum(one.size for one in kept)
        for one in kept:
            if self._total <= self._budget * TRIM_TO:
                return
            Path(one.path).unlink(missing_ok=True)
            self._total -= one.size

    def _all(self) -> Iterator[_Kept]:
        for folder in self._folder.iterdir():
            if not folder.is_dir():
                continue
            for path in folder.iterdir():
                status = path.stat()
                yield _Kept(status.st_atime, status.st_size, str(path))

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key
