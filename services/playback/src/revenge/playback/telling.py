"""What happens to a playback, told to whoever listens: in its order, and no viewer waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from loguru import logger

from revenge.contracts import Event, Fault, PlaybackId
from revenge.contracts.playback import PlaybackEvent, started
from revenge.kit import Database
from revenge.playback import detached

News = tuple[Event[PlaybackEvent], PlaybackEvent]


@dataclass(frozen=True)
class _Beginning:
    said: PlaybackEvent
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Telling:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._untold: dict[PlaybackId, _Beginning] = {}

    def begin(self, said: PlaybackEvent) -> None:
        """The beginning is told soon, and at the latest with what is told of the session next.

        To wait until the database has it on its disk may take as long as all else that stands
        between a viewer and the first picture.
        """
        self._untold[said.session_id] = _Beginning(said)
        detached.start(self._try_beginning(said.session_id))

    async def tell(self, event: Event[PlaybackEvent], said: PlaybackEvent) -> None:
        """Raises what a transaction raises."""
        await self._tell(said.session_id, [(event, said)])

    async def _try_beginning(self, session_id: PlaybackId) -> None:
        try:
            await self._tell(session_id, [])
        except Fault as fault:
            logger.warning("that {} has begun is told later: {!r}", session_id, fault)

    async def _tell(self, session_id: PlaybackId, news: Sequence[News]) -> None:
        beginning = self._untold.get(session_id)
        if beginning is None:
            await self._write(news)
            return
        async with beginning.turn:
            is_told = session_id not in self._untold  # by whoever had the turn before
            await self._write(news if is_told else [(started, beginning.said), *news])
            self._untold.pop(session_id, None)

    async def _write(self, news: Sequence[News]) -> None:
        if not news:
            return
        async with self._db.begin() as tx:
            for event, said in news:
                await tx.emit(event, said)
