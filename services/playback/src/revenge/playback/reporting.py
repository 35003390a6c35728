"""How fast pictures are encoded, told to all replicas through the sessions that they are for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from revenge.contracts import PlaybackId
from revenge.playback.keeping import Sessions
from revenge.playback.segments.segmenter import Segmenter

REPORT_EVERY = 5.0  # seconds
_NEWS = 0.1  # as a share: what changes by less is not worth a word


class Reporting:
    """Of one replica."""

    def __init__(self, sessions: Sessions, segmenter: Segmenter) -> None:
        self._sessions = sessions
        self._segmenter = segmenter
        self._told: dict[str, float] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(REPORT_EVERY)
            with suppress(NatsError, JetStreamError, TimeoutError):
                await self._report()

    async def _report(self) -> None:
        speed = self._segmenter.speed
        viewers = self._segmenter.viewers if speed is not None else set[str]()
        for viewer in self._told.keys() - viewers:
            await self._tell(viewer, None)
        for viewer in viewers:
            await self._tell(viewer, speed)

    async def _tell(self, viewer: str, speed: float | None) -> None:
        before = self._told.get(viewer)
        if speed is None:
            self._told.pop(viewer, None)
        elif before is not None and abs(speed - before) <= _NEWS * before:
            return
        else:
            self._told[viewer] = speed
        await self._sessions.note(PlaybackId(UUID(viewer)), speed=speed)
