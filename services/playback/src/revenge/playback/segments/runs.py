"""Runs: one ffmpeg that encodes segment after segment ahead of those who watch.

The first segment is encoded alone, because a viewer waits for it, and an encoder that knows that
its input ends gives it away sooner. Then come longer pieces. A run that is far ahead of its viewers
is not read from any more, so that ffmpeg waits in its pipe; one without viewers is killed.
"""

import asyncio
import contextlib
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

from loguru import logger

from revenge.contracts import Fault
from revenge.playback import boxes, faults
from revenge.playback.segments import encode, fragments
from revenge.playback.segments.cache import SegmentCache

_ATTEMPTS = 2
_REACH = 2  # segments that a viewer rather waits for than for a new run
_PIECE = 30  # segments of one command
_DYING_S = 5.0
_PICTURES = 1  # encoded alone at once: a viewer who winds asks for many


class Limits(NamedTuple):
    """`ahead` in segments, times in seconds."""

    runs: int = 2
    ahead: int = 8
    idle_s: float = 30.0  # paused this long, a run ends
    stall_s: float = 60.0  # without a segment this long, ffmpeg hangs


class _RunEnded(Exception):
    """The run will not make the segment that somebody waits for."""


class _Idle(Exception):
    """Nobody has asked for long."""


class _Run:
    def __init__(
        self, what: encode.Rendition, folder: str, first: int, tools: "Transcoder"
    ) -> None:
        self.what = what
        self.folder = folder
        self.next = first
        self.viewers: set[str] = set()
        self.paused_since: float | None = None
        self.process: Process | None = None
        self._wanted = first
        self._tools = tools
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._asked = asyncio.Event()
        self.task = asyncio.create_task(self._main(first))

    @property
    def waited_for(self) -> bool:
        return bool(self._waiting)

    def reaches(self, number: int) -> bool:
        return not self.task.done() and self.next <= number <= self.next + _REACH

    def covers(self, number: int) -> bool:
        """A viewer of this segment is a viewer of this run, whose next segments come from it."""
        return not self.task.done() and number < self.next <= number + self._tools.limits.ahead + 1

    def want(self, number: int) -> None:
        self._wanted = max(self._wanted, number)
        self._asked.set()

    async def wait_for(self, number: int) -> None:
        future = self._waiting.setdefault(number, asyncio.get_running_loop().create_future())
        await asyncio.shield(future)

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task

    async def _main(self, first: int) -> None:
        try:
            for piece in self._pieces(first):
                await self._encode(piece)
        except _Idle:
            logger.debug("a run over {} ends: nobody watches", self.folder)
        except (boxes.BoxDamaged, TimeoutError, OSError, Fault, _RunEnded) as error:
            logger.warning("a run over {} failed at {}: {!r}", self.folder, self.next, error)
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(_RunEnded())
                    future.exception()  # whoever waits has it; if they left, nobody need know
            self._tools.forget(self)

    def _pieces(self, first: int) -> Iterator[encode.Piece]:
        """What is in the cache already is not encoded again."""
        yield encode.Piece(first, first + 1)
        start, end = first + 1, len(self.what.grid)
        while start < end:
            ahead = range(start, min(start + _PIECE, end))
            stop = next((number for number in ahead if self._is_made(number)), ahead.stop)
            if stop > start:
                yield encode.Piece(start, stop)
            start = max(stop, start + 1)

    def _is_made(self, number: int) -> bool:
        return self._tools.cache.find(name(self.folder, number)) is not None

    async def _encode(self, piece: encode.Piece) -> None:
        arguments = encode.command(self._tools.ffmpeg, self.what, piece)
        process = await asyncio.create_subprocess_exec(*arguments, stdout=PIPE, stderr=PIPE)
        self.process = process
        errors = asyncio.create_task(_last_words(process))
        try:
            await self._take(process, piece)
            if await process.wait():
                raise _RunEnded((await errors) or f"ffmpeg ended with {process.returncode}")
        finally:
            await _end(process)
            errors.cancel()
        self._finish(piece.last)

    async def _take(self, process: Process, piece: encode.Piece) -> None:
        if process.stdout is None:
            raise BrokenPipeError
        made = fragments.read(process.stdout)
        number, parts = piece.first, list[bytes]()
        while (fragment := await self._next(made)) is not None:
            place = max(self.what.number_of(fragment.shown), piece.first)
            parts = [*parts, fragment.data] if place == number else [fragment.data]
            number = place
            await self._keep(number, b"".join(parts))
            await self._room()

    async def _next(self, made: AsyncIterator[fragments.Fragment]) -> fragments.Fragment | None:
        async with asyncio.timeout(self._tools.limits.stall_s):
            return await anext(made, None)

    async def _keep(self, number: int, data: bytes) -> None:
        await self._tools.cache.put(name(self.folder, number), data)
        self._finish(number + 1)

    def _finish(self, until: int) -> None:
        """All segments before `until` are there, or never will be."""
        self.next = max(self.next, until)
        for number in [number for number in self._waiting if number < until]:
            future = self._waiting.pop(number)
            if not future.done():
                future.set_result(None)

    async def _room(self) -> None:
        """Returns once the viewers have come near enough."""
        while self.next > self._wanted + self._tools.limits.ahead:
            self._asked.clear()
            self.paused_since = time.monotonic()
            try:
                async with asyncio.timeout(self._tools.limits.idle_s):
                    await self._asked.wait()
            except TimeoutError as error:
                raise _Idle from error
            finally:
                self.paused_since = None


