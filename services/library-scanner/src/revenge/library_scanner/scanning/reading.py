"""A stream of reads: candidates come while others are read, and others are stored and told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from revenge.contracts import FileId
from revenge.contracts.media import Media
from revenge.library_scanner.probe.prober import Prober
from revenge.library_scanner.scanning import finding
from revenge.library_scanner.scanning.comparing import Candidate
from revenge.library_scanner.scanning.finding import Found
from revenge.library_scanner.scanning.telling import TOGETHER, Teller
from revenge.library_scanner.scanning.threads import task_group
from revenge.library_scanner.store.folders import Signature

AT_ONCE = 4 + 2 * (os.cpu_count() or 1)  # files in hand, so that the prober never waits
UNSTORED = 3 * TOGETHER  # files in hand or read: then the walk waits for the database
LINGER = 0.3  # seconds that what was read waits for more to be stored with it


@dataclass
class Pending:
    """Folders some of whose files are still to be read."""

    folders: dict[str, Signature]
    left: int

    def one_less(self) -> dict[str, Signature]:
        """The folders, if that was the last."""
        self.left -= 1
        return {} if self.left else self.folders


_Read = tuple[Found, Pending]


class Reader:
    def __init__(self, prober: Prober, teller: Teller, reads: asyncio.TaskGroup) -> None:
        self._prober = prober
        self._teller = teller
        self._reads = reads
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._room = asyncio.Semaphore(UNSTORED)
        self._read: asyncio.Queue[_Read | None] = asyncio.Queue()  # None comes last
        self._in_hand = 0
        self._complete: dict[str, Signature] = {}  # nothing in them is to be read

    async def take(
        self,
        candidates: Sequence[Candidate],
        kept: Mapping[FileId, Media],
        folders: dict[str, Signature],
    ) -> None:
        """Read these files of one unit, whose `folders` are complete when they are stored.

        Waits while too many others are in hand. `kept` is what needs no probe.
        """
        if not candidates:
            self._complete |= folders
            return
        pending = Pending(folders, len(candidates))
        for candidate in candidates:
            await self._room.acquire()
            media = kept.get(candidate.known.id) if candidate.known else None
            self._in_hand += 1
            self._reads.create_task(self._read_one(candidate, media, pending))

    async def _read_one(self, candidate: Candidate, kept: Media | None, pending: Pending) -> None:
        async with self._turns:
            found = await finding.read(candidate, self._prober, kept, self._teller.progress.scan_id)
        self._in_hand -= 1
        if found is None:
            self._room.release()
            return  # and its folders stay incomplete
        self._read.put_nowait((found, pending))

    async def write(self) -> None:
        """Store what has been read, until the end was told by `close`."""
        is_over = False
        while not is_over:
            batch = await self._batch()
            is_over = batch[-1] is None
            found = [item for item in batch if item is not None]
            complete, self._complete = self._complete, {}
            for _, pending in found:
                complete |= pending.one_less()
            if found or complete:
                await self._teller.store([one for one, _ in found], complete)
            for _ in found:
                self._room.release()

    def close(self) -> None:
        self._read.put_nowait(None)

    async def _batch(self) -> list[_Read | None]:
        """What has been read, at least one, and what comes within a moment."""
        batch = [await self._read.get()]
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while batch[-1] is not None and len(batch) < TOGETHER and self._more_to_come():
                    batch.append(await self._read.get())
        return batch

    def _more_to_come(self) -> bool:
        return self._in_hand > 0 or not self._read.empty()


@asynccontextmanager
async def reading(prober: Prober, teller: Teller) -> AsyncGenerator[Reader]:
    """When the block ends, all that was taken is read, and stored and told."""
    async with task_group() as writing:
        async with task_group() as reads:
            reader = Reader(prober, teller, reads)
            writing.create_task(reader.write())
            yield reader
        reader.close()
