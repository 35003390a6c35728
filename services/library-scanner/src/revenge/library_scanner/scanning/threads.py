"""Work in a thread, and in tasks that stand and fall together."""

from __future__ import annotations

import asyncio
import concurrent.futures
import enum
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Generic, TypeVar

from loguru import logger

from revenge.library_scanner.walk import Cancelled

T = TypeVar("T")

AHEAD = 20_000  # items made before they are asked for: a walk mostly ends long before the reading
TOGETHER = 64  # items handed over at once
SILENCE = 300.0  # seconds: the largest folders of the slowest disks take less
LOOK_EVERY = 1.0  # seconds between two looks whether all is silent
FAREWELL = 2.0  # seconds that a thread may take to end


class Silent(TimeoutError):
    """The disk does not answer."""


class Stop(threading.Event):
    """Tells a thread to end, and counts how often that has looked whether it should."""

    looks = 0

    def is_set(self) -> bool:
        self.looks += 1
        return super().is_set()


class _End(enum.Enum):
    END = enum.auto()
    SILENCE = enum.auto()


@asynccontextmanager
async def in_thread(
    make: Callable[[Stop], Iterator[T]],
) -> AsyncGenerator[AsyncGenerator[list[T]]]:
    """What a blocking iterator yields, made in a thread, as it comes, several together.

    The iterator looks often at its `Stop`, which is set when the block ends: it should then end
    soon, or raise `Cancelled`. If it cannot, since its disk does not answer, it is left behind.
    Raises `Silent` when that lasts.
    """
    stop = Stop()
    handover = _Handover[T](asyncio.get_running_loop(), stop)
    working = _in_a_thread_of_its_own(lambda: handover.fill(make(stop)))
    working.add_done_callback(lambda _: handover.close())
    minding = asyncio.create_task(handover.mind())
    try:
        yield handover.bunches()
        await asyncio.wait([working])
        working.result()
    finally:
        minding.cancel()
        stop.set()
        handover.make_room(1)
        await _ended(working)


def _in_a_thread_of_its_own(work: Callable[[], None]) -> asyncio.Future[None]:
    """Those of the loop are few: one that hangs would be missed by everybody."""
    done = concurrent.futures.Future[None]()

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 it is raised where it is waited for
            done.set_exception(error)
        else:
            done.set_result(None)

    threading.Thread(target=run, daemon=True).start()
    return asyncio.wrap_future(done)


async def _ended(working: asyncio.Future[None]) -> None:
    await asyncio.wait([working], timeout=FAREWELL)
    if working.done():
        with suppress(Cancelled):
            working.result()
    else:
        logger.warning("a thread that waits for a disk is left behind")


class _Handover(Generic[T]):
    """From a thread to the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stop: Stop) -> None:
        self._loop = loop
        self._stop = stop
        self._room = threading.Semaphore(AHEAD)
        self._ready: asyncio.Queue[T | _End] = asyncio.Queue()

    def fill(self, items: Iterator[T]) -> None:
        """In the thread."""
        for item in items:
            self._room.acquire()
            if self._stop.is_set():
                return
            self._loop.call_soon_threadsafe(self._ready.put_nowait, item)

    def close(self) -> None:
        self._ready.put_nowait(_End.END)

    def make_room(self, items: int) -> None:
        self._room.release(items)

    async def mind(self) -> None:
        """Tell when nothing comes any more. Who waits for room has something to hand over."""
        silence, looks = 0.0, -1
        while silence < SILENCE:
            await asyncio.sleep(LOOK_EVERY)
            is_silent = self._stop.looks == looks and self._ready.empty()
            silence, looks = silence + LOOK_EVERY if is_silent else 0.0, self._stop.looks
        self._ready.put_nowait(_End.SILENCE)

    async def bunches(self) -> AsyncGenerator[list[T]]:
        bunch: list[T] = []
        while (item := await self._ready.get()) is not _End.END:
            if item is _End.SILENCE:
                raise Silent("the disk does not answer")
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
