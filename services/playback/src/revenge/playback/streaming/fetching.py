"""What fetching from a stream asks of its session, and does to it.

Segments are served while the bus is away, too: to those whose sessions were seen here before.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
from loguru import logger
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from revenge.contracts import PlaybackId, Unavailable
from revenge.contracts.paths import to_os
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.playing import Playing
from revenge.playback.sessions import Session

TOUCH_EVERY = timedelta(seconds=60)  # how often fetching segments keeps a session alive
PATIENCE = 5.0  # seconds that a viewer waits for the bus: players have more than that in hand
REMEMBERED = 512  # sessions


class Fetching:
    def __init__(self, app: Playing) -> None:
        self._app = app
        self._seen: dict[PlaybackId, Session] = {}

    async def look_up(self, session_id: PlaybackId, rung: str | None) -> StreamSession | None:
        """The streams of a session that has not ended. To fetch from it keeps it alive.

        `rung` is the quality that is fetched. Raises `TooManyTranscodes`, `BandwidthExhausted`, and
        `Unavailable` when the bus is away and the session is not known here.
        """
        session = await self._current(session_id)
        if session is None or self._app.has_expired(session):
            return None
        try:
            await self._note(session, rung)
        except (NatsError, JetStreamError, TimeoutError) as error:
            logger.debug("that {} is fetched is noted later: {!r}", session_id, error)
        return msgspec.structs.replace(session.stream, path=to_os(session.stream.path))

    async def _current(self, session_id: PlaybackId) -> Session | None:
        try:
            session = await self._asked(session_id)
        except (NatsError, JetStreamError, TimeoutError) as error:
            if session_id not in self._seen:
                raise Unavailable("playbacks cannot be looked up now") from error
            return self._seen[session_id]
        self._seen.pop(session_id, None)
        if session is not None:
            self._seen[session_id] = session
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return session

    async def _asked(self, session_id: PlaybackId) -> Session | None:
        if not self._app.bus.client.is_connected:
            raise TimeoutError
        async with asyncio.timeout(PATIENCE):
            return await self._app.sessions.get(session_id)

    async def _note(self, session: Session, rung: str | None) -> None:
        if not self._app.bus.client.is_connected:
            return
        if rung is not None and rung != session.rung:
            await self._switch(session, rung)
        elif datetime.now(UTC) - session.seen_at > TOUCH_EVERY:
            await self._app.sessions.note(session)

    async def _switch(self, session: Session, rung: str) -> None:
        after = msgspec.structs.replace(session, rung=rung)
        if after.video is None:
            return  # there is no such quality: the fault for that is raised where it is looked for
        if after.transcode != session.transcode:
            await self._app.admit(after, lambda _: self._app.sessions.note(session, rung=rung))
            return
        await self._app.sessions.note(session, rung=rung)
