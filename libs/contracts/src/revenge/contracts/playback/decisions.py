"""How a file is given to a client, and why."""

from __future__ import annotations

import enum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from revenge.contracts._ids import FileId
from revenge.contracts._kinds import Message
from revenge.contracts.catalog import MediaType
from revenge.contracts.playback._domain import domain
from revenge.contracts.playback.clients import ClientProfile, Name
from revenge.contracts.playback.faults import UNPLAYABLE

Track = Annotated[int, Meta(ge=0, le=9999)]  # among the tracks of its kind


class Method(enum.StrEnum):
    """What is done to a stream before it reaches the client, the cheapest first."""

    DIRECT = "direct"  # the file itself
    COPY = "copy"  # the stream as it is, in another container
    TRANSCODE = "transcode"
    BURN = "burn"  # a subtitle becomes part of the pictures, which are transcoded for it
    NONE = "none"  # the client does not get it


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

    `bit_rate_kbps` is that of the best quality; `client` is what the client was taken for;
    `refused` says why it would not be started now, if so.
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
    refused: str | None = None


decide_playback = domain.rpc(
    "decide_playback",
    DecidePlayback,
    PlaybackDecision,
    raises=UNPLAYABLE,
    timeout=15.0,
)
