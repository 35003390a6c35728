"""Playback: sessions, what a client is given to play, and how it goes."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from revenge.contracts._faults import Busy, Invalid, NotFound
from revenge.contracts._ids import FileId, LibraryId, PlaybackId, UserId
from revenge.contracts._kinds import Audience, Domain, Message, Nothing
from revenge.contracts._pages import Seconds
from revenge.contracts.catalog import MediaNotFound, MediaType

domain = Domain("playback")


class PlaybackNotFound(NotFound):
    """You have no playback session with this id, or it has expired."""


class TooManySessions(Busy):
    """As many sessions as this server allows are playing already."""


class NotPlayable(Invalid):
    """This file has neither a video nor an audio track that can be played."""


class Method(enum.StrEnum):
    """What is done to a stream before it reaches the client, the cheapest first."""

    DIRECT = "direct"  # the file itself
    COPY = "copy"  # the stream as it is, in another container
    TRANSCODE = "transcode"
    NONE = "none"  # the client does not get it


class PlayState(enum.StrEnum):
    PLAYING = "playing"
    PAUSED = "paused"


class ClientProfile(Message, frozen=True):
    """What a client can play. Without one, it is told from the User-Agent."""

    containers: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    video_codecs: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    audio_codecs: Annotated[tuple[str, ...], Meta(max_length=32)] = ()
    supports_hdr10: bool = False
    supports_hlg: bool = False
    supports_dolby_vision: bool = False
    max_width: Annotated[int, Meta(ge=1)] | None = None
    max_height: Annotated[int, Meta(ge=1)] | None = None
    max_bitrate_kbps: Annotated[int, Meta(ge=1)] | None = None
    max_audio_channels: Annotated[int, Meta(ge=1)] | None = None


class StartPlayback(Message, frozen=True):
    media_type: MediaType
    media_id: UUID
    file_id: FileId | None = None
    audio_track: Annotated[int, Meta(ge=0)] = 0
    subtitle_track: Annotated[int, Meta(ge=0)] | None = None
    start_position: Seconds = 0
    client_profile: ClientProfile | None = None
    user_agent: Annotated[str, Meta(max_length=500)] | None = None


class PlaybackProfile(Message, frozen=True):
    """One rung of the ladder. `bitrate` in kbit/s."""

    name: str
    width: int
    height: int
    bitrate: int
    is_original: bool


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
    url: str
    is_forced: bool
    language: str | None = None
    title: str | None = None


class Decision(Message, frozen=True):
    """How one kind of stream is given to the client, and every reason for it."""

    stream: str  # file, video, audio, subtitle
    method: Method
    reasons: tuple[str, ...] = ()


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


class GetPlayback(Message, frozen=True):
    session_id: PlaybackId


class Heartbeat(Message, frozen=True):
    session_id: PlaybackId
    position_seconds: Seconds | None = None
    state: PlayState = PlayState.PLAYING


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


start_playback = domain.rpc(
    "start_playback",
    StartPlayback,
    PlaybackSession,
    raises=(MediaNotFound, TooManySessions, NotPlayable),
    timeout=15.0,
)
get_playback = domain.rpc("get_playback", GetPlayback, PlaybackSession, raises=(PlaybackNotFound,))
beat = domain.rpc("beat", Heartbeat, Nothing, raises=(PlaybackNotFound,))
stop_playback = domain.rpc("stop_playback", GetPlayback, Nothing, raises=(PlaybackNotFound,))

started = domain.event("started", PlaybackEvent, audience=Audience.USER)
progressed = domain.event("progressed", PlaybackEvent)
paused = domain.event("paused", PlaybackEvent, audience=Audience.USER)
stopped = domain.event("stopped", PlaybackEvent, audience=Audience.USER)
