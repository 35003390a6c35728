"""Playback sessions, kept in a bucket that all replicas share: any of them can go on with one.

A session lasts while its client sends heartbeats or fetches segments, and ends some time after.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from nats.js.errors import (
    BadRequestError,
    KeyDeletedError,
    KeyNotFoundError,
    KeyWrongLastSequenceError,
    NoKeysError,
)
from nats.js.kv import KeyValue

from revenge.contracts import FileId, LibraryId, PlaybackId, Unavailable, UserId
from revenge.contracts.catalog import MediaType
from revenge.contracts.playback import PlaybackEvent, PlayState
from revenge.playback.plan import StreamSession

BUCKET = "playback"
ATTEMPTS = 5  # at a change that another replica gets in the way of


class Session(msgspec.Struct, frozen=True):
    """One user playing one file."""

    stream: StreamSession
    user_id: UserId
    username: str
    media_type: MediaType
    media_id: UUID
    file_id: FileId
    library_ids: tuple[LibraryId, ...]
    title: str
    position_seconds: int
    state: PlayState
    created_at: datetime
    seen_at: datetime  # by a heartbeat, or a segment that was fetched

    @property
    def id(self) -> PlaybackId:
        return self.stream.id

    def expires_at(self, timeout: timedelta) -> datetime:
        return self.seen_at + timeout

    def event(self) -> PlaybackEvent:
        return PlaybackEvent(
            session_id=self.id,
            user_id=self.user_id,
            username=self.username,
            media_type=self.media_type,
            media_id=self.media_id,
            file_id=self.file_id,
            title=self.title,
            position_seconds=self.position_seconds,
            duration_seconds=round(self.stream.media.duration),
            at=self.seen_at,
            library_ids=self.library_ids,
        )


class _Kept(NamedTuple):
    session: Session
    revision: int


class Sessions:
    def __init__(self, bucket: KeyValue) -> None:
        self._bucket = bucket

    async def add(self, session: Session) -> None:
        await self._bucket.put(str(session.id), msgspec.json.encode(session))

    async def get(self, session_id: PlaybackId) -> Session | None:
        kept = await self._find(session_id)
        return kept.session if kept else None

    async def change(self, session_id: PlaybackId, **changes: object) -> Session | None:
        """The session with these fields changed and seen now; None when it has ended."""
        for _ in range(ATTEMPTS):
            kept = await self._find(session_id)
            if kept is None:
                return None
            changed = msgspec.structs.replace(kept.session, **changes, seen_at=datetime.now(UTC))
            try:
                await self._bucket.update(
                    str(session_id), msgspec.json.encode(changed), kept.revision
                )
            except (KeyWrongLastSequenceError, BadRequestError):
                continue
            return changed
        raise Unavailable("this session is changed by others all the time")

    async def remove(self, session_id: PlaybackId) -> None:
        await self._bucket.delete(str(session_id))

    async def all(self) -> AsyncGenerator[Session]:
        for key in await self._keys():
            session = await self.get(PlaybackId(UUID(key)))
            if session is not None:
                yield session

    async def count(self) -> int:
        return len(await self._keys())

    async def _keys(self) -> list[str]:
        try:
            return await self._bucket.keys()
        except NoKeysError:
            return []

    async def _find(self, session_id: PlaybackId) -> _Kept | None:
        try:
            entry = await self._bucket.get(str(session_id))
        except (KeyNotFoundError, KeyDeletedError):
            return None
        session = msgspec.json.decode(entry.value or b"", type=Session)
        return _Kept(session, entry.revision or 0)
