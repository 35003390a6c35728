"""Watching the folders of libraries: what changes there is looked at when it stands still.

One replica watches a library. The operating system's events are taken as hints of where to look;
where there are none, the folders are compared every so often. A sweep of the whole library every
quarter of an hour is the truth behind both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from loguru import logger
from prometheus_client import Gauge
from watchfiles import awatch

from revenge.contracts import Fault, LibraryId, library
from revenge.contracts.paths import to_os
from revenge.kit import Database
from revenge.kit.leases import LeaseLost, hold
from revenge.library_scanner import folders
from revenge.library_scanner.handlers.libraries import start
from revenge.library_scanner.jobs import Scanning, lease_of, set_problem
from revenge.library_scanner.scanning.scan import RootsLost
from revenge.library_scanner.store import libraries

LOOK_EVERY = 2.0  # seconds between two looks at which libraries are to be watched
STEP_MS = 200  # of listening; changes that come together are taken together
STILL = 0.6  # seconds without a change: longer than `comparing` takes a file for growing
PATIENCE = 3600.0  # seconds to wait for a file that grows and grows
POLL_MS = 10_000  # between two comparisons where there are no events
SWEEP_EVERY = 900.0  # seconds
AGAIN = 10.0  # seconds until a folder that could not be watched is tried again

WATCHED = Gauge("revenge_library_watch_state", "1 for how it is watched", ["library_id", "state"])

Place = tuple[str, str]  # a root, and the name of what lies right below it


@dataclass(frozen=True)
class Watcher:
    """Watches one library until it is cancelled."""

    app: Scanning
    of: library.Library

    async def run(self) -> None:
        while True:
            try:
                async with hold(self.app.bus, f"watch-{self.of.id}"):
                    await self._watch()
            except* LeaseLost:
                logger.info("another replica watches {} now", self.of.name)
            except* (OSError, RuntimeError) as errors:  # in the group of `_watch`
                await self._complain(errors)
                await asyncio.sleep(AGAIN)

    async def _watch(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sweep())
            tasks.create_task(self._listen())

    async def _listen(self) -> None:
        roots = [to_os(root) for root in self.of.paths]
        polling = await asyncio.to_thread(lambda: any(map(folders.without_events, self.of.paths)))
        await self._tell(library.Watch.POLLING if polling else library.Watch.EVENTS)
        changes = awatch(
            *roots,
            watch_filter=None,
            step=STEP_MS,
            debounce=1000,
            force_polling=polling,
            poll_delay_ms=POLL_MS,
        )
        async for batch in changes:
            paths = [path for _, path in batch]
            await self._look_at(paths)

    async def _look_at(self, paths: Iterable[str]) -> None:
        await self._stand_still(paths)
        async with hold(self.app.bus, lease_of(self.of.id)):
            for root, name in sorted(set(self._places(paths))):
                try:
                    await self.app.scanner.scan_unit(self.of, root, name)
                except RootsLost as lost:
                    await set_problem(self.app.db, self.of, str(lost))
                    return
            await set_problem(self.app.db, self.of, None)

    def _places(self, paths: Iterable[str]) -> Iterable[Place]:
        for path in paths:
            for root in self.of.paths:
                top = PurePosixPath(to_os(root))
                if PurePosixPath(path).is_relative_to(top):
                    parts = PurePosixPath(path).relative_to(top).parts
                    is_in_folder = len(parts) > 1 or Path(path).is_dir()
                    yield root, parts[0] if parts and is_in_folder else ""
                    if parts and not is_in_folder:
                        yield root, parts[0]  # what is gone may have been a folder

    async def _stand_still(self, paths: Iterable[str]) -> None:
        """Until sizes and times stay as they are for a moment."""
        before: dict[str, tuple[int, int]] = {}
        async with asyncio.timeout(PATIENCE):
            while (now := await asyncio.to_thread(_stats, paths)) != before:
                before = now
                await asyncio.sleep(STILL)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            async with self.app.db.begin() as tx:
                await start(tx, self.of, library.ScanType.INCREMENTAL)

    async def _tell(self, state: library.Watch) -> None:
        for other in library.Watch:
            WATCHED.labels(str(self.of.id), other.value).set(other is state)
        async with self.app.db.begin() as tx:
            is_news = await libraries.set_watch(tx, self.of.id, state)
            if is_news and state is library.Watch.POLLING:
                text = (
                    f"{self.of.name} is compared every {POLL_MS // 1000} s: its disk has no events"
                )
                warning = library.LibraryWarning(self.of.id, self.of.name, "polling", text)
                await tx.emit(library.library_warned, warning)

    async def _complain(self, errors: ExceptionGroup[Exception]) -> None:
        """A root is gone, or the system has no more watches to give."""
        error = _first(errors)
        logger.warning("{} cannot be watched now: {}", self.of.name, error)
        await self._tell(library.Watch.UNREADABLE)
        await set_problem(self.app.db, self.of, f"it cannot be watched: {error}")


def _first(error: Exception) -> Exception:
    """What went wrong, out of the groups that it came in."""
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


def _stats(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Sizes and times of those that are there; of folders, of what is in them."""
    found: dict[str, tuple[int, int]] = {}
    for path in paths:
        try:
            inside = list(Path(path).rglob("*")) if Path(path).is_dir() else [Path(path)]
            for file in inside:
                status = file.stat()
                found[str(file)] = (status.st_size, status.st_mtime_ns)
        except OSError:
            continue
    return found


async def watch_all(app: Scanning) -> None:
    """Watch every library that wants it, as libraries come, change and go."""
    watching: dict[LibraryId, tuple[library.Library, asyncio.Task[None]]] = {}
    try:
        while True:
            await _adjust(app, watching)
            await asyncio.sleep(LOOK_EVERY)
    finally:
        for _, task in watching.values():
            task.cancel()
        await asyncio.gather(*(task for _, task in watching.values()), return_exceptions=True)


async def _adjust(
    app: Scanning, watching: dict[LibraryId, tuple[library.Library, asyncio.Task[None]]]
) -> None:
    found = await _wanted(app.db)
    if found is None:
        return
    wanted = {item.id: item for item in found}
    for library_id, (known, task) in list(watching.items()):
        now = wanted.get(library_id)
        if now is None or now.paths != known.paths or task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            del watching[library_id]
            await _set_off(app.db, library_id)
    for library_id, item in wanted.items():
        if library_id not in watching:
            task = asyncio.create_task(Watcher(app, item).run())
            watching[library_id] = (item, task)


async def _wanted(db: Database) -> list[library.Library] | None:
    """None while the database is away: what is being watched stays so."""
    try:
        async with db.read() as rows:
            found = await libraries.list_all(rows)
    except Fault as error:
        logger.warning("which libraries to watch cannot be read now: {}", error)
        return None
    return [item for item in found if item.enabled and item.realtime_monitoring]


async def _set_off(db: Database, library_id: LibraryId) -> None:
    async with db.begin() as tx:
        await libraries.set_watch(tx, library_id, library.Watch.OFF)


async def scan_on_startup(db: Database) -> None:
    """Begin the scans that libraries want at each start."""
    async with db.begin() as tx:
        for item in await libraries.list_all(tx):
            if item.enabled and item.scan_on_startup:
                await start(tx, item, library.ScanType.INCREMENTAL)
