"""What is done to each stream of a file before it reaches a client, and every reason for it.

The cheapest that the client can play: the file itself, the streams in another container, the sound
encoded, the pictures encoded. Pure: no file is read here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from revenge.contracts.media import AudioStream, Media, VideoStream
from revenge.contracts.playback import (
    ClientProfile,
    Decision,
    Method,
    NotPlayable,
    QualityUnknown,
    Transport,
)
from revenge.playback.deciding import ladder, obstacles, sound, subtitling
from revenge.playback.deciding.ladder import ORIGINAL, Encoding, VideoCodec
from revenge.playback.deciding.plan import AudioOffer, Plan, VideoOffer
from revenge.playback.deciding.sound import SoundCodec
from revenge.playback.deciding.wishes import Wishes

# what fMP4 can carry and HLS players take; Chromium takes no MP3 in it
_HLS_VIDEO = {"h264", "hevc", "av1", "vp9"}
_HLS_AUDIO = {"aac", "ac3", "eac3", "opus", "flac", "alac"}

_GUESSED_VIDEO = 8_000_000  # bit/s, of a copied track that does not say
_GUESSED_AUDIO = 256_000


class _Question(NamedTuple):
    media: Media
    profile: ClientProfile
    wishes: Wishes
    audio_obstacles: Mapping[int, str]
    tag: str

    @property
    def audio_track(self) -> int:
        wanted = self.wishes.audio_track
        return wanted if wanted < len(self.media.audio) else 0

    def understands(self, transport: Transport) -> bool:
        """A client that does not say takes them all."""
        return not self.profile.transports or transport in self.profile.transports


class _Against(NamedTuple):
    """Why the cheaper ways are closed."""

    file: tuple[str, ...]
    copy: tuple[str, ...]


def decide(
    media: Media,
    profile: ClientProfile,
    wishes: Wishes = Wishes(),  # noqa: B008 it is immutable
    *,
    obstacle: str | None = None,
    audio_obstacles: Mapping[int, str] = MappingProxyType({}),
    peak_bit_rate: int | None = None,
    tag: str = "",
) -> Plan:
    """`obstacle` says why this file's pictures cannot be cut without encoding, if so.

    `audio_obstacles` says the same of its sound, by the index of the stream. `tag` is what the
    pictures are called in the file, if that is an MP4.

    Raises `NotPlayable` when there is neither picture nor sound, and `QualityUnknown`.
    """
    if not media.video and not media.audio:
        raise NotPlayable
    question = _Question(media, profile, wishes, audio_obstacles, tag)
    burned = subtitling.burned(media, profile, wishes)
    against = _against(question, burned, obstacle)
    if not question.understands(Transport.HLS):
        return _file_alone(question, against)
    offers = _video_offers(media, profile, against.copy, peak_bit_rate)
    return _plan(question, against, _chosen(offers, wishes.quality), burned)


def _against(question: _Question, burned: int | None, obstacle: str | None) -> _Against:
    media, profile, *_ = question
    drawn = subtitling.against_copying(media, burned)
    return _Against(
        file=(*_against_file(question), *drawn),
        copy=(*_against_copying(media, profile, obstacle), *drawn),
    )


def _plan(
    question: _Question, against: _Against, video: tuple[VideoOffer, ...], burned: int | None
) -> Plan:
    media, profile, wishes, *_ = question
    direct = not against.file
    subtitles = subtitling.offers(media)
    offered = {offer.number for offer in subtitles} - {burned}
    return Plan(
        direct=direct,
        video=video,
        audio=tuple(_audio_offer(n, track, question) for n, track in enumerate(media.audio)),
        subtitles=subtitles,
        default_audio=question.audio_track,
        default_subtitle=wishes.subtitle_track if wishes.subtitle_track in offered else None,
        burned_subtitle=burned,
        decisions=(
            _file_decision(against.file),
            *_video_decisions(video, against.copy, wishes.quality),
            *(_audio_decision(n, track, question) for n, track in enumerate(media.audio)),
            *subtitling.decisions(media, profile, direct=direct, burned=burned),
        ),
    )


def _file_alone(question: _Question, against: _Against) -> Plan:
    """For a client without HLS, which gets the file or nothing."""
    media, profile, *_ = question
    direct = not against.file
    method = Method.DIRECT if direct else Method.NONE
    why = () if direct else ("the client does not play HLS",)
    return Plan(
        direct=direct,
        default_audio=question.audio_track,
        decisions=(
            _file_decision(against.file),
            *(Decision("video", method, why, 0) for _ in media.video[:1]),
            *(Decision("audio", method, why, number) for number, _ in enumerate(media.audio)),
            *subtitling.decisions(media, profile, direct=direct, burned=None),
        ),
    )


def _against_file(question: _Question) -> tuple[str, ...]:
    """Why the client cannot play the file itself, its subtitles aside."""
    media, profile, wishes, *_ = question
    reasons = obstacles.of_container(media, profile)
    if not question.understands(Transport.PROGRESSIVE):
        reasons.append("the client plays nothing but HLS")
    if media.video:
        reasons += obstacles.of_video(media.video[0], profile)
        reasons += obstacles.of_tag(media.video[0], question.tag, profile)
    if media.audio:
        reasons += obstacles.of_audio(media.audio[question.audio_track], profile)
    if question.audio_track != _default_audio(media):
        reasons.append("another than the file's first audio track is wanted")
    if wishes.quality not in (None, ORIGINAL):
        reasons.append(f"the quality {wishes.quality} is wanted")
    return (*reasons, *obstacles.of_file_size(media, profile))


def _default_audio(media: Media) -> int:
    """What a player of the file itself would choose."""
    marked = (number for number, track in enumerate(media.audio) if track.default)
    return next(marked, 0)


def _against_copying(media: Media, profile: ClientProfile, obstacle: str | None) -> tuple[str, ...]:
    if not media.video:
        return ()
    video = media.video[0]
    reasons = obstacles.of_video(video, profile)
    if video.codec not in _HLS_VIDEO:
        reasons.append(f"{video.codec} cannot be sent as HLS")
    return (*reasons, *([obstacle] if obstacle else []))


def _video_offers(
    media: Media, profile: ClientProfile, against_copy: tuple[str, ...], peak: int | None
) -> tuple[VideoOffer, ...]:
    if not media.video:
        return ()
    video = media.video[0]
    encoded = ladder.encodings(video, _video_codec(profile))
    copied = not against_copy
    rate = peak or video.bit_rate or media.bit_rate
    if copied:
        # a rung is for those whose line is too slow for the original
        encoded = [item for item in encoded[1:] if rate is None or item.peak_bit_rate < rate]
    allowed = [item for item in encoded if _allowed(item, profile)]
    if not copied and not allowed:
        allowed = [_squeezed(video, encoded[-1], profile)]
    base = obstacles.needs_base_layer(video, profile)
    first = [VideoOffer(rate or _GUESSED_VIDEO, base_layer=base)] if copied else []
    return (*first, *(VideoOffer(item.bit_rate, item) for item in allowed))


def _chosen(offers: tuple[VideoOffer, ...], quality: str | None) -> tuple[VideoOffer, ...]:
    """Raises `QualityUnknown`, which names those that there are."""
    if quality is None or not offers:
        return offers
    chosen = tuple(offer for offer in offers if offer.name == quality)
    if not chosen:
        names = ", ".join(offer.name for offer in offers)
        raise QualityUnknown(f"there is no quality {quality!r} for this client, but {names}")
    return chosen


def _allowed(encoding: Encoding, profile: ClientProfile) -> bool:
    limit = profile.max_bitrate_kbps
    return (
        (profile.max_width is None or encoding.width <= profile.max_width)
        and (profile.max_height is None or encoding.height <= profile.max_height)
        and (limit is None or encoding.bit_rate <= limit * 1000)
    )


def _squeezed(video: VideoStream, least: Encoding, profile: ClientProfile) -> Encoding:
    """For a client that is smaller or slower than the ladder's last rung."""
    size = ladder.fitted(
        ladder.shown(video),
        min(least.width, profile.max_width or least.width),
        min(least.height, profile.max_height or least.height),
    )
    rate = min(least.bit_rate, (profile.max_bitrate_kbps or least.bit_rate) * 1000)
    return msgspec.structs.replace(least, width=size.width, height=size.height, bit_rate=rate)