class Transcoder:
    """Every run on this machine."""

    def __init__(self, ffmpeg: str, cache: SegmentCache, limits: Limits | None = None) -> None:
        self.ffmpeg = ffmpeg
        self.cache = cache
        self.limits = limits or Limits()
        self._runs: list[_Run] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._pictures = asyncio.Semaphore(_PICTURES)

    @property
    def pids(self) -> list[int]:
        processes = [run.process for run in self._runs if run.process is not None]
        return [process.pid for process in processes if process.returncode is None]

    @property
    def running(self) -> int:
        return len(self._runs)

    async def segment(self, what: encode.Rendition, folder: str, number: int, viewer: str) -> Path:
        """Raises `TranscoderBusy`, `TranscoderFailed`, or `SegmentNotFound`."""
        for _ in range(_ATTEMPTS):
            found = self.cache.find(name(folder, number))
            if found is not None:
                self._watch(self._run_after(folder, number), number, viewer)
                return found
            try:
                run = self._run_to(folder, number) or await self._start(what, folder, number)
                self._watch(run, number, viewer)
                await run.wait_for(number)
            except _RunEnded:
                continue
            found = self.cache.find(name(folder, number))
            if found is None:
                raise faults.SegmentNotFound
            return found
        raise faults.TranscoderFailed

    async def leave(self, viewer: str) -> None:
        """The viewer watches nothing any more."""
        self._watch(None, 0, viewer)

    async def init(self, what: encode.Rendition, path: Path) -> None:
        """Writes the initialisation segment of a rendition."""
        output = await self._output(encode.init_command(self.ffmpeg, what))
        await asyncio.to_thread(path.write_bytes, boxes.split(output).init)

    async def picture(self, what: encode.Rendition, number: int, path: Path) -> None:
        """Writes the first picture of a segment, as a segment. Raises `SegmentNotFound`."""
        async with self._pictures:
            output = await self._output(encode.picture_command(self.ffmpeg, what, number))
        media = boxes.split(output).media
        if not media:
            raise faults.SegmentNotFound
        await asyncio.to_thread(path.write_bytes, media)

    async def _output(self, arguments: list[str]) -> bytes:
        """Of an ffmpeg that has little to do."""
        process = await asyncio.create_subprocess_exec(*arguments, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(self.limits.stall_s):
                output, errors = await process.communicate()
        except TimeoutError as error:
            raise faults.TranscoderFailed from error
        finally:
            await _end(process)
        if process.returncode:
            logger.warning("ffmpeg failed: {}", errors[-500:].decode(errors="replace"))
            raise faults.TranscoderFailed
        return output

    async def close(self) -> None:
        for run in list(self._runs):
            await run.stop()

    def forget(self, run: _Run) -> None:
        if run in self._runs:
            self._runs.remove(run)

    def _run_to(self, folder: str, number: int) -> _Run | None:
        """The run that reaches the segment soonest."""
        reaching = [run for run in self._runs if run.folder == folder and run.reaches(number)]
        return min(reaching, key=lambda run: number - run.next, default=None)

    def _run_after(self, folder: str, number: int) -> _Run | None:
        """The run that made the segment, or that goes on from there."""
        runs = [run for run in self._runs if run.folder == folder]
        return next((run for run in runs if run.covers(number) or run.reaches(number)), None)

    async def _start(self, what: encode.Rendition, folder: str, number: int) -> _Run:
        if len(self._runs) >= self.limits.runs:
            await self._make_room()
        run = _Run(what, folder, number, self)
        self._runs.append(run)
        return run

    async def _make_room(self) -> None:
        """By ending the run that nobody waits for, and that has paused the longest."""
        idle = [run for run in self._runs if not run.waited_for]
        if not idle:
            raise faults.TranscoderBusy
        await min(idle, key=lambda run: run.paused_since or time.monotonic()).stop()

    def _watch(self, run: _Run | None, number: int, viewer: str) -> None:
        """A viewer watches one run at a time; the one that was left may be without viewers."""
        for other in self._runs:
            if other is not run and viewer in other.viewers:
                other.viewers.discard(viewer)
                if not other.viewers and not other.waited_for:
                    self._end(other)
        if run is not None:
            run.viewers.add(viewer)
            run.want(number)

    def _end(self, run: _Run) -> None:
        task = asyncio.create_task(run.stop())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def name(folder: str, number: int) -> str:
    """Of a segment in the cache."""
    return f"{folder}/{number}.m4s"


async def _last_words(process: Process) -> str:
    """The end of what ffmpeg said; all of it is read, or it would wait."""
    words = b""
    while process.stderr is not None and (said := await process.stderr.read(4096)):
        words = (words + said)[-500:]
    return words.decode(errors="replace").strip()


async def _end(process: Process) -> None:
    """Kills it if need be. What it has written must be read, or its end is never seen."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    try:
        async with asyncio.timeout(_DYING_S):
            if process.stdout is not None:
                await process.stdout.read()
            await process.wait()
    except TimeoutError:
        logger.warning("ffmpeg ({}) was killed, and does not end", process.pid)
