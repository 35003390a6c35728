"""A viewer's session: its start, its choices, how it goes, and its end."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._ids import FileId, LibraryId, PlaybackId, UserId
from revenge.contracts._kinds import Audience, Message, Nothing
from revenge.contracts._pages import Seconds
from revenge.contracts.catalog import MediaType
from revenge.contracts.playback._domain import domain
from revenge.contracts.playback.clients import ClientProfile, Name
from revenge.contracts.playback.decisions import Decision, Method, PlaybackProfile, Track
from revenge.contracts.playback.faults import LIMITS, UNPLAYABLE, PlaybackNotFound

Offset = Annotated[int, Meta(ge=-600_000, le=600_000)]  # milliseconds; later when above zero
Count = Annotated[int, Meta(ge=0, le=2**53)]


class PlayState(enum.StrEnum):
    PLAYING = "playing"
    PAUSED = "paused"


class StartPlayback(Message, frozen=True):
    media_type: MediaType
    media_id: UUID
    file_id: FileId | None = None
    audio_track: Annotated[int, Meta(ge=0)] = 0
    subtitle_track: Annotated[int, Meta(ge=0)] | None = None
    start_position: Seconds | None = None  # where it was left, if it is not said
    client_profile: ClientProfile | None = None
    user_agent: Annotated[str, Meta(max_length=500)] | None = None
    quality: Name | None = None
    burn_subtitle: bool = False
    subtitle_offset_ms: Offset = 0


class AudioTrack(Message, frozen=True):
    index: int
    channels: int
    codec: str
    is_default: bool
    language: str | None = None
    title: str | None = None
    layout: str | None = None


class SubtitleTrack(Message, frozen=True):
    index: int
    codec: str
    is_forced: bool
    url: str | None = None  # of all of it as WebVTT; images have none
    images_url: str | None = None  # of images as they are, for those who show them: .sup, or .mks
    script_url: str | None = None  # of ASS as it is, with its fonts
    language: str | None = None
    title: str | None = None
    method: Method = Method.TRANSCODE


class PlaybackSession(Message, frozen=True):
    """`direct_play_url` is set when the client can play the file itself. URLs are signed."""

    session_id: PlaybackId
    media_type: MediaType
    media_id: UUID
    file_id: FileId
    title: str
    master_playlist_url: str
    duration_seconds: float
    position_seconds: int
    state: PlayState
    profiles: tuple[PlaybackProfile, ...]
    audio_tracks: tuple[AudioTrack, ...]
    subtitle_tracks: tuple[SubtitleTrack, ...]
    decisions: tuple[Decision, ...]
    created_at: datetime
    expires_at: datetime
    direct_play_url: str | None = None
    method: Method = Method.DIRECT
    quality: str | None = None  # None: all of `profiles`, and the client switches between them
    audio_track: int = 0
    subtitle_track: int | None = None
    burn_subtitle: bool = False
    subtitle_offset_ms: int = 0
    client: str | None = None  # what the client was taken for


class GetPlayback(Message, frozen=True):
    session_id: PlaybackId


class ChangePlayback(Message, frozen=True):
    """Only what is given changes; null takes a choice back. The addresses in the answer are new."""

    session_id: PlaybackId
    quality: Name | UnsetType | None = UNSET
    audio_track: Track | UnsetType = UNSET
    subtitle_track: Track | UnsetType | None = UNSET
    burn_subtitle: bool | UnsetType = UNSET
    subtitle_offset_ms: Offset | UnsetType = UNSET
    position_seconds: Seconds | UnsetType = UNSET


class Heartbeat(Message, frozen=True):
    """`stalls` and `dropped_frames` count from the start; `bandwidth_kbps` is what was measured."""

    session_id: PlaybackId
    position_seconds: Seconds | None = None
    state: PlayState = PlayState.PLAYING
    stalls: Count | None = None
    dropped_frames: Count | None = None
    bandwidth_kbps: Count | None = None


class PlaybackEvent(Message, frozen=True):
    """`at` is when it happened: events of two players may arrive in another order."""

    session_id: PlaybackId
    user_id: UserId
    username: str
    media_type: MediaType
    media_id: UUID
    file_id: FileId
    title: str
    position_seconds: int
    duration_seconds: int
    at: datetime
    library_ids: tuple[LibraryId, ...] = ()
    reason: str | None = None  # why it was stopped, when not by its viewer


start_playback = domain.rpc(
    "start_playback",
    StartPlayback,
    PlaybackSession,
    raises=(*UNPLAYABLE, *LIMITS),
    timeout=15.0,
)
get_playback = domain.rpc("get_playback", GetPlayback, PlaybackSession, raises=(PlaybackNotFound,))
beat = domain.rpc("beat", Heartbeat, Nothing, raises=(PlaybackNotFound,))
change_playback = domain.rpc(
    "change_playback",
    ChangePlayback,
    PlaybackSession,
    raises=(PlaybackNotFound, *UNPLAYABLE, *LIMITS),
    timeout=15.0,
)
stop_playback = domain.rpc("stop_playback", GetPlayback, Nothing, raises=(PlaybackNotFound,))

started = domain.event("started", PlaybackEvent, audience=Audience.USER)
progressed = domain.event("progressed", PlaybackEvent)
paused = domain.event("paused", PlaybackEvent, audience=Audience.USER)
stopped = domain.event("stopped", PlaybackEvent, audience=Audience.USER)
