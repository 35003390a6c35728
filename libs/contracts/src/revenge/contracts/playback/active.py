"""What plays now, as administrators see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from revenge.contracts._ids import FileId, PlaybackId, UserId
from revenge.contracts._kinds import Audience, Message, Nothing
from revenge.contracts.catalog import MediaType
from revenge.contracts.playback._domain import domain
from revenge.contracts.playback.decisions import Decision, Method
from revenge.contracts.playback.faults import PlaybackNotFound
from revenge.contracts.playback.sessions import PlayState


class ListPlaybacks(Message, frozen=True):
    """What plays now, of one user or of all."""

    user_id: UserId | None = None


class PlaybackCost(Message, frozen=True):
    """What a session takes of the server. Viewers of the same pictures share one transcode."""

    bit_rate_kbps: int
    transcodes_video: bool
    transcodes_audio: bool
    speed: float | None = None  # of all that is encoded beside it, against real time; if known


class ActivePlayback(Message, frozen=True):
    """Who plays what, how, how well, and at what cost."""

    session_id: PlaybackId
    user_id: UserId
    username: str
    media_type: MediaType
    media_id: UUID
    file_id: FileId
    title: str
    state: PlayState
    position_seconds: int
    duration_seconds: int
    method: Method
    decisions: tuple[Decision, ...]
    cost: PlaybackCost
    started_at: datetime
    seen_at: datetime
    quality: str | None = None  # as last fetched
    client: str | None = None
    user_agent: str | None = None
    stalls: int = 0
    dropped_frames: int = 0
    bandwidth_kbps: int | None = None


class PlaybackLoad(Message, frozen=True):
    """What all that plays takes together, and what it may; None is without limit."""

    sessions: int
    transcodes: int
    bit_rate_kbps: int
    most_sessions: int | None = None
    most_transcodes: int | None = None
    most_bit_rate_kbps: int | None = None


class ActivePlaybacks(Message, frozen=True):
    sessions: tuple[ActivePlayback, ...]
    load: PlaybackLoad


class EndPlayback(Message, frozen=True):
    """`reason` is told to the viewer."""

    session_id: PlaybackId
    reason: Annotated[str, Meta(max_length=500)] | None = None


class MessageViewer(Message, frozen=True):
    session_id: PlaybackId
    text: Annotated[str, Meta(min_length=1, max_length=500)]


class ViewerMessage(Message, frozen=True):
    """What an administrator says to somebody who watches."""

    session_id: PlaybackId
    user_id: UserId
    username: str
    text: str
    sent_by: str
    at: datetime


list_playbacks = domain.rpc("list_playbacks", ListPlaybacks, ActivePlaybacks)
end_playback = domain.rpc("end_playback", EndPlayback, Nothing, raises=(PlaybackNotFound,))
message_viewer = domain.rpc("message_viewer", MessageViewer, Nothing, raises=(PlaybackNotFound,))
viewer_messaged = domain.event("viewer_messaged", ViewerMessage, audience=Audience.USER)