def _against_copying_audio(track: AudioStream, question: _Question) -> tuple[str, ...]:
    reasons = obstacles.of_audio(track, question.profile)
    if track.codec not in _HLS_AUDIO:
        reasons.append(f"{track.codec} cannot be sent as HLS")
    obstacle = question.audio_obstacles.get(track.index)
    return (*reasons, *([obstacle] if obstacle else []))


def _audio_offer(number: int, track: AudioStream, question: _Question) -> AudioOffer:
    if _against_copying_audio(track, question):
        codec = _sound_codec(question.profile)
        channels = sound.channels_for(track.channels, question.profile.max_audio_channels)
        rate = codec.bit_rate(channels)
        return AudioOffer(
            number, track.index, copied=False, channels=channels, bit_rate=rate, codec=codec
        )
    rate = track.bit_rate or _GUESSED_AUDIO
    return AudioOffer(number, track.index, copied=True, channels=track.channels, bit_rate=rate)


def _video_codec(profile: ClientProfile) -> VideoCodec:
    """H.264, but for those who do not play it."""
    return next((codec for codec in VideoCodec if codec in profile.video_codecs), VideoCodec.H264)


def _sound_codec(profile: ClientProfile) -> SoundCodec:
    """Opus for those who play no AAC."""
    asked = "opus" in profile.audio_codecs and "aac" not in profile.audio_codecs
    return SoundCodec.OPUS if asked else SoundCodec.AAC


def _file_decision(against: tuple[str, ...]) -> Decision:
    return Decision("file", Method.NONE if against else Method.DIRECT, against)


def _video_decisions(
    video: tuple[VideoOffer, ...], against_copy: tuple[str, ...], quality: str | None
) -> list[Decision]:
    if not video:
        return []
    if video[0].encoding is None:
        return [Decision("video", Method.COPY, (), 0)]
    reasons = against_copy or (f"the quality {quality} is wanted",)
    return [Decision("video", Method.TRANSCODE, reasons, 0)]


def _audio_decision(number: int, track: AudioStream, question: _Question) -> Decision:
    reasons = _against_copying_audio(track, question)
    return Decision("audio", Method.TRANSCODE if reasons else Method.COPY, reasons, number)
