"""Playback sessions, kept in a bucket that all replicas share: any of them can go on with one.

A session lasts while its client sends heartbeats or fetches segments, and ends some time after.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
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
from revenge.contracts.playback import ClientProfile, PlaybackEvent, PlayState
from revenge.playback.deciding.plan import StreamSession, VideoOffer
from revenge.playback.deciding.wishes import Wishes

BUCKET = "playback"
WATCHED_FOR = timedelta(minutes=5)  # since the last sign of life
ATTEMPTS = 5  # at a change that another replica gets in the way of


class Health(msgspec.Struct, frozen=True):
    """How well it plays, as the client counts from the start."""

    stalls: int = 0
    dropped_frames: int = 0
    bandwidth_kbps: int | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
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
    profile: ClientProfile = ClientProfile()
    wishes: Wishes = Wishes()
    health: Health = Health()
    user_agent: str | None = None
    rung: str | None = None  # the quality that was fetched last

    @property
    def id(self) -> PlaybackId:
        return self.stream.id

    @property
    def video(self) -> VideoOffer | None:
        """What it is given of the pictures; None for a file that is played as it is."""
        plan = self.stream.plan
        if self.rung is not None:
            return plan.video_offer(self.rung)
        return None if plan.direct else next(iter(plan.video), None)

    @property
    def bit_rate(self) -> int:
        """Bit/s, as far as is known."""
        media, plan = self.stream.media, self.stream.plan
        if self.video is None and plan.direct and media.bit_rate is not None:
            return media.bit_rate
        video = self.video or next(iter(plan.video), None)
        sound = plan.audio_offer(plan.default_audio)
        return (video.bit_rate if video else 0) + (sound.bit_rate if sound else 0)

    @property
    def transcode(self) -> str | None:
        """The pictures that are encoded for it: who has the same shares them."""
        video, stream = self.video, self.stream
        if video is None or video.encoding is None:
            return None
        drawn = stream.plan.burned_subtitle
        offset = 0 if drawn is None else stream.subtitle_offset_ms
        return "\0".join(
            map(str, (stream.path, stream.version, video.encoding.folder, drawn, offset))
        )

    def shares_pictures_with(self, other: Session) -> bool:
        """What is encoded for the one serves the other, in any quality."""
        return self._pictures == other._pictures

    @property
    def _pictures(self) -> tuple[object, ...]:
        stream, plan = self.stream, self.stream.plan
        drawn = (plan.burned_subtitle, stream.subtitle_offset_ms)
        return (stream.path, stream.version, plan.video, *drawn)

    def is_watched(self, now: datetime) -> bool:
        """Somebody is looking, as far as one can know."""
        return self.state is PlayState.PLAYING and now - self.seen_at < WATCHED_FOR

    def expires_at(self, timeout: timedelta) -> datetime:
        return self.seen_at + timeout

    def event(self, reason: str | None = None) -> PlaybackEvent:
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
            reason=reason,
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

    async def note(self, session: Session, **changes: object) -> None:
        """Change what may as well be changed later: whoever writes at the same time wins."""
        kept = await self._find(session.id)
        if kept is None:
            return
        changed = msgspec.structs.replace(kept.session, **changes, seen_at=datetime.now(UTC))
        with suppress(KeyWrongLastSequenceError, BadRequestError):
            await self._bucket.update(str(session.id), msgspec.json.encode(changed), kept.revision)

    async def remove(self, session_id: PlaybackId) -> None:
        await self._bucket.delete(str(session_id))

    async def all(self) -> list[Session]:
        found = await asyncio.gather(
            *(self.get(PlaybackId(UUID(key))) for key in await self._keys())
        )
        return sorted(filter(None, found), key=lambda session: session.created_at)

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
