"""A few processes that probe files, so that a file which hangs or crashes one harms no other."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from types import TracebackType
from typing import Self

import msgspec

from revenge.contracts.media import Media
from revenge.contracts.paths import to_text
from revenge.library_scanner.probe.messages import Reply, Request

_MAX_REPLY = 8 * 1024 * 1024
_PROBES_PER_PROCESS = 2000  # then a fresh one, whatever the old one may have leaked


class ProbeFailed(Exception):
    """This file cannot be probed; the reason is for the person who owns it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Prober:
    """Use as an async context manager. `probe` may be called any number of times at once.

    Processes are started when they are needed, at most `processes` of them, and ended when they
    have been idle for `idle_s`.
    """

    def __init__(
        self, processes: int = 2, *, timeout_s: float = 30.0, idle_s: float = 60.0
    ) -> None:
        self._timeout_s = timeout_s
        self._slots = [_Slot(idle_s) for _ in range(processes)]
        # last in, first out: those that are not needed stay idle and end
        self._free: asyncio.LifoQueue[_Slot] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        for slot in self._slots:
            self._free.put_nowait(slot)
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        for slot in self._slots:
            await slot.end()

    async def probe(self, path: str) -> Media:
        """What is in the file at this path of the operating system; raises ProbeFailed."""
        slot = await self._free.get()
        try:
            reply = await slot.ask(path, self._timeout_s)
        finally:
            self._free.put_nowait(slot)
        if reply.media is None:
            raise ProbeFailed(reply.reason or "nothing was found")
        return reply.media


class _Slot:
    """A place for one process: started at need, killed when it misbehaves or idles."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._process: asyncio.subprocess.Process | None = None
        self._answered = 0
        self._idle: asyncio.TimerHandle | None = None

    async def ask(self, path: str, timeout_s: float) -> Reply:
        """One question, one answer. A process that owes an answer is never asked again."""
        self._wake()
        trusted = False
        try:
            process = self._process or await self._start()
            async with asyncio.timeout(timeout_s):
                reply = await _ask(process, path)
            trusted = True
        except TimeoutError as error:
            raise ProbeFailed(f"reading it took longer than {timeout_s:g} s") from error
        finally:
            if not trusted or self._answered >= _PROBES_PER_PROCESS:
                await self.end()
        self._answered += 1
        self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._kill)
        return reply

    async def end(self) -> None:
        self._wake()
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        await process.wait()

    def _kill(self) -> None:
        if self._process is not None:
            _kill(self._process)
            self._process = None

    def _wake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    async def _start(self) -> asyncio.subprocess.Process:
        self._answered = 0
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "revenge.library_scanner.probe.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_MAX_REPLY,
        )
        return self._process


async def _ask(process: asyncio.subprocess.Process, path: str) -> Reply:
    assert process.stdin is not None  # noqa: S101 they were asked for: for the type checkers
    assert process.stdout is not None  # noqa: S101 the same
    question = msgspec.json.encode(Request(path=to_text(path))) + b"\n"
    # a broken pipe is told by the missing answer
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(question)
        await process.stdin.drain()
    line = await process.stdout.readline()
    if not line:
        raise ProbeFailed(f"it crashed the prober ({_ending(await process.wait())})")
    return msgspec.json.decode(line, type=Reply)


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
