"""Images, drawn when they are first asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from loguru import logger

from revenge.contracts import Full
from revenge.kit import Database
from revenge.metadata import store
from revenge.metadata.images.ids import Picture
from revenge.metadata.images.orders import Draw, Outcome
from revenge.metadata.images.shelf import Shelf, Stored
from revenge.metadata.images.wanted import ImageNotFound, Wanted
from revenge.metadata.images.workers import Workers

FAILED_FOR = 30.0  # seconds in which what could not be drawn is not tried again
MOST_FAILED = 1000

WHY = {
    Outcome.GONE: "the file of this image is gone, or cannot be read",
    Outcome.CHANGED: "the file of this image has changed; the next scan will know the new one",
    Outcome.UNUSABLE: "the file of this image is damaged, or no image at all",
}


class Images:
    def __init__(self, db: Database, shelf: Shelf, workers: Workers) -> None:
        self._db = db
        self._shelf = shelf
        self._workers = workers
        self._drawing: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, tuple[float, str]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, db: Database, folder: Path, budget: int) -> AsyncGenerator[Images]:
        """`budget` is in bytes."""
        shelf = Shelf(folder, budget)
        await asyncio.to_thread(shelf.open)
        async with Workers.open() as workers:
            yield cls(db, shelf, workers)

    async def ping(self) -> None:
        """Raises `Unavailable` if images cannot be kept."""
        await asyncio.to_thread(self._shelf.check)

    async def get(self, wanted: Wanted) -> Stored:
        """Raises `ImageNotFound` with the reason, and `Full`. The caller closes the file."""
        stored = await asyncio.to_thread(self._shelf.find, wanted.key)
        if stored is not None:
            return stored
        await self._draw_once(wanted)
        stored = await asyncio.to_thread(self._shelf.find, wanted.key)
        if stored is None:
            raise Full("there is no room for images")
        return stored

    async def _draw_once(self, wanted: Wanted) -> None:
        """However many ask at once, it is drawn once, even if the first of them leaves."""
        drawing = self._drawing.get(wanted.key)
        if drawing is None:
            drawing = asyncio.create_task(self._draw(wanted))
            self._drawing[wanted.key] = drawing
            drawing.add_done_callback(lambda done: self._done(wanted.key, done))
        await asyncio.shield(drawing)

    def _done(self, key: str, drawing: asyncio.Task[None]) -> None:
        del self._drawing[key]
        if not drawing.cancelled():
            drawing.exception()  # those who wait are told; maybe nobody does

    async def _draw(self, wanted: Wanted) -> None:
        self._refuse_failed(wanted.key)
        async with self._db.read() as rows:
            picture = await store.find_picture(rows, wanted.id)
        if picture is None:
            raise ImageNotFound
        draft = self._shelf.draft()
        try:
            await self._draw_to(draft, wanted, picture)
            await asyncio.to_thread(self._shelf.put, draft, wanted.key, picture.modified_ns)
        finally:
            await asyncio.to_thread(draft.unlink, missing_ok=True)

    async def _draw_to(self, draft: Path, wanted: Wanted, picture: Picture) -> None:
        reply = await self._workers.draw(
            Draw(
                path=picture.path,
                modified_ns=picture.modified_ns,
                size=picture.size,
                wanted=wanted.size,
                webp=wanted.webp,
                target=str(draft),
            )
        )
        if reply.outcome is Outcome.DRAWN:
            return
        logger.warning("{} cannot be drawn: {} {}", picture.path, reply.outcome, reply.reason)
        if reply.outcome is Outcome.FULL:
            raise Full
        self._remember(wanted.key, WHY[reply.outcome])
        raise ImageNotFound(WHY[reply.outcome])

    def _refuse_failed(self, key: str) -> None:
        failed_at, why = self._failed.get(key, (-FAILED_FOR, ""))
        if time.monotonic() - failed_at < FAILED_FOR:
            raise ImageNotFound(why)

    def _remember(self, key: str, why: str) -> None:
        if len(self._failed) >= MOST_FAILED:
            self._failed.clear()
        self._failed[key] = (time.monotonic(), why)
