"""Work in a thread, and in tasks that stand and fall together."""

from __future__ import annotations

import asyncio
import enum
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Generic, TypeVar

from revenge.library_scanner.walk import Cancelled

T = TypeVar("T")

AHEAD = 20_000  # items made before they are asked for: a walk mostly ends long before the reading
TOGETHER = 64  # items handed over at once


class _End(enum.Enum):
    END = enum.auto()


@asynccontextmanager
async def in_thread(
    make: Callable[[], Iterator[T]], stop: threading.Event
) -> AsyncGenerator[AsyncGenerator[list[T]]]:
    """What a blocking iterator yields, made in a thread, as it comes, several together.

    `stop` is set when the block ends: the iterator should then end soon, or raise `Cancelled`.
    """
    handover = _Handover[T](asyncio.get_running_loop(), stop)
    working = asyncio.ensure_future(asyncio.to_thread(handover.fill, make))
    working.add_done_callback(lambda _: handover.close())
    try:
        yield handover.bunches()
        await working
    finally:
        stop.set()
        handover.make_room(1)
        with suppress(Cancelled):
            await working


class _Handover(Generic[T]):
    """From a thread to the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stop: threading.Event) -> None:
        self._loop = loop
        self._stop = stop
        self._room = threading.Semaphore(AHEAD)
        self._ready: asyncio.Queue[T | _End] = asyncio.Queue()

    def fill(self, make: Callable[[], Iterator[T]]) -> None:
        """In the thread."""
        for item in make():
            self._room.acquire()
            if self._stop.is_set():
                return
            self._loop.call_soon_threadsafe(self._ready.put_nowait, item)

    def close(self) -> None:
        self._ready.put_nowait(_End.END)

    def make_room(self, items: int) -> None:
        self._room.release(items)

    async def bunches(self) -> AsyncGenerator[list[T]]:
        bunch: list[T] = []
        while not isinstance(item := await self._ready.get(), _End):
            bunch.append(item)
            if len(bunch) >= TOGETHER or self._ready.empty():
                self.make_room(len(bunch))
                yield bunch
                bunch = []
        if bunch:
            yield bunch


@asynccontextmanager
async def task_group() -> AsyncGenerator[asyncio.TaskGroup]:
    """Like asyncio's, but raises the first error itself: a caller may know what it means."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
