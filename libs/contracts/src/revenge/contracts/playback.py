"""Playback: sessions, what a client is given to play, and how it goes."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from revenge.contracts._faults import Busy, Invalid, NotFound, Unavailable, Unsupported
from revenge.contracts._ids import FileId, LibraryId, PlaybackId, UserId
from revenge.contracts._kinds import Audience, Domain, Message, Nothing
from revenge.contracts._pages import Seconds
from revenge.contracts.catalog import MediaNotFound, MediaType
from revenge.contracts.media import HdrKind

domain = Domain("playback")

Name = Annotated[str, Meta(max_length=64)]
Track = Annotated[int, Meta(ge=0, le=9999)]  # among the tracks of its kind
Offset = Annotated[int, Meta(ge=-600_000, le=600_000)]  # milliseconds; later when above zero
Count = Annotated[int, Meta(ge=0, le=2**53)]


class PlaybackNotFound(NotFound):
    """You have no playback session with this id, or it has expired."""


class TooManySessions(Busy):
    """As many sessions as this server, or this user, may have are playing already."""


class TooManyTranscodes(Unavailable):
    """As much is transcoded as this server, or this user, may have at once."""


class BandwidthExhausted(Unavailable):
    """The sessions that play take all the bit rate that this server, or this user, may use."""


class QualityUnknown(Invalid):
    """This playback has no such quality."""


class FileUnreadable(NotFound):
    """The file is gone, or the server may not read it."""


class MediaDamaged(Unsupported):
    """The file is damaged, and cannot be read at this place."""


class NotPlayable(Invalid):
    """This file has neither a video nor an audio track that can be played."""


UNPLAYABLE = (MediaNotFound, NotPlayable, QualityUnknown, FileUnreadable, MediaDamaged)
LIMITS = (TooManySessions, TooManyTranscodes, BandwidthExhausted)


class Method(enum.StrEnum):
    """What is done to a stream before it reaches the client, the cheapest first."""

    DIRECT = "direct"  # the file itself
    COPY = "copy"  # the stream as it is, in another container
    TRANSCODE = "transcode"
    BURN = "burn"  # a subtitle becomes part of the pictures, which are transcoded for it
    NONE = "none"  # the client does not get it


class Transport(enum.StrEnum):
    HLS = "hls"
    PROGRESSIVE = "progressive"  # the file itself, in ranges


class PlayState(enum.StrEnum):
    PLAYING = "playing"
    PAUSED = "paused"


class VideoSupport(Message, frozen=True):
    """What of one codec a client decodes. What is not said is as most decoders of it have it.

    `profiles` are ffmpeg's names (`High`, `Main 10`); `max_level` is as the stream has it: 41 for
    H.264 level 4.1, 153 for HEVC 5.1.
    """

    codec: Name
    profiles: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    max_level: Annotated[int, Meta(ge=0)] | None = None
    max_bit_depth: Annotated[int, Meta(ge=8, le=16)] | None = None
    chroma: Annotated[tuple[Name, ...], Meta(max_length=4)] = ("420",)
    hdr: Annotated[tuple[HdrKind, ...], Meta(max_length=8)] | None = None  # None: as `supports_...`


class AudioSupport(Message, frozen=True):
    """What of one codec a client decodes, or passes on to what it is connected to."""

    codec: Name
    max_channels: Annotated[int, Meta(ge=1)] | None = None


class ClientProfile(Message, frozen=True):
    """What a client can play. Without one, it is told from the User-Agent.

    `video` and `audio` say more of codecs; those that are only named there count as named.
    `subtitle_formats` are webvtt, srt, ass, mov_text, pgs and vobsub.
    """

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
    name: Name | None = None  # of the kind of client, when it was told from the User-Agent
    video: Annotated[tuple[VideoSupport, ...], Meta(max_length=32)] = ()
    audio: Annotated[tuple[AudioSupport, ...], Meta(max_length=32)] = ()
    subtitle_formats: Annotated[tuple[Name, ...], Meta(max_length=16)] = ()
    transports: Annotated[tuple[Transport, ...], Meta(max_length=2)] = ()


class StartPlayback(Message, frozen=True):
    media_type: MediaType
    media_id: UUID
    file_id: FileId | None = None
    audio_track: Annotated[int, Meta(ge=0)] = 0
    subtitle_track: Annotated[int, Meta(ge=0)] | None = None
    start_position: Seconds = 0
    client_profile: ClientProfile | None = None
    user_agent: Annotated[str, Meta(max_length=500)] | None = None
    quality: Name | None = None
    burn_subtitle: bool = False
    subtitle_offset_ms: Offset = 0


class DecidePlayback(Message, frozen=True):
    """The same question as `StartPlayback`, without starting anything."""

    media_type: MediaType
    media_id: UUID
    file_id: FileId | None = None
    audio_track: Track = 0
    subtitle_track: Track | None = None
    quality: Name | None = None
    burn_subtitle: bool = False
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
    is_forced: bool
    url: str | None = None  # of all of it as WebVTT; images have none
    script_url: str | None = None  # of ASS as it is, with its fonts
    language: str | None = None
    title: str | None = None
    method: Method = Method.TRANSCODE


class Decision(Message, frozen=True):
    """How one stream is given to the client, and every reason for it.

    `track` counts the streams of its kind; the file has none.
    """

    stream: str  # file, video, audio, subtitle
    method: Method
    reasons: tuple[str, ...] = ()
    track: int | None = None


class PlaybackDecision(Message, frozen=True):
    """What a client would be given. `method` is the costliest of what it would play.

    `bit_rate_kbps` is that of the best quality; `client` is what the client was taken for.
    """

    media_type: MediaType
    media_id: UUID
    file_id: FileId
    title: str
    method: Method
    bit_rate_kbps: int
    decisions: tuple[Decision, ...]
    profiles: tuple[PlaybackProfile, ...]
    client: ClientProfile


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


class ListPlaybacks(Message, frozen=True):
    """What plays now, of one user or of all."""

    user_id: UserId | None = None


class PlaybackCost(Message, frozen=True):
    """What a session takes of the server. Viewers of the same pictures share one transcode."""

    bit_rate_kbps: int
    transcodes_video: bool
    transcodes_audio: bool


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
decide_playback = domain.rpc(
    "decide_playback",
    DecidePlayback,
    PlaybackDecision,
    raises=UNPLAYABLE,
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
list_playbacks = domain.rpc("list_playbacks", ListPlaybacks, ActivePlaybacks)
end_playback = domain.rpc("end_playback", EndPlayback, Nothing, raises=(PlaybackNotFound,))
message_viewer = domain.rpc("message_viewer", MessageViewer, Nothing, raises=(PlaybackNotFound,))

started = domain.event("started", PlaybackEvent, audience=Audience.USER)
progressed = domain.event("progressed", PlaybackEvent)
paused = domain.event("paused", PlaybackEvent, audience=Audience.USER)
stopped = domain.event("stopped", PlaybackEvent, audience=Audience.USER)
viewer_messaged = domain.event("viewer_messaged", ViewerMessage, audience=Audience.USER)
