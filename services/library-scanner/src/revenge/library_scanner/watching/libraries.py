"""Which libraries are watched: those that want it, as they come, change and go."""

from __future__ import annotations

import asyncio

import msgspec
from loguru import logger

from revenge.contracts import Fault, LibraryId, library
from revenge.kit import Database
from revenge.kit.cancelling import end
from revenge.library_scanner.jobs import Scanning
from revenge.library_scanner.store import libraries
from revenge.library_scanner.watching import status
from revenge.library_scanner.watching.watcher import Watcher

LOOK_EVERY = 2.0  # seconds between two looks at which libraries are to be watched

Watching = dict[LibraryId, tuple[library.Library, asyncio.Task[None]]]


async def watch_all(app: Scanning) -> None:
    """Watch every library that wants it, as libraries come, change and go."""
    watching: Watching = {}
    try:
        while True:
            await _adjust(app, watching)
            await asyncio.sleep(LOOK_EVERY)
    finally:
        await end([task for _, task in watching.values()])


async def _adjust(app: Scanning, watching: Watching) -> None:
    found = await _wanted(app.db)
    if found is None:
        return
    wanted = {item.id: item for item in found}
    for library_id, (known, task) in list(watching.items()):
        now = wanted.get(library_id)
        if now is None or _settings(now) != _settings(known) or task.done():
            await _end(known, task)
            del watching[library_id]
        if now is None:
            await status.tell_off(app.db, library_id)
    for library_id, item in wanted.items():
        if library_id not in watching:
            task = asyncio.create_task(Watcher(app, item).run())
            watching[library_id] = (item, task)


async def _end(of: library.Library, task: asyncio.Task[None]) -> None:
    await end([task])
    if not task.cancelled() and (failure := task.exception()):
        logger.opt(exception=failure).error("the watching of {} has failed", of.name)


def _settings(of: library.Library) -> library.Library:
    """Without what changes by itself."""
    return msgspec.structs.replace(of, watch=library.Watch.OFF, watch_reason=None, problem=None)


async def _wanted(db: Database) -> list[library.Library] | None:
    """None while the database is away: what is being watched stays so."""
    try:
        async with db.read() as rows:
            found = await libraries.list_all(rows)
    except Fault as error:
        logger.warning("which libraries to watch cannot be read now: {}", error)
        return None
    return [item for item in found if item.enabled and item.realtime_monitoring]
