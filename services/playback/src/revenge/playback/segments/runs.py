"""Every run on this machine: who watches it, and which of them reaches a segment soonest."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from loguru import logger

from revenge.playback import detached, faults
from revenge.playback.media import boxes, decode_times
from revenge.playback.segments import encode, processes
from revenge.playback.segments.cache import SegmentCache
from revenge.playback.segments.pace import Pace
from revenge.playback.segments.run import Limits, Run, RunEnded, Tools, name

_ATTEMPTS = 2
_PICTURES = 1  # encoded alone at once: a viewer who winds asks for many


class Transcoder:
    def __init__(self, ffmpeg: str, cache: SegmentCache, limits: Limits | None = None) -> None:
        self.ffmpeg = ffmpeg
        self.limits = limits or Limits()
        self._cache = cache
        self._pace = Pace()
        self._runs: list[Run] = []
        self._pictures = asyncio.Semaphore(_PICTURES)
        self._turn = asyncio.Lock()  # of those who look for a run, and start one

    @property
    def viewers(self) -> set[str]:
        return set[str]().union(*(run.viewers for run in self._runs))

    @property
    def speed(self) -> float | None:
        """Of all that is encoded together, against real time; None until it is known."""
        made = self._pace.per_second
        needed = sum(run.what.luma_rate for run in self._runs if run.viewers)
        return made / needed if made is not None and needed else None

    @property
    def pids(self) -> list[int]:
        started = [run.process for run in self._runs if run.process is not None]
        return [process.pid for process in started if process.returncode is None]

    @property
    def running(self) -> int:
        return len(self._runs)

    async def segment(self, what: encode.Rendition, folder: str, number: int, viewer: str) -> Path:
        """Raises `TranscoderBusy`, `TranscoderFailed`, or `CacheFull`."""
        for _ in range(_ATTEMPTS):
            found = self._cache.find(name(folder, number))
            if found is not None:
                self._watch(self._run_after(folder, number), number, viewer)
                return found
            try:
                await self._made(what, folder, number, viewer)
            except RunEnded as ended:
                if ended.fault is not None:
                    raise ended.fault from None
                if viewer in self.viewers:
                    raise faults.TranscoderBusy from None  # they have gone elsewhere meanwhile
                continue
            return await self._cache.get_or_make(
                name(folder, number), lambda target: self._blank(what, number, target)
            )
        raise faults.TranscoderFailed

    async def leave(self, viewer: str) -> None:
        """The viewer watches nothing any more."""
        self._watch(None, 0, viewer)

    async def _made(self, what: encode.Rendition, folder: str, number: int, viewer: str) -> None:
        """Returns when a run has come past the segment; raises what starting one does."""
        async with self._turn:
            run = self._run_to(folder, number)
            if run is None and self._cache.find(name(folder, number)) is not None:
                return
            run = run or await self._start(what, folder, number)
            self._watch(run, number, viewer)
        try:
            await run.wait_for(number)
        finally:
            self._end_unneeded(run)

    async def init(self, what: encode.Rendition, path: Path) -> None:
        """Writes the initialisation segment of a rendition."""
        output = await self._output(encode.init_command(self.ffmpeg, what))
        init = boxes.split(output).init
        try:
            boxes.timescale(init)
        except boxes.BoxDamaged as error:
            raise faults.TranscoderFailed from error
        await asyncio.to_thread(path.write_bytes, init)

    async def picture(self, what: encode.Rendition, number: int, path: Path) -> None:
        """Writes the first picture of a segment, as a segment."""
        async with self._pictures:
            drawn = await what.draw(encode.Piece(number, number + 1)) if what.draw else None
            command = encode.picture_command(self.ffmpeg, what, number, drawn)
            output = await self._output(command, drawn.path.parent if drawn else None)
        media = decode_times.aligned(boxes.split(output).media)
        if media:
            await asyncio.to_thread(path.write_bytes, media)
        else:
            await self._blank(what, number, path, pictures=1)

    async def _blank(
        self, what: encode.Rendition, number: int, path: Path, pictures: int | None = None
    ) -> None:
        """Times in files jump: where there are no pictures, players find black ones, and go on."""
        command = encode.blank_command(self.ffmpeg, what, number, pictures)
        media = decode_times.aligned(boxes.split(await self._output(command)).media)
        await asyncio.to_thread(path.write_bytes, media)

    async def _output(self, command: list[str], folder: Path | None = None) -> bytes:
        try:
            return await processes.output(command, self.limits.stall_s, folder)
        except (processes.FfmpegFailed, TimeoutError) as error:
            logger.warning("ffmpeg failed: {!r}", error)
            raise faults.TranscoderFailed from error

    async def close(self) -> None:
        for run in list(self._runs):
            await run.stop()

    def _forget(self, run: Run) -> None:
        if run in self._runs:
            self._runs.remove(run)

    def _run_to(self, folder: str, number: int) -> Run | None:
        """The run that reaches the segment soonest."""
        reaching = [run for run in self._runs if run.folder == folder and run.reaches(number)]
        return min(reaching, key=lambda run: number - run.next, default=None)

    def _run_after(self, folder: str, number: int) -> Run | None:
        """The run that made the segment, or that goes on from there."""
        runs = [run for run in self._runs if run.folder == folder]
        return next((run for run in runs if run.covers(number) or run.reaches(number)), None)

    async def _start(self, what: encode.Rendition, folder: str, number: int) -> Run:
        if len(self._runs) >= self.limits.runs:
            await self._make_room()
        tools = Tools(self.ffmpeg, self._cache, self.limits, self._pace)
        run = Run(what, folder, number, tools, self._forget)
        self._runs.append(run)
        return run

    async def _make_room(self) -> None:
        """By ending the run that is missed the least; one that somebody waits for, if they left."""
        idle = [run for run in self._runs if not run.waited_for or not run.viewers]
        if not idle:
            raise faults.TranscoderBusy
        await min(idle, key=_missed).stop()

    def _watch(self, run: Run | None, number: int, viewer: str) -> None:
        """A viewer watches one run at a time; the one that was left may be without viewers."""
        for other in list(self._runs):
            if other is not run and viewer in other.viewers:
                other.viewers.discard(viewer)
                self._end_unneeded(other)
        if run is not None:
            run.viewers.add(viewer)
            run.want(number)

    def _end_unneeded(self, run: Run) -> None:
        if not run.is_needed and run.goes_on:
            detached.start(run.stop())


def _missed(run: Run) -> tuple[bool, bool, float]:
    """The more, the greater: one that is ending already not at all."""
    return run.goes_on, bool(run.viewers), run.paused_since or time.monotonic()
