"""What the handlers of playback work with, and the life of a session from start to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from loguru import logger
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from revenge.contracts import Event, Fault, Message, PlaybackId, Unavailable, UserId
from revenge.contracts.catalog import PlayableFile
from revenge.contracts.playback import ClientProfile, PlaybackNotFound, PlaybackSession, stopped
from revenge.kit import Bus, Database, qos
from revenge.kit.delivery import Delivery
from revenge.kit.leases import LeaseLost, hold
from revenge.kit.serving import Scope
from revenge.playback import answers, detached, measures
from revenge.playback.deciding import planning
from revenge.playback.deciding.wishes import Wishes
from revenge.playback.keeping import Sessions
from revenge.playback.load import Allowance
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.sessions import Session
from revenge.playback.streaming.signing import Grant, Signer
from revenge.playback.telling import Telling

C = TypeVar("C")
M = TypeVar("M", bound=Message)

Step = Callable[[Session], Awaitable[object]]

PREFIX = "/api/v1/playback/stream"
LINK_LASTS = timedelta(hours=12)  # no film is longer, whatever the pauses
EXPIRED = "nothing was heard of this playback for too long"
SWEEP_EVERY = 15.0  # seconds between two looks for sessions that have ended


@dataclass(frozen=True)
class Playing:
    bus: Bus
    db: Database
    telling: Telling
    sessions: Sessions
    segmenter: Segmenter
    signer: Signer
    timeout: timedelta
    allowance: Allowance

    async def emit(self, event: Event[M], payload: M) -> None:
        async with self.db.begin() as tx:
            await tx.emit(event, payload)

    def address(self, session: Session) -> str:
        """Where the session's streams are; signed, without a slash at its end."""
        revision = self.sessions.revision(session.id)
        grant = Grant(session.id, datetime.now(UTC) + LINK_LASTS, revision)
        return f"{PREFIX}/{self.signer.sign(grant)}"

    def answer(self, session: Session) -> PlaybackSession:
        return answers.session(session, self.address(session), self.timeout)

    async def playing(self) -> list[Session]:
        """The oldest first."""
        return [item for item in await self.sessions.all() if not self.has_expired(item)]

    async def find(self, session_id: PlaybackId) -> Session:
        """Raises `PlaybackNotFound`."""
        session = await self.sessions.get(session_id)
        if session is None or self.has_expired(session):
            raise PlaybackNotFound
        return session

    async def plan(
        self,
        file: PlayableFile,
        profile: ClientProfile,
        wishes: Wishes,
        user: UserId,
        besides: PlaybackId | None = None,
    ) -> planning.Planned:
        """What there is room for beside the other sessions. Raises what `planning.plan` raises."""
        others = [session for session in await self.playing() if session.id != besides]
        able = planning.within(profile, self.allowance.room(others, user))
        plan, version = await planning.plan(self.segmenter, file, able, wishes)
        return planning.Planned(planning.fitting(plan, self.allowance.fits(file, others)), version)

    async def refusal(self, session: Session) -> str | None:
        """Why this session would not be let in now."""
        try:
            self.allowance.admit(session, await self.playing())
        except Fault as fault:
            return str(fault)
        return None

    async def admit(self, session: Session, enter: Step, withdraw: Step) -> None:
        """Let a session in. Raises what `Allowance.admit` raises.

        Two that begin at once, on whichever replicas, must not both be the last: so it enters
        first, and looks then who was there before. All replicas see the same order.
        """
        self.allowance.admit(session, await self.playing())
        await enter(session)
        try:
            rivals = await self.sessions.rivals(session.id)
            self.allowance.admit(session, [one for one in rivals if not self.has_expired(one)])
        except Fault:
            await withdraw(session)
            raise
        detached.start(self._tell(watching=True))  # who makes way need not have done so

    async def replace(self, session: Session) -> None:
        """Change what a viewer may choose. Raises `PlaybackNotFound` if it has ended meanwhile."""
        before = await self.sessions.get(session.id)
        changed = await self.sessions.change(
            session.id,
            stream=session.stream,
            wishes=session.wishes,
            position_seconds=session.position_seconds,
            rung=session.rung,
        )
        if before is None or changed is None:
            raise PlaybackNotFound
        if not changed.shares_pictures_with(before):
            await self.segmenter.leave(str(session.id))

    def has_expired(self, session: Session) -> bool:
        return session.expires_at(self.timeout) <= datetime.now(UTC)

    async def end(self, session: Session, reason: str | None = None) -> None:
        await self._end(session, reason)
        await self.announce()

    async def _end(self, session: Session, reason: str | None) -> None:
        """Tell it first: if this process dies in between, the sweep tells it once more."""
        await self.telling.tell(stopped, session.event(reason))
        await self.sessions.remove(session.id)
        await self.segmenter.leave(str(session.id))

    async def announce(self) -> None:
        """Let background work make way while somebody watches, and only then."""
        await self._announce(await self.playing())

    async def _announce(self, playing: Iterable[Session]) -> None:
        now = datetime.now(UTC)
        await self._tell(watching=any(session.is_watched(now) for session in playing))

    async def _tell(self, *, watching: bool) -> None:
        try:
            await qos.announce(self.bus, watching=watching)
        except (NatsError, JetStreamError, TimeoutError) as error:
            logger.warning("whether somebody watches is told later: {!r}", error)

    async def release(self) -> None:
        """Stop what is encoded here for sessions that were ended elsewhere. Every replica does."""
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            for viewer in self.segmenter.viewers:
                with suppress(NatsError, JetStreamError, TimeoutError):
                    if await self.sessions.get(PlaybackId(UUID(viewer))) is None:
                        await self.segmenter.leave(viewer)

    async def sweep(self) -> None:
        """End the sessions whose clients have gone without a word. One replica does it."""
        while True:
            try:
                async with hold(self.bus, "playback-sweep"):
                    while True:
                        await self._end_expired()
                        await asyncio.sleep(SWEEP_EVERY)
            except LeaseLost:
                measures.PLAYING.set(0)  # another replica counts them now

    async def _end_expired(self) -> None:
        try:
            sessions = await self.sessions.all()
            expired = [session for session in sessions if self.has_expired(session)]
            for session in expired:
                logger.info("the playback session {} has expired", session.id)
                await self._end(session, EXPIRED)
            measures.PLAYING.set(len(sessions) - len(expired))
            await self._announce(session for session in sessions if session not in expired)
        except (Fault, NatsError, JetStreamError, TimeoutError) as error:
            logger.warning("expired playback sessions are ended later: {!r}", error)


def reaching(context: C) -> Scope[C]:
    """The scope of a request. When the bus goes away meanwhile, that is what is said."""

    @asynccontextmanager
    async def scope(_: Delivery) -> AsyncGenerator[C]:
        try:
            yield context
        except (NatsError, JetStreamError, TimeoutError) as error:
            raise Unavailable("playbacks cannot be looked up now; try again later") from error

    return scope
