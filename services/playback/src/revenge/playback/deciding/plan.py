"""What a session offers to its client; kept with it, so that any replica can serve it."""

from __future__ import annotations

import msgspec

from revenge.contracts import PlaybackId
from revenge.contracts.media import Media
from revenge.contracts.playback import Decision
from revenge.playback.deciding.ladder import ORIGINAL, Encoding
from revenge.playback.deciding.sound import SoundCodec


class VideoOffer(msgspec.Struct, frozen=True):
    """A copied rendition has no encoding."""

    bit_rate: int  # bit/s, the most as far as is known
    encoding: Encoding | None = None
    base_layer: bool = False  # of Dolby Vision, copied

    @property
    def name(self) -> str:
        return self.encoding.name if self.encoding else ORIGINAL


class AudioOffer(msgspec.Struct, frozen=True):
    """`number` counts the audio tracks of `Media`; `index` is the stream in the file."""

    number: int
    index: int
    copied: bool
    channels: int
    bit_rate: int  # bit/s
    codec: SoundCodec = SoundCodec.AAC  # of what is not copied


class SubtitleOffer(msgspec.Struct, frozen=True):
    """`number` counts the subtitles of `Media`; either `index` or `path` says where it is."""

    number: int
    index: int | None = None
    path: str | None = None


class Plan(msgspec.Struct, frozen=True):
    direct: bool  # the client can play the file itself
    video: tuple[VideoOffer, ...] = ()  # the best first
    audio: tuple[AudioOffer, ...] = ()
    subtitles: tuple[SubtitleOffer, ...] = ()
    default_audio: int = 0  # by `number`
    default_subtitle: int | None = None
    burned_subtitle: int | None = None  # by number: drawn into all pictures, which are encoded
    decisions: tuple[Decision, ...] = ()

    def video_offer(self, name: str) -> VideoOffer | None:
        return next((offer for offer in self.video if offer.name == name), None)

    def audio_offer(self, number: int) -> AudioOffer | None:
        return next((offer for offer in self.audio if offer.number == number), None)

    def subtitle_offer(self, number: int) -> SubtitleOffer | None:
        return next((offer for offer in self.subtitles if offer.number == number), None)


class StreamSession(msgspec.Struct, frozen=True):
    """All that serving a session's streams needs to know of it."""

    id: PlaybackId
    path: str  # of the file; absolute, as text where it is kept
    media: Media
    plan: Plan
    version: str = ""  # the key of the `Source` that the plan is for; empty fits any
    subtitle_offset_ms: int = 0  # later when above zero
