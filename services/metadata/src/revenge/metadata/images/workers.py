"""The processes that draw: started when there is work, gone when there has been none for a while.

Pillow is in their memory and not in the service's, and a picture that crashes or hangs one of
them harms nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec

from revenge.metadata.images.orders import Draw, Outcome, Reply

AT_ONCE = 2
ATTEMPTS = 2
IDLE = 20.0  # seconds
PATIENCE = 35.0  # seconds, a little longer than a worker's own


class Workers:
    def __init__(self, *, idle: float = IDLE) -> None:
        self._slots = [_Slot(idle) for _ in range(AT_ONCE)]
        # last in, first out: what is not needed stays idle, and ends
        self._free: asyncio.LifoQueue[_Slot] = asyncio.LifoQueue()
        for slot in self._slots:
            self._free.put_nowait(slot)

    @classmethod
    @asynccontextmanager
    async def open(cls, *, idle: float = IDLE) -> AsyncGenerator[Workers]:
        workers = cls(idle=idle)
        try:
            yield workers
        finally:
            for slot in workers._slots:
                await slot.end()

    @property
    def pids(self) -> list[int]:
        return [slot.pid for slot in self._slots if slot.pid is not None]

    async def draw(self, order: Draw) -> Reply:
        slot = await self._free.get()
        try:
            return await slot.draw(order)
        finally:
            self._free.put_nowait(slot)


class _Slot:
    """A place for one process."""

    def __init__(self, idle: float) -> None:
        self._idle = idle
        self._process: Process | None = None
        self._retiring: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def draw(self, order: Draw) -> Reply:
        """A process that dies is not the picture's fault; if the next one dies too, it is."""
        self._stay()
        for _ in range(ATTEMPTS):
            with contextlib.suppress(ConnectionError, EOFError):
                return await self._attempt(order)
        return Reply(Outcome.UNUSABLE, "it crashes what reads it")

    async def _attempt(self, order: Draw) -> Reply:
        """A process that owes an answer is never asked again."""
        answered = False
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await _ask(await self._running(), order)
            answered = True
        except TimeoutError:
            return Reply(Outcome.UNUSABLE, "it takes too long to read")
        finally:
            if not answered:
                await self.end()
        self._retiring = asyncio.get_running_loop().call_later(self._idle, self._retire)
        return reply

    async def end(self) -> None:
        self._stay()
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    def _stay(self) -> None:
        if self._retiring is not None:
            self._retiring.cancel()
            self._retiring = None

    def _retire(self) -> None:
        """Its input ends, and so does it; nothing is left to wait for."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "revenge.metadata.images.worker"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
            )
        return self._process


async def _ask(process: Process, order: Draw) -> Reply:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line:
        raise EOFError
    return msgspec.json.decode(line, type=Reply)
