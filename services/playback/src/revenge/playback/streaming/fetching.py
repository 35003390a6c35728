"""What fetching from a stream asks of its session, and does to it.

Segments are served while the bus is away, too: to those whose sessions are known here.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
from loguru import logger
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from revenge.contracts import PlaybackId, Unavailable
from revenge.contracts.paths import to_os
from revenge.playback import detached
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.playing import Playing
from revenge.playback.sessions import Session
from revenge.playback.streaming.quality import Quality
from revenge.playback.streaming.signing import Grant

TOUCH_EVERY = timedelta(seconds=60)  # how often fetching segments keeps a session alive
PATIENCE = 5.0  # seconds that a viewer waits for the bus: players have more than that in hand


class Fetching:
    def __init__(self, app: Playing) -> None:
        self._app = app
        self._noting: set[PlaybackId] = set()
        self._switching: dict[tuple[PlaybackId, str], asyncio.Task[None]] = {}

    async def look_up(self, grant: Grant, quality: Quality | None) -> StreamSession | None:
        """The streams of a session that has not ended. To fetch from it keeps it alive.

        Raises `TooManyTranscodes`, `BandwidthExhausted`, and `Unavailable` when the bus is away and
        the session is not known here.
        """
        session = await self._current(grant)
        if session is None or self._app.has_expired(session):
            return None
        if quality is not None and quality.rung != session.rung:
            await self._want(session, quality)
        elif datetime.now(UTC) - session.seen_at > TOUCH_EVERY:
            self._note(session)
        return msgspec.structs.replace(session.stream, path=to_os(session.stream.path))

    async def _current(self, grant: Grant) -> Session | None:
        try:
            return await self._asked(grant)
        except (NatsError, JetStreamError, TimeoutError) as error:
            known = self._app.sessions.known(grant.session)
            if known is None:
                raise Unavailable("playbacks cannot be looked up now") from error
            return known.session

    async def _asked(self, grant: Grant) -> Session | None:
        if not self._app.bus.client.is_connected:
            raise TimeoutError
        async with asyncio.timeout(PATIENCE):
            return await self._app.sessions.current(grant.session, grant.revision)

    async def _want(self, session: Session, quality: Quality) -> None:
        after = msgspec.structs.replace(session, rung=quality.rung)
        if after.video is None or not self._app.bus.client.is_connected:
            return  # of a quality that there is not, the fault is raised where it is looked for
        try:
            if quality.is_fetched:
                await self._switch(session, after)
            else:
                await self._demand_room(session, after)
        except (NatsError, JetStreamError, TimeoutError) as error:
            logger.debug("who fetches {} was not counted: {!r}", quality.rung, error)

    async def _switch(self, session: Session, after: Session) -> None:
        if after.transcode == session.transcode:
            self._note(session, rung=after.rung)
        else:
            await self._admit_once(session, after)

    async def _demand_room(self, session: Session, after: Session) -> None:
        """A player that is refused here stays with what it has; at a segment, it would stall."""
        if after.transcode not in {None, session.transcode}:
            self._app.allowance.admit(after, await self._app.playing())

    async def _admit_once(self, session: Session, after: Session) -> None:
        """However many segments are asked for at once."""
        what = (session.id, after.rung or "")
        task = self._switching.get(what)
        if task is None:
            admission = self._app.admit(after, self._fetches, lambda _: self._fetches(session))
            task = self._switching[what] = asyncio.create_task(admission)
            task.add_done_callback(lambda done: self._switched(what, done))
        await asyncio.shield(task)

    def _switched(self, what: tuple[PlaybackId, str], task: asyncio.Task[None]) -> None:
        self._switching.pop(what)
        if not task.cancelled():
            task.exception()  # those who wait have it; when all have left, nobody needs it

    async def _fetches(self, session: Session) -> None:
        with suppress(Unavailable):  # others change it all the time: whoever does so is counted
            await self._app.sessions.change(session.id, rung=session.rung)

    def _note(self, session: Session, **changes: object) -> None:
        """No segment waits for it."""
        if session.id in self._noting:
            return
        self._noting.add(session.id)
        detached.start(self._write(session.id, changes))

    async def _write(self, session_id: PlaybackId, changes: dict[str, object]) -> None:
        try:
            await self._app.sessions.note(session_id, **changes)
        except (NatsError, JetStreamError, TimeoutError) as error:
            logger.debug("that {} is fetched is noted later: {!r}", session_id, error)
        finally:
            self._noting.discard(session_id)
