"""What makes work on a job bearable: turns, time limits, back-off, progress."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import msgspec
from loguru import logger
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from revenge.contracts import Event, Job, Level
from revenge.contracts.jobs import Progress
from revenge.kit import metrics, settings
from revenge.kit.bus import Bus
from revenge.kit.delivery import Delivery

BUCKET = "progress"
EVERY = 0.5  # seconds between two reports of one job that are passed on
DONE = 100.0  # per cent


class TimedOut(Exception):
    """The job took longer than its contract allows."""


class Slots:
    """So many at once, first come, first served.

    The number may change while some are taken: those finish in peace.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._open = asyncio.Event()
        self.resize(most)

    async def __aenter__(self) -> None:
        if self._taken < self.most and not self._waiting:
            self._taken += 1
            return
        granted = asyncio.get_running_loop().create_future()
        self._waiting.append(granted)
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():  # for somebody who has gone
                self._give_back()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._give_back()

    async def opened(self) -> None:
        """Wait until there is any slot at all, taken or not."""
        await self._open.wait()

    def resize(self, most: int) -> None:
        self.most = most
        if most:
            self._open.set()
        else:
            self._open.clear()
        self._grant()

    def _give_back(self) -> None:
        self._taken -= 1
        self._grant()

    def _grant(self) -> None:
        while self._waiting and self._taken < self.most:
            granted = self._waiting.popleft()
            if not granted.done():
                self._taken += 1
                granted.set_result(None)


class Share(NamedTuple):
    """Slots for background work, and how many of them there are when somebody watches or not."""

    slots: Slots
    usual: int
    watched: int


class Workers:
    """How many jobs of each level one process works on at once."""

    def __init__(self, limits: settings.Jobs) -> None:
        self.watched = False
        self._shares: list[Share] = []
        self._slots = {
            level: self.share(limits.most(level), limits.most(level, watched=True))
            for level in Level
        }
        self._turns: dict[str, asyncio.Semaphore] = {}

    def share(self, usual: int, watched: int) -> Slots:
        """Slots of its own for what goes on within a job, which makes way just so."""
        slots = Slots(watched if self.watched else usual)
        self._shares.append(Share(slots, usual, watched))
        return slots

    def make_way(self, watched: bool) -> None:
        """Fewer workers while somebody watches, all of them afterwards."""
        if watched == self.watched:
            return
        self.watched = watched
        for share in self._shares:
            share.slots.resize(share.watched if watched else share.usual)
        metrics.JOBS_THROTTLED.set(self._throttled())
        logger.info("{} watches now", "somebody" if watched else "nobody")

    def turn(self, job: Job[Any], concurrency: int) -> asyncio.Semaphore:
        """The turns of one kind of job."""
        return self._turns.setdefault(job.subject, asyncio.Semaphore(concurrency))

    async def opened(self, job: Job[Any], within: float) -> bool:
        """False if jobs of this level rest, and still do after so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._slots[job.level].opened()
        except TimeoutError:
            return False
        return True

    @asynccontextmanager
    async def slot(self, contract: Job[Any] | Event[Any]) -> AsyncGenerator[None]:
        """Wait until the job's level has a free worker, and be it."""
        level = contract.level if isinstance(contract, Job) else Level.DEFAULT
        async with self._slots[level]:
            with metrics.JOBS_RUNNING.labels(level).track_inprogress():
                yield

    def _throttled(self) -> float:
        """The part of all workers that rests."""
        usual = sum(share.usual for share in self._shares)
        return 1 - sum(share.slots.most for share in self._shares) / usual


def back_off(contract: Job[Any] | Event[Any], attempt: int) -> float:
    """Seconds until the next attempt: 2^attempt, spread, and bounded by the contract."""
    longest = contract.longest_wait if isinstance(contract, Job) else 60.0
    return random.uniform(0.75, 1.0) * min(2.0**attempt, longest)


class _Reporter:
    def __init__(self, bus: Bus, job_id: str) -> None:
        self._bus = bus
        self._job_id = job_id
        self._last = 0.0

    async def report(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last < EVERY and progress.percent < DONE:
            return
        self._last = now
        try:
            bucket = await self._bus.bucket(BUCKET)
            await bucket.put(self._job_id, msgspec.json.encode(progress))
        except (NatsError, JetStreamError, TimeoutError) as error:
            logger.debug("progress of {} is not shown: {!r}", self._job_id, error)


_reporter: ContextVar[_Reporter | None] = ContextVar("reporter", default=None)


async def report(phase: str, current: int = 0, total: int = 0, message: str = "") -> None:
    """Say how far the job is that is being worked on. Cheap enough to call in a loop."""
    reporter = _reporter.get()
    if reporter is not None:
        percent = round(100 * current / total, 1) if total else 0.0
        await reporter.report(Progress(phase, current, total, percent, message))


@asynccontextmanager
async def running(
    bus: Bus, contract: Job[Any] | Event[Any], delivery: Delivery
) -> AsyncGenerator[None]:
    """One attempt at a job: bounded in time, measured, and able to report progress."""
    if not isinstance(contract, Job):
        yield
        return
    began = time.monotonic()
    status = "failed"
    token = _reporter.set(_Reporter(bus, delivery.ids[0]))
    logger.debug("{} begins, attempt {}", contract.subject, delivery.attempt)
    limit = asyncio.timeout(contract.timeout)
    try:
        async with limit:
            yield
        status = "ok"
    except TimeoutError as error:
        if limit.expired():
            raise TimedOut(f"took longer than {contract.timeout:.0f} s") from error
        raise
    finally:
        _reporter.reset(token)
        took = time.monotonic() - began
        metrics.JOBS_DURATION.labels(contract.subject).observe(took)
        metrics.JOBS_COMPLETED.labels(contract.subject, status).inc()
        logger.info("{} {} after {:.2f} s", contract.subject, status, took)
