"""A few worker processes: started when there is work, killed when they hang, gone when idle."""

import asyncio
import contextlib
import errno
import sys
from asyncio.subprocess import PIPE, Process

from loguru import logger

from revenge.playback import detached, faults
from revenge.playback.pool import work

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
    async def start(cls) -> "_Worker":
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "revenge.playback.pool.worker"), stdin=PIPE, stdout=PIPE
            )
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ask(self, order: work.AnyOrder, patience_s: float) -> work.Reply:
        try:
            async with asyncio.timeout(patience_s):
                return await self._ask(order)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            raise _WorkerDied(type(error).__name__) from error

    async def _ask(self, order: work.AnyOrder) -> work.Reply:
        if self._process.stdin is None or self._process.stdout is None:
            raise BrokenPipeError
        self._process.stdin.write(work.encode(order))
        await self._process.stdin.drain()
        header = await self._process.stdout.readexactly(work.LENGTH.size)
        size = work.LENGTH.unpack(header)[0]
        return work.decode_reply(await self._process.stdout.readexactly(size))

    async def kill(self) -> None:
        if self.retiring is not None:
            self.retiring.cancel()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


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

    @property
    def pids(self) -> list[int]:
        return [worker.pid for worker in (*self._busy, *self._idle)]

    async def warm_up(self) -> None:
        """Starts a worker now, for work that will come soon: Python and libav take a while."""
        if not self._idle and not self._busy:
            self._rest(await _Worker.start())

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
        for worker in (*self._busy, *self._idle):
            await worker.kill()
        self._busy.clear()
        self._idle.clear()

    async def _attempt(self, order: work.AnyOrder, patience_s: float) -> work.Reply:
        worker = self._idle.pop() if self._idle else await _Worker.start()
        if worker.retiring is not None:
            worker.retiring.cancel()
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

    def _rest(self, worker: _Worker) -> None:
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
