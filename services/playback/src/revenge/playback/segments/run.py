"""A run: one ffmpeg that encodes segment after segment ahead of those who watch.

The first segment is encoded alone, because a viewer waits for it, and an encoder that knows that
its input ends gives it away sooner. Then come longer pieces. A run that is far ahead of its viewers
is not read from any more, so that ffmpeg waits in its pipe.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator
from typing import NamedTuple

from loguru import logger

from revenge.contracts import Fault
from revenge.playback.media import boxes
from revenge.playback.segments import assembling, encode, fragments, processes
from revenge.playback.segments.assembling import Segment
from revenge.playback.segments.cache import SegmentCache
from revenge.playback.segments.fragments import Fragment
from revenge.playback.segments.pace import Pace

_REACH = 2  # segments that a viewer rather waits for than for a new run
_PIECE = 30  # segments of one command


class Limits(NamedTuple):
    """`ahead` in segments, times in seconds."""

    runs: int = 2
    ahead: int = 8
    idle_s: float = 30.0  # paused this long, a run ends
    stall_s: float = 60.0  # without a segment this long, ffmpeg hangs


class Tools(NamedTuple):
    """What a run works with."""

    ffmpeg: str
    cache: SegmentCache
    limits: Limits
    pace: Pace  # of all runs together, in luma samples


class RunEnded(Exception):
    """The run will not make the segment that somebody waits for."""

    def __init__(self, fault: Fault | None = None) -> None:
        super().__init__()
        self.fault = fault  # the reason, when it is one that another run would meet as well


class _Idle(Exception):
    """Nobody has asked for long."""


class Run:
    def __init__(
        self,
        what: encode.Rendition,
        folder: str,
        first: int,
        tools: Tools,
        on_end: Callable[[Run], None],
    ) -> None:
        self.what = what
        self.folder = folder
        self.next = first
        self.viewers: set[str] = set()
        self.paused_since: float | None = None
        self.process: Process | None = None
        self._wanted = first
        self._tools = tools
        self._on_end = on_end
        self._fault: Fault | None = None
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._waiters = 0
        self._stopping = False
        self._asked = asyncio.Event()
        self.task = asyncio.create_task(self._main(first))
        self.task.add_done_callback(self._ended)  # also when it is stopped before it has begun

    @property
    def is_needed(self) -> bool:
        """Somebody watches it, or waits for a segment of it, though they may have gone on."""
        return not self._stopping and bool(self.viewers or self._waiters)

    @property
    def waited_for(self) -> bool:
        return self._waiters > 0 and not self._stopping

    @property
    def goes_on(self) -> bool:
        return not self._stopping and not self.task.done()

    def reaches(self, number: int) -> bool:
        return self.goes_on and self.next <= number <= self.next + _REACH

    def covers(self, number: int) -> bool:
        """A viewer of this segment is a viewer of this run, whose next segments come from it."""
        return self.goes_on and number < self.next <= number + self._tools.limits.ahead + 1

    def want(self, number: int) -> None:
        self._wanted = max(self._wanted, number)
        self._asked.set()

    async def wait_for(self, number: int) -> None:
        future = self._waiting.setdefault(number, asyncio.get_running_loop().create_future())
        self._waiters += 1
        try:
            await asyncio.shield(future)
        finally:
            self._waiters -= 1

    async def stop(self) -> None:
        self._stopping = True
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task

    async def _main(self, first: int) -> None:
        try:
            for piece in self._pieces(first):
                await self._encode(piece)
        except _Idle:
            logger.debug("a run over {} ends: nobody watches", self.folder)
        except Fault as fault:
            logger.warning("a run over {} failed at {}: {!r}", self.folder, self.next, fault)
            self._fault = fault
        except (boxes.BoxDamaged, TimeoutError, OSError, processes.FfmpegFailed) as error:
            logger.warning("a run over {} failed at {}: {!r}", self.folder, self.next, error)

    def _ended(self, _: asyncio.Task[None]) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(RunEnded(self._fault))
                future.exception()  # whoever waits has it; if they left, nobody need know
        self._on_end(self)

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
        process = self.process = await self._ffmpeg(piece)
        try:
            await self._take(_made_by(process), piece)
        finally:
            await processes.end(process)
        self._finish(piece.last)

    async def _ffmpeg(self, piece: encode.Piece) -> Process:
        drawn = await self.what.draw(piece) if self.what.draw else None
        command = encode.command(self._tools.ffmpeg, self.what, piece, drawn)
        return await processes.start(command, drawn.path.parent if drawn else None)

    async def _take(self, made: AsyncIterator[Fragment], piece: encode.Piece) -> None:
        segments = assembling.whole(made, self.what, piece.first)
        while (segment := await self._next(segments)) is not None:
            await self._keep(segment.number, segment.data)
            await self._room()

    async def _next(self, segments: AsyncIterator[Segment]) -> Segment | None:
        async with asyncio.timeout(self._tools.limits.stall_s):
            with self._tools.pace.working():
                return await anext(segments, None)

    async def _keep(self, number: int, data: bytes) -> None:
        await self._tools.cache.put(name(self.folder, number), data)
        self._tools.pace.made(self.what.luma_samples(number))
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


async def _made_by(process: Process) -> AsyncIterator[Fragment]:
    """Raises `FfmpegFailed` at its end, if that is not the end of what it was told to encode."""
    if process.stdout is None:
        raise BrokenPipeError
    errors = asyncio.create_task(processes.last_words(process))
    try:
        async for fragment in fragments.read(process.stdout):
            yield fragment
        if await process.wait():
            said = await errors
            raise processes.FfmpegFailed(said or f"ffmpeg ended with {process.returncode}")
    finally:
        errors.cancel()


def name(folder: str, number: int) -> str:
    """Of a segment in the cache."""
    return f"{folder}/{number}.m4s"
