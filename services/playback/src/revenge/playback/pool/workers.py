"""A few worker processes: started when there is work, killed when they hang, gone when idle."""

import asyncio
import contextlib
import errno
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Awaitable
from typing import TypeVar

from loguru import logger

from revenge.playback import detached, faults
from revenge.playback.pool import work

T = TypeVar("T")

_ATTEMPTS = 2
_IDLE_S = 120.0
_PATIENCE_S = 60.0
_SCAN_PATIENCE_S = 1800.0  # a large file may be on a slow disk


class _WorkerDied(Exception):
    """The process ended, or was ended, before it answered."""


class _Worker:
    def __init__(self, process: Process) -> None:
        self._process = process
        self.retiring: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls, patience_s: float) -> "_Worker":
        """One that is ready for work. Raises `_WorkerDied`."""
        worker = cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "revenge.playback.pool.worker"), stdin=PIPE, stdout=PIPE
            )
        )
        try:
            await _within(patience_s, worker._heard(len(work.READY)))
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ask(self, order: work.AnyOrder, patience_s: float) -> work.Reply:
        """Raises `_WorkerDied`."""
        return await _within(patience_s, self._ask(order))

    async def _ask(self, order: work.AnyOrder) -> work.Reply:
        if self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(work.encode(order))
        await self._process.stdin.drain()
        size = work.LENGTH.unpack(await self._heard(work.LENGTH.size))[0]
        return work.decode_reply(await self._heard(size))

    async def _heard(self, size: int) -> bytes:
        if self._process.stdout is None:
            raise BrokenPipeError
        return await self._process.stdout.readexactly(size)

    async def kill(self) -> None:
        if self.retiring is not None:
            self.retiring.cancel()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


async def _within(patience_s: float, answer: Awaitable[T]) -> T:
    """Raises `_WorkerDied`."""
    try:
        async with asyncio.timeout(patience_s):
            return await answer
    except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
        raise _WorkerDied(type(error).__name__) from error


class Workers:
    def __init__(
        self, count: int = 2, *, patience_s: float = _PATIENCE_S, idle_s: float = _IDLE_S
    ) -> None:
        self._turns = asyncio.Semaphore(count)
        self._scans = asyncio.Semaphore(1)  # beside the others: nobody waits for it, as for them
        self._patience_s = patience_s
        self._idle_s = idle_s
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._wanted: deque[asyncio.Future[_Worker]] = deque()  # by those who wait, in their order

    @property
    def pids(self) -> list[int]:
        return [worker.pid for worker in (*self._busy, *self._idle)]

    async def warm_up(self) -> None:
        """Returns once there is a worker for work that comes soon: to start one takes a while."""
        if not self._idle and not self._busy and not self._starting:
            self._start()
        if self._starting:
            await asyncio.wait(self._starting)

    async def run(self, order: work.AnyOrder) -> int:
        """The size of the product in bytes.

        A worker that dies costs a second attempt; if that dies too, it is the file's fault.
        Raises `MediaDamaged`, `SegmentNotFound`, `FileUnreadable`, and OSError for the disk.
        """
        patience_s = _SCAN_PATIENCE_S if order.reads_all else self._patience_s
        async with self._scans if order.reads_all else self._turns:
            for _ in range(_ATTEMPTS):
                try:
                    return _size(await self._attempt(order, patience_s))
                except _WorkerDied as error:
                    logger.warning("a worker died of {}: {}", order.path, error)
        raise faults.MediaDamaged

    async def close(self) -> None:
        for task in self._starting:
            task.cancel()
        if self._starting:
            await asyncio.wait(self._starting)
        for worker in (*self._busy, *self._idle):
            await worker.kill()
        self._busy.clear()
        self._idle.clear()

    async def _attempt(self, order: work.AnyOrder, patience_s: float) -> work.Reply:
        worker = await self._free()
        self._busy.add(worker)
        answered = False
        try:
            reply = await worker.ask(order, patience_s)
            answered = True
        finally:
            self._busy.discard(worker)
            if answered:
                self._rest(worker)
            else:  # died, hung, or nobody waits any more: its next answer would be the wrong one
                await worker.kill()
        return reply

    async def _free(self) -> _Worker:
        """The first to have nothing to do: one that is busy now may be sooner than a new one."""
        if self._idle:
            worker = self._idle.pop()
            if worker.retiring is not None:
                worker.retiring.cancel()
            return worker
        wanted: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._wanted.append(wanted)
        if len(self._starting) < len(self._wanted):
            self._start()
        try:
            return await wanted
        except asyncio.CancelledError:
            self._give_up(wanted)
            raise

    def _give_up(self, wanted: asyncio.Future[_Worker]) -> None:
        if wanted in self._wanted:
            self._wanted.remove(wanted)
        elif wanted.done() and not wanted.cancelled() and not wanted.exception():
            self._rest(wanted.result())  # it was given one in the same moment

    def _start(self) -> None:
        task = asyncio.create_task(self._add())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _add(self) -> None:
        try:
            worker = await _Worker.start(self._patience_s)
        except (_WorkerDied, OSError) as error:
            if (wanted := self._next_wanted()) is not None:
                wanted.set_exception(error)
            return
        self._rest(worker)

    def _next_wanted(self) -> asyncio.Future[_Worker] | None:
        """Of those who have not given up."""
        while self._wanted:
            wanted = self._wanted.popleft()
            if not wanted.done():
                return wanted
        return None

    def _rest(self, worker: _Worker) -> None:
        """Unless somebody waits for it."""
        if (wanted := self._next_wanted()) is not None:
            wanted.set_result(worker)
            return
        loop = asyncio.get_running_loop()
        worker.retiring = loop.call_later(self._idle_s, self._retire, worker)
        self._idle.append(worker)

    def _retire(self, worker: _Worker) -> None:
        if worker not in self._idle:
            return
        self._idle.remove(worker)
        detached.start(worker.kill())


def _size(reply: work.Reply) -> int:
    match reply:
        case work.Done(size=size):
            return size
        case work.Empty():
            raise faults.SegmentNotFound
        case work.Damaged(detail=detail):
            raise faults.MediaDamaged(f"{faults.MediaDamaged.__doc__} ({detail})")
        case work.Failed(errno=errno.ENOSPC | errno.EDQUOT as number):
            raise OSError(number, "no room for a segment")
        case work.Failed():
            raise faults.FileUnreadable
