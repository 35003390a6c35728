"""One library that is watched: listening, looking at what stands still, and sweeping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from loguru import logger

from revenge.contracts import Fault, library
from revenge.contracts.paths import to_os
from revenge.kit.leases import LeaseLost, hold
from revenge.library_scanner import folders, problems
from revenge.library_scanner.jobs import Scanning, lease_of
from revenge.library_scanner.ordering import order_scan
from revenge.library_scanner.scanning.scan import RootsLost
from revenge.library_scanner.store import folders as known_folders
from revenge.library_scanner.store import scans
from revenge.library_scanner.watching import status as watch_status
from revenge.library_scanner.watching.comparing import Heard
from revenge.library_scanner.watching.listening import (
    CannotListen,
    NoMoreWatches,
    listen,
    what_lacks,
)
from revenge.library_scanner.watching.settling import Place, Settling

E = TypeVar("E", bound=Exception)

STEP = 0.2  # seconds between two looks at what has changed
POLL_MS = 10_000  # between two comparisons where there are no events, at least
POLL_SHARE = 20  # and as many times longer than one takes
SWEEP_EVERY = 900.0  # seconds
ROOTS_EVERY = 2.0  # seconds between two looks whether the roots are still the same folders
AGAIN = 10.0  # seconds until what failed is tried again
FRESH = timedelta(seconds=10)  # a scan that began so late needs no sweep after it
MANY = 50  # places that have changed are as good as the whole library


class RootsChanged(Exception):
    """A root, or a folder in it, is another one now: its watches are of no use."""


class EventsAgain(Exception):
    """Perhaps the system's events are of use again."""


