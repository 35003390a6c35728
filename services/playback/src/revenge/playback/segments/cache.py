"""Finished segments on disk: made once for all who ask, within a budget, the least used dropped."""

import asyncio
import contextlib
import errno
import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from loguru import logger

from revenge.contracts import Fault
from revenge.playback import faults

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_UNFINISHED = ".part"

#: Writes a product to the path.
Make = Callable[[Path], Awaitable[object]]


class _Kept(NamedTuple):
    name: str
    size: int
    used: float


class SegmentCache:
    """Names are relative paths. What is there is complete: files appear by renaming."""

    def __init__(self, root: Path, budget: int) -> None:
        """`budget` in bytes. Takes over what an earlier run left under `root`."""
        self._root = root
        self._budget = budget
        self._sizes: OrderedDict[str, int] = OrderedDict()  # the least recently used first
        self._used = 0
        self._making: dict[str, asyncio.Task[Path]] = {}
        root.mkdir(parents=True, exist_ok=True)
        for kept in sorted(_left_behind(root), key=lambda kept: kept.used):
            self._note(kept.name, kept.size)
        self._trim(budget)

    @property
    def used(self) -> int:
        """Bytes on disk."""
        return self._used

    def find(self, name: str) -> Path | None:
        if name not in self._sizes:
            return None
        path = self._root / name
        if not path.exists():  # somebody cleared the folder
            self._used -= self._sizes.pop(name)
            return None
        self._sizes.move_to_end(name)
        return path

    async def get_or_make(self, name: str, make: Make) -> Path:
        """`make` runs once, however many ask, and goes on when the first of them has left."""
        found = self.find(name)
        if found is not None:
            return found
        task = self._making.get(name)
        if task is None:
            task = asyncio.create_task(self._make(name, make))
            self._making[name] = task
            task.add_done_callback(lambda done: self._made(name, done))
        return await asyncio.shield(task)

    async def put(self, name: str, data: bytes) -> Path:
        async def write(path: Path) -> None:
            await asyncio.to_thread(path.write_bytes, data)

        return await self._make(name, write)

    async def close(self) -> None:
        for task in list(self._making.values()):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Fault, OSError):
                await task

    def _made(self, name: str, task: asyncio.Task[Path]) -> None:
        self._making.pop(name, None)
        if not task.cancelled():
            task.exception()  # those who wait have it; when all have left, nobody needs it

    async def _make(self, name: str, make: Make) -> Path:
        """Raises `CacheFull` when there is no room even after half of all was dropped."""
        try:
            return await self._made_at(name, make)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            logger.warning("no room for segments on {}: dropping half of them", self._root)
            self._trim(self._used // 2)
        try:
            return await self._made_at(name, make)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            raise faults.CacheFull from error

    async def _made_at(self, name: str, make: Make) -> Path:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{uuid4().hex}{_UNFINISHED}")
        unfinished.touch()  # so that the folder is not empty, and not removed meanwhile
        try:
            await make(unfinished)
            size = unfinished.stat().st_size
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self._note(name, size)
        self._trim(max(self._budget, size))
        return path

    def _note(self, name: str, size: int) -> None:
        self._used += size - self._sizes.pop(name, 0)
        self._sizes[name] = size

    def _trim(self, budget: int) -> None:
        while self._used > budget and self._sizes:
            name, size = self._sizes.popitem(last=False)
            self._used -= size
            path = self._root / name
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # another segment is in it still
                path.parent.rmdir()


def _left_behind(root: Path) -> Iterator[_Kept]:
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if name.endswith(_UNFINISHED):
                path.unlink(missing_ok=True)
                continue
            status = path.stat()
            yield _Kept(str(path.relative_to(root)), status.st_size, status.st_mtime)
