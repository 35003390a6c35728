"""What the handlers of playback work with, and the life of a session from start to end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
from loguru import logger

from revenge.contracts import Event, Fault, Message, PlaybackId
from revenge.contracts.paths import to_os
from revenge.contracts.playback import stopped
from revenge.kit import Bus, Database
from revenge.kit.leases import LeaseLost, hold
from revenge.playback.plan import StreamSession
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.sessions import Session, Sessions
from revenge.playback.signing import Grant, Signer

M = TypeVar("M", bound=Message)

PREFIX = "/api/v1/playback/stream"
LINK_LASTS = timedelta(hours=12)  # no film is longer, whatever the pauses
TOUCH_EVERY = timedelta(seconds=60)  # how often fetching segments keeps a session alive
SWEEP_EVERY = 15.0  # seconds between two looks for sessions that have ended


@dataclass(frozen=True)
class Playing:
    bus: Bus
    db: Database
    sessions: Sessions
    segmenter: Segmenter
    signer: Signer
    timeout: timedelta
    most: int  # sessions at once

    async def emit(self, event: Event[M], payload: M) -> None:
        async with self.db.begin() as tx:
            await tx.emit(event, payload)

    def address(self, session: Session) -> str:
        """Where the session's streams are; signed, without a slash at its end."""
        grant = Grant(session.id, datetime.now(UTC) + LINK_LASTS)
        return f"{PREFIX}/{self.signer.sign(grant)}"

    async def look_up(self, session_id: PlaybackId) -> StreamSession | None:
        """The streams of a session that has not ended. To fetch from it keeps it alive."""
        session = await self.sessions.get(session_id)
        if session is None or self.has_expired(session):
            return None
        if datetime.now(UTC) - session.seen_at > TOUCH_EVERY:
            await self.sessions.change(session_id)
        return msgspec.structs.replace(session.stream, path=to_os(session.stream.path))

    def has_expired(self, session: Session) -> bool:
        return session.expires_at(self.timeout) <= datetime.now(UTC)

    async def end(self, session: Session) -> None:
        """Tell it first: if this process dies in between, the sweep tells it once more."""
        await self.emit(stopped, session.event())
        await self.sessions.remove(session.id)
        await self.segmenter.leave(str(session.id))

    async def sweep(self) -> None:
        """End the sessions whose clients have gone without a word. One replica does it."""
        while True:
            try:
                async with hold(self.bus, "playback-sweep"):
                    while True:
                        await self._end_expired()
                        await asyncio.sleep(SWEEP_EVERY)
            except LeaseLost:
                continue

    async def _end_expired(self) -> None:
        try:
            async for session in self.sessions.all():
                if self.has_expired(session):
                    logger.info("the playback session {} has expired", session.id)
                    await self.end(session)
        except (Fault, TimeoutError) as error:
            logger.warning("expired playback sessions are ended later: {!r}", error)
