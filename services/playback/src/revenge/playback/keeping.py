"""Where playback sessions are kept: in a bucket that all replicas share, so that any can go on.

Each replica follows the bucket, and so has all sessions at hand without asking for them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from loguru import logger
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NoNewsError
from nats.js.errors import (
    BadRequestError,
    KeyDeletedError,
    KeyNotFoundError,
    KeyWrongLastSequenceError,
    NoKeysError,
)
from nats.js.errors import Error as JetStreamError
from nats.js.kv import KV_DEL, KV_OP, KeyValue

from revenge.contracts import PlaybackId, Unavailable
from revenge.kit import Bus
from revenge.playback.sessions import Session

BUCKET = "playback"
ATTEMPTS = 5  # at a change that another replica gets in the way of
PATIENCE = 2.0  # seconds that an echo may take; else all sessions are asked for
AGAIN = 5.0  # seconds until the bucket is followed once more, when that failed


class Kept(NamedTuple):
    session: Session | None  # None when it has ended
    revision: int
    connection: int  # that it came over: what is written between two is not heard at once

    @property
    def born(self) -> int:
        """The revision that it began with: who has the lower one was there before."""
        return self.revision if self.session is None else self.session.born or self.revision


class Sessions:
    def __init__(self, bus: Bus, bucket: KeyValue) -> None:
        self._bus = bus
        self._bucket = bucket
        self._known: dict[PlaybackId, Kept] = {}
        self._complete_over = -1  # the connection over which all of them are known, if any
        self._heard = 0  # the last revision that came over it
        self._news = asyncio.Event()

    @classmethod
    async def of(cls, bus: Bus) -> Sessions:
        return cls(bus, await bus.bucket(BUCKET))

    async def follow(self) -> None:
        """Hear what other replicas write, for ever."""
        while True:
            try:
                await self._follow()
            except (NatsError, JetStreamError, TimeoutError) as error:
                logger.debug("playback sessions are asked for one by one: {!r}", error)
            await asyncio.sleep(AGAIN)

    async def add(self, session: Session) -> None:
        revision = await self._bucket.put(str(session.id), msgspec.json.encode(session))
        self._keep(session.id, session, revision)

    def known(self, session_id: PlaybackId) -> Kept | None:
        """What this replica has heard last; None when it never heard of it."""
        return self._known.get(session_id)

    def revision(self, session_id: PlaybackId) -> int:
        """Of what is known here; 0 for nothing."""
        kept = self._known.get(session_id)
        return kept.revision if kept else 0

    async def current(self, session_id: PlaybackId, revision: int) -> Session | None:
        """In this revision or a later one, and without asking for it where that is possible."""
        kept = self._known.get(session_id)
        if kept and kept.revision >= revision and kept.connection == self._connection:
            return kept.session
        return await self.get(session_id)

    async def get(self, session_id: PlaybackId) -> Session | None:
        """As it is kept now."""
        kept = await self._find(session_id)
        return kept.session if kept else None

    async def change(self, session_id: PlaybackId, **changes: object) -> Session | None:
        """The session with these fields changed and seen now; None when it has ended."""
        for _ in range(ATTEMPTS):
            with suppress(KeyWrongLastSequenceError, BadRequestError):
                return await self._change(session_id, changes)
        raise Unavailable("this session is changed by others all the time")

    async def note(self, session_id: PlaybackId, **changes: object) -> None:
        """Change what may as well be changed later: whoever writes at the same time wins."""
        with suppress(KeyWrongLastSequenceError, BadRequestError):
            await self._change(session_id, changes)

    async def remove(self, session_id: PlaybackId) -> None:
        subject = f"$KV.{BUCKET}.{session_id}"  # the client's own `delete` hides the revision
        done = await self._bus.js.publish(subject, headers={KV_OP: KV_DEL})
        self._keep(session_id, None, done.seq)

    async def all(self) -> list[Session]:
        """The oldest first; without asking for them where they are followed."""
        found = (kept.session for kept in await self._all())
        return sorted(filter(None, found), key=lambda session: session.created_at)

    async def _all(self) -> list[Kept]:
        if self._complete_over == self._connection:
            return list(self._known.values())
        ids = [PlaybackId(UUID(key)) for key in await self._keys()]
        return list(filter(None, await asyncio.gather(*map(self._find, ids))))

    async def rivals(self, session_id: PlaybackId) -> list[Session]:
        """All that a session that was written just now must leave room for.

        Those are all whose first revision came before its last. Every replica sees the same.
        """
        revision = self.revision(session_id)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._until_heard(revision)
        there = await self._all()
        return [kept.session for kept in there if kept.session and kept.born < revision]

    async def _until_heard(self, revision: int) -> None:
        """What was written before is heard before."""
        while self._complete_over == self._connection and self._heard < revision:
            self._news.clear()
            await self._news.wait()

    async def _change(self, session_id: PlaybackId, changes: dict[str, object]) -> Session | None:
        kept = await self._find(session_id)
        if kept is None or kept.session is None:
            return None
        now = datetime.now(UTC)
        changed = msgspec.structs.replace(kept.session, **changes, seen_at=now, born=kept.born)
        written = msgspec.json.encode(changed)
        revision = await self._bucket.update(str(session_id), written, kept.revision)
        self._keep(session_id, changed, revision)
        return changed

    async def _keys(self) -> list[str]:
        try:
            return await self._bucket.keys()
        except NoKeysError:
            return []

    async def _find(self, session_id: PlaybackId) -> Kept | None:
        try:
            entry = await self._bucket.get(str(session_id))
        except (KeyNotFoundError, KeyDeletedError):
            self._known.pop(session_id, None)
            return None
        return self._keep(session_id, _decode(entry), entry.revision or 0)

    async def _follow(self) -> None:
        """Over one connection; the next one begins with what was written between them."""
        over = self._connection
        self._heard = 0
        watcher = await self._bucket.watchall()
        try:
            while over == self._connection:
                with suppress(NoNewsError):
                    entry = await watcher.updates(AGAIN)  # type: ignore[no-untyped-call]
                    if entry is None:  # where what was there before ends
                        self._complete_over = over
                    elif isinstance(entry, KeyValue.Entry):
                        self._hear(entry)
                    self._news.set()
        finally:
            self._complete_over = -1
            self._news.set()
            await watcher.stop()  # type: ignore[no-untyped-call]

    def _hear(self, entry: KeyValue.Entry) -> None:
        session_id, revision = PlaybackId(UUID(entry.key)), entry.revision or 0
        self._heard = revision
        if entry.operation is None:
            with suppress(msgspec.MsgspecError):  # who asks for it is told
                self._keep(session_id, _decode(entry), revision)
        elif self.revision(session_id) <= revision:
            self._known.pop(session_id, None)

    def _keep(self, session_id: PlaybackId, session: Session | None, revision: int) -> Kept:
        """Unless something newer is known; that is what is returned then."""
        known = self._known.get(session_id)
        if known is None or known.revision <= revision:
            known = self._known[session_id] = Kept(session, revision, self._connection)
        return known

    @property
    def _connection(self) -> int:
        return self._bus.client.stats["reconnects"]


def _decode(entry: KeyValue.Entry) -> Session:
    return msgspec.json.decode(entry.value or b"", type=Session)
