"""Playback sessions: who plays what, and how.

A session lasts while its client sends heartbeats or fetches segments, and ends some time after.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from revenge.contracts import FileId, LibraryId, PlaybackId, UserId
from revenge.contracts.catalog import MediaType
from revenge.contracts.playback import ClientProfile, PlaybackEvent, PlayState
from revenge.playback.deciding import ladder
from revenge.playback.deciding.plan import StreamSession, VideoOffer
from revenge.playback.deciding.wishes import Wishes

WATCHED_FOR = timedelta(minutes=5)  # since the last sign of life


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
    speed: float | None = None  # of all that is encoded where its pictures are, against real time
    born: int | None = None  # the revision that it began with; None while that is the only one

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

    @property
    def luma_rate(self) -> float:
        """Of the pictures that are encoded for it, in luma samples per second."""
        encoding = self.video.encoding if self.video else None
        if encoding is None:
            return 0.0
        return encoding.luma_rate(ladder.frame_rate(self.stream.media.video[0]))

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