@dataclass
class Watcher:
    """Watches one library until it is cancelled."""

    app: Scanning
    of: library.Library
    _has_missed: bool = False
    _deaf: CannotListen | None = None  # why events are of no use
    _heard: asyncio.Queue[Heard] = field(default_factory=asyncio.Queue[Heard])

    async def run(self) -> None:
        while True:
            try:
                async with hold(self.app.bus, f"watch-{self.of.id}"):
                    await self._watch()
            except* (RootsChanged, EventsAgain) as changed:
                logger.info("{} is watched anew: {}", self.of.name, _first(changed))
            except* LeaseLost:
                watch_status.forget(self.of.id)
                logger.info("another replica watches {} now", self.of.name)
            except* CannotListen as errors:
                self._deaf = _first(errors)
                logger.warning("{} cannot be watched by events: {}", self.of.name, self._deaf)
            except* folders.RootAway as errors:
                await watch_status.tell_away(self.app.db, self.of, _first(errors).problem)
                await asyncio.sleep(ROOTS_EVERY)
            except* (Fault, TimeoutError) as errors:  # the database or the bus is away
                logger.warning("{} is not looked at now: {}", self.of.name, _first(errors))
                await asyncio.sleep(AGAIN)
            except* (OSError, RuntimeError) as errors:
                await self._complain(_first(errors))
                await asyncio.sleep(AGAIN)
            self._has_missed = True

    async def _watch(self) -> None:
        standing = await asyncio.to_thread(_standing, self.of.paths)
        self._heard = asyncio.Queue()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._mind_roots(standing))
            tasks.create_task(self._listen())
            tasks.create_task(self._look())
            tasks.create_task(self._sweep())

    async def _mind_roots(self, standing: Standing) -> None:
        """Of a root that goes, and of disks that are mounted on it or in it, no event tells."""
        while True:
            await asyncio.sleep(ROOTS_EVERY)
            if await asyncio.to_thread(_standing, self.of.paths) != standing:
                raise RootsChanged("another folder is there")

    async def _listen(self) -> None:
        poll_ms, status = await self._how()
        async with aclosing(listen([to_os(root) for root in self.of.paths], poll_ms)) as changes:
            self._heard.put_nowait(await anext(changes))
            await watch_status.tell(self.app.db, self.of, status)
            await self._catch_up()
            async for batch in changes:
                if batch:
                    self._heard.put_nowait(batch)
                    await self._check_room(batch, poll_ms)

    async def _how(self) -> tuple[int | None, watch_status.Status]:
        """How often the folders are compared, if they must be, and what is said of that."""
        silent = await asyncio.to_thread(folders.silent, self.of.paths)
        if not silent and self._deaf is None:
            return None, watch_status.BY_EVENTS
        took = await asyncio.to_thread(folders.time_to_walk, self.of.paths)
        poll_ms = max(POLL_MS, round(1000 * POLL_SHARE * took))
        if self._deaf is not None:
            return poll_ms, watch_status.deaf(self._deaf, poll_ms / 1000)
        return poll_ms, watch_status.polling(silent, poll_ms / 1000)

    async def _catch_up(self) -> None:
        """With what has happened while nobody watched."""
        await self._clear_problem()
        async with self.app.db.begin() as tx:
            latest = await scans.latest(tx, [self.of.id])
            is_fresh = bool(latest) and abs(datetime.now(UTC) - latest[0].created_at) < FRESH
            if self._has_missed or not is_fresh:
                await order_scan(tx, self.of)

    async def _check_room(self, batch: Heard, poll_ms: int | None) -> None:
        """Of a new folder that could not be watched, nobody is told."""
        if poll_ms is None and (lack := await asyncio.to_thread(_what_lacks, batch)):
            raise lack

    async def _look(self) -> None:
        settling = Settling(self.of.paths)
        while True:
            heard = set() if settling else set(await self._heard.get())
            while not self._heard.empty():
                heard |= self._heard.get_nowait()
            places = await asyncio.to_thread(settling.step, heard, time.monotonic())
            if places:
                await self._look_at(places)
            await asyncio.sleep(STEP)

    async def _look_at(self, places: Sequence[Place]) -> None:
        async with hold(self.app.bus, lease_of(self.of.id)):  # no scan is going on
            if len(places) > MANY or any(place.name is None for place in places):
                await self._start_scan()
                return
            try:
                visible = await asyncio.to_thread(_visible, places)
                await self.app.scanner.scan_units(self.of, visible)
            except RootsLost as lost:
                await asyncio.to_thread(folders.identities, self.of.paths)  # raises if it is away
                await self._keep_problem(problems.Problem("root_missing", str(lost)))
                return
            await self._clear_problem()

    async def _clear_problem(self) -> None:
        """If no root is gone or empty, and no disk below one is away."""
        async with self.app.db.read() as rows:
            mounts = await known_folders.mounts(rows, self.of.id)
        if await asyncio.to_thread(folders.are_filled, [*self.of.paths, *mounts]):
            await self._keep_problem(None)

    async def _keep_problem(self, problem: problems.Problem | None) -> None:
        async with self.app.db.begin() as tx:
            await problems.keep(tx, self.of, problem)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            await self._start_scan()
            if self._deaf and not await asyncio.to_thread(what_lacks, to_os(self.of.paths[0])):
                self._deaf = None
                raise EventsAgain("the system may tell of changes again")

    async def _start_scan(self) -> None:
        async with self.app.db.begin() as tx:
            await order_scan(tx, self.of)

    async def _complain(self, error: Exception) -> None:
        logger.warning("{} cannot be watched now: {}", self.of.name, error)
        reason = f"it cannot be watched now: {error}"
        status = watch_status.Status(library.Watch.UNREADABLE, reason, "watch_failed")
        await watch_status.tell(self.app.db, self.of, status)


Standing = tuple[Sequence[folders.Identity], frozenset[folders.Mount]]


def _standing(roots: Sequence[str]) -> Standing:
    """The roots, and the disks that are mounted in them. Raises `RootAway`."""
    return folders.identities(roots), folders.mounts_below(roots)


def _first(errors: ExceptionGroup[E]) -> E:
    """What went wrong, out of the groups that it came in."""
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error


def _what_lacks(batch: Heard) -> NoMoreWatches | None:
    """Why the folders among these could not be watched, if they are new."""
    folder = next((path for path in batch if Path(path).is_dir()), None)
    lack = what_lacks(folder) if folder is not None else None
    # who lacks only another listener goes on with the one there is
    return lack if type(lack) is NoMoreWatches else None


def _visible(places: Iterable[Place]) -> list[tuple[str, str]]:
    """Without folders that a scan of the whole library would not enter: they are ignored."""
    entered = {root: folders.entered(root) for root, _ in places}
    return [
        (root, name)
        for root, name in places
        if name is not None and (name in entered[root] or not folders.is_own_folder(root, name))
    ]
