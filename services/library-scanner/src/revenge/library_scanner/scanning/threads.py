"""Work in a thread, and in tasks that stand and fall together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from revenge.library_scanner.walk import Cancelled

T = TypeVar("T")

AHEAD = 20_000  # items made before they are asked for: a walk mostly ends long before the reading
TOGETHER = 64  # items handed over at once

_END = object()


@asynccontextmanager
async def in_thread(
    make: Callable[[], Iterator[T]], stop: threading.Event
) -> AsyncGenerator[AsyncGenerator[list[T]]]:
    """What a blocking iterator yields, made in a thread, as it comes, several together.

    `stop` is set when the block ends: the iterator should then end soon, or raise `Cancelled`.
    """
    loop = asyncio.get_running_loop()
    ready: asyncio.Queue[object] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)

    def work() -> None:
        for item in make():
            room.acquire()
            if stop.is_set():
                return
            loop.call_soon_threadsafe(ready.put_nowait, item)

    async def bunches() -> AsyncGenerator[list[T]]:
        while (item := await ready.get()) is not _END:
            bunch = [item]
            while len(bunch) < TOGETHER and not ready.empty():
                bunch.append(ready.get_nowait())
            room.release(len(bunch))
            is_last = bunch[-1] is _END
            yield bunch[:-1] if is_last else bunch  # type: ignore[misc]  # only these are put there
            if is_last:
                return

    working = loop.run_in_executor(None, work)
    working.add_done_callback(lambda _: ready.put_nowait(_END))
    try:
        yield bunches()
        await working
    finally:
        stop.set()
        room.release()
        with suppress(Cancelled):
            await working


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
