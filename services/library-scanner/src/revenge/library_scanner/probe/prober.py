"""A few processes that probe files, so that a file which hangs or crashes one harms no other."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from types import TracebackType
from typing import Self

import msgspec
from loguru import logger

from revenge.contracts.media import Media
from revenge.contracts.paths import to_text
from revenge.kit.jobs import Slots, Workers
from revenge.library_scanner.probe.messages import Identity, Reply, Request

_MAX_REPLY = 8 * 1024 * 1024
_QUESTIONS = 2  # to one process at once: one is answered, and one waits in the pipe
_WATCHED_PART = 5  # of ten processes two are left
_PROBES_PER_PROCESS = 2000  # then a fresh one, whatever the old one may have leaked
_FAREWELL = 2.0  # seconds that a killed process may take: one whose disk does not answer takes on
_MOST_LEFT = 8  # such processes for each slot; then it waits for one of them to end


class ProbeFailed(Exception):
    """This file cannot be probed; the reason is for the person who owns it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProbeTooLong(ProbeFailed):
    """It took longer than it may: perhaps the disk does not answer, whatever one asks."""


class Prober:
    """Use as an async context manager. It may be asked any number of things at once.

    Processes are started when they are needed, at most `processes` of them, and ended when they
    have been idle for `idle_s`.
    """

    def __init__(
        self,
        processes: int = 2,
        *,
        timeout_s: float = 30.0,
        idle_s: float = 60.0,
        workers: Workers | None = None,
    ) -> None:
        """With `workers`, fewer files are probed at once while somebody watches."""
        self._timeout_s = timeout_s
        self._slots = [_Slot(idle_s) for _ in range(processes)]
        usual = _QUESTIONS * processes
        watched = max(1, processes // _WATCHED_PART)
        self._turns = Slots(usual) if workers is None else workers.share(usual, watched)

    async def __aenter__(self) -> Self:
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
        media, _ = await self._ask(Request(path=to_text(path)))
        return media

    async def identify(self, path: str) -> tuple[Media, Identity]:
        """The same, and which file that was."""
        media, identity = await self._ask(Request(path=to_text(path), with_identity=True))
        if identity is None:
            raise ProbeFailed("it was not identified")
        return media, identity

    async def _ask(self, request: Request) -> tuple[Media, Identity | None]:
        async with self._turns:
            # of those with the least to do the first: those that are not needed stay idle and end
            slot = min(self._slots, key=lambda slot: slot.asking)
            reply = await slot.ask(request, self._timeout_s)
        if reply.media is None:
            raise ProbeFailed(reply.reason or "nothing was found")
        return reply.media, reply.identity


class _Process:
    """One that runs. Its answers come in the order of the questions."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.turn = asyncio.Lock()  # of those who have asked, in that order
        self.answered = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, request: Request) -> None:
        assert self._process.stdin is not None  # noqa: S101 it was asked for: for the type checkers
        # a broken pipe is told by the missing answer
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._process.stdin.write(msgspec.json.encode(request) + b"\n")

    async def receive(self) -> Reply:
        assert self._process.stdout is not None  # noqa: S101 the same
        line = await self._process.stdout.readline()
        if not line:
            raise ProbeFailed(f"it crashed the prober ({_ending(await self._process.wait())})")
        self.answered += 1
        return msgspec.json.decode(line, type=Reply)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        await self._process.wait()


class _Slot:
    """A place for one process: started at need, killed when it misbehaves or idles.

    A second question may wait in the pipe while the first is answered, so that the process goes
    on at once, however busy the one who asks.
    """

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._process: _Process | None = None
        self._starting = asyncio.Lock()
        self._left: set[asyncio.Task[None]] = set()  # killed, and not ended
        self.asking = 0
        self._idle: asyncio.TimerHandle | None = None

    async def ask(self, request: Request, timeout_s: float) -> Reply:
        """One question, one answer."""
        self.asking += 1
        self._wake()
        try:
            while True:
                process = await self._started()
                process.send(request)
                await self._wait(process)
                try:
                    if process is self._process:
                        return await self._answer(process, timeout_s)
                finally:
                    process.turn.release()
                # it was ended for the sake of another file: the next one is asked in its turn
        finally:
            self.asking -= 1
            if not self.asking:
                self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._kill)

    async def end(self) -> None:
        self._wake()
        if self._process is not None:
            await self._end(self._process)
        for ending in self._left:
            ending.cancel()

    async def _wait(self, process: _Process) -> None:
        try:
            await process.turn.acquire()
        except asyncio.CancelledError:  # nobody will read this answer: ask another from now on
            if process is self._process:
                self._process = None
            raise

    async def _answer(self, process: _Process, timeout_s: float) -> Reply:
        """A process that owes an answer is never asked again."""
        trusted = False
        try:
            async with asyncio.timeout(timeout_s):
                reply = await process.receive()
            trusted = process.answered < _PROBES_PER_PROCESS
        except TimeoutError as error:
            raise ProbeTooLong(f"reading it took longer than {timeout_s:g} s") from error
        finally:
            if not trusted or process is not self._process:
                await self._end(process)
        return reply

    async def _end(self, process: _Process) -> None:
        if process is self._process:
            self._process = None
        process.kill()
        ending = asyncio.create_task(process.ended())
        self._left.add(ending)
        ending.add_done_callback(self._left.discard)
        await asyncio.wait([ending], timeout=_FAREWELL)
        if not ending.done():
            logger.warning("process {} cannot be ended: does the disk answer?", process.pid)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _wake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    async def _started(self) -> _Process:
        async with self._starting:
            while self._process is None and len(self._left) >= _MOST_LEFT:
                await asyncio.wait(self._left, return_when=asyncio.FIRST_COMPLETED)
            if self._process is None:
                self._process = _Process(
                    await asyncio.create_subprocess_exec(
                        sys.executable,
                        "-m",
                        "revenge.library_scanner.probe.worker",
                        stdin=asyncio.subprocess.PIPE,
                        stdout=asyncio.subprocess.PIPE,
                        stderr=asyncio.subprocess.DEVNULL,
                        limit=_MAX_REPLY,
                    )
                )
            return self._process


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
