"""What is done to each stream of a file before it reaches a client, and every reason for it.

The cheapest that the client can play: the file itself, the streams in another container, the sound
encoded, the pictures encoded. Pure: no file is read here.
"""

from typing import NamedTuple

import msgspec

from revenge.contracts.media import AudioStream, HdrKind, Media, VideoStream
from revenge.contracts.playback import ClientProfile, Decision, Method, NotPlayable
from revenge.playback import ladder
from revenge.playback.ladder import Encoding
from revenge.playback.plan import AudioOffer, Plan, SubtitleOffer, VideoOffer

# what fMP4 can carry and HLS players take
_HLS_VIDEO = {"h264", "hevc", "av1", "vp9"}
_HLS_AUDIO = {"aac", "mp3", "ac3", "eac3", "opus", "flac", "alac"}

# what makes a Matroska file a WebM
_WEBM_CODECS = {"vp8", "vp9", "av1", "opus", "vorbis"}

#: ffmpeg's names of the subtitles that can become WebVTT.
TEXT_CODECS = frozenset(
    {"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "vtt", "text", "microdvd", "subviewer"}
)

_AAC_STEREO = 192_000  # bit/s
_GUESSED_VIDEO = 8_000_000  # bit/s, of a copied track that does not say
_GUESSED_AUDIO = 256_000
_H264_DEPTH, _HEVC_DEPTH = 8, 10  # bits that decoders in players take


class Wishes(NamedTuple):
    """By number among the tracks of their kind."""

    audio_track: int = 0
    subtitle_track: int | None = None


def decide(
    media: Media,
    profile: ClientProfile,
    wishes: Wishes = Wishes(),  # noqa: B008 an immutable tuple
    *,
    obstacle: str | None = None,
    peak_bit_rate: int | None = None,
) -> Plan:
    """`obstacle` says why this file's pictures cannot be cut without encoding, if so.

    Raises `NotPlayable` when there is neither picture nor sound.
    """
    if not media.video and not media.audio:
        raise NotPlayable
    wanted = wishes.audio_track if wishes.audio_track < len(media.audio) else 0
    against_file = _against_file(media, profile, wanted)
    against_copy = _against_copying(media, profile, obstacle)
    subtitles = _subtitle_offers(media)
    offered = {offer.number for offer in subtitles}
    return Plan(
        direct=not against_file,
        video=_video_offers(media, profile, against_copy, peak_bit_rate),
        audio=tuple(_audio_offer(n, track, profile) for n, track in enumerate(media.audio)),
        subtitles=subtitles,
        default_audio=wanted,
        default_subtitle=wishes.subtitle_track if wishes.subtitle_track in offered else None,
        decisions=(
            _file_decision(against_file),
            *_video_decisions(media, against_copy),
            *(_audio_decision(track, profile) for track in media.audio),
            *_subtitle_decisions(media),
        ),
    )


def _against_file(media: Media, profile: ClientProfile, audio_track: int) -> tuple[str, ...]:
    """Why the client cannot play the file itself."""
    reasons: list[str] = []
    if not _plays_container(media, profile):
        reasons.append(f"the client does not play {media.container} files")
    if media.video:
        reasons += _against_video(media.video[0], profile)
    if media.audio:
        reasons += _against_audio(media.audio[audio_track], profile)
    if audio_track != _default_audio(media):
        reasons.append("another than the file's first audio track is wanted")
    limit = profile.max_bitrate_kbps
    if limit is not None and (media.bit_rate or 0) > limit * 1000:
        reasons.append(f"the file has more than {limit} kbit/s")
    return tuple(reasons)


def _plays_container(media: Media, profile: ClientProfile) -> bool:
    names = {"mov": {"mp4"}, "matroska": {"mkv"}}.get(media.container, {media.container})
    codecs = {track.codec for track in media.video} | {track.codec for track in media.audio}
    if media.container == "matroska" and codecs <= _WEBM_CODECS:
        names = names | {"webm"}
    return bool(names & set(profile.containers))


def _default_audio(media: Media) -> int:
    """What a player of the file itself would choose."""
    marked = (number for number, track in enumerate(media.audio) if track.default)
    return next(marked, 0)


def _against_video(video: VideoStream, profile: ClientProfile) -> list[str]:
    """Why the client cannot play these pictures."""
    reasons: list[str] = []
    if video.codec not in profile.video_codecs:
        reasons.append(f"the client does not play {video.codec}")
    deepest = _H264_DEPTH if video.codec == "h264" else _HEVC_DEPTH
    if video.bit_depth > deepest:
        reasons.append(f"{video.codec} with {video.bit_depth} bits is rarely played")
    if "422" in (video.pixel_format or "") or "444" in (video.pixel_format or ""):
        reasons.append(f"{video.pixel_format} is rarely played")
    if not _shows(video.hdr, profile):
        reasons.append(f"the client does not show {video.hdr.value}")
    return reasons + _too_large(video, profile)


def _too_large(video: VideoStream, profile: ClientProfile) -> list[str]:
    size = ladder.shown(video)
    wide = profile.max_width is not None and size.width > profile.max_width
    high = profile.max_height is not None and size.height > profile.max_height
    reasons = [f"{size.width}x{size.height} is more than the client shows"] if wide or high else []
    limit = profile.max_bitrate_kbps
    if limit is not None and (video.bit_rate or 0) > limit * 1000:
        reasons.append(f"the pictures have more than {limit} kbit/s")
    return reasons


def _shows(hdr: HdrKind, profile: ClientProfile) -> bool:
    match hdr:
        case HdrKind.SDR:
            return True
        case HdrKind.HLG:
            return profile.supports_hlg
        case HdrKind.DOLBY_VISION:
            return profile.supports_dolby_vision
        case _:
            return profile.supports_hdr10


def _against_copying(media: Media, profile: ClientProfile, obstacle: str | None) -> tuple[str, ...]:
    if not media.video:
        return ()
    video = media.video[0]
    reasons = _against_video(video, profile)
    if video.codec not in _HLS_VIDEO:
        reasons.append(f"{video.codec} cannot be sent as HLS")
    return (*reasons, *([obstacle] if obstacle else []))


def _video_offers(
    media: Media, profile: ClientProfile, against_copy: tuple[str, ...], peak: int | None
) -> tuple[VideoOffer, ...]:
    if not media.video:
        return ()
    video = media.video[0]
    encoded = ladder.encodings(video)
    copied = not against_copy
    rate = peak or video.bit_rate or media.bit_rate
    if copied:
        # a rung is for those whose line is too slow for the original
        encoded = [item for item in encoded[1:] if rate is None or item.bit_rate < rate]
    allowed = [item for item in encoded if _allowed(item, profile)]
    if not copied and not allowed:
        allowed = [_squeezed(video, encoded[-1], profile)]
    first = [VideoOffer(rate or _GUESSED_VIDEO)] if copied else []
    return (*first, *(VideoOffer(item.bit_rate, item) for item in allowed))


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


def _against_audio(track: AudioStream, profile: ClientProfile) -> list[str]:
    reasons: list[str] = []
    if track.codec not in profile.audio_codecs:
        reasons.append(f"the client does not play {track.codec}")
    most = profile.max_audio_channels
    if most is not None and track.channels > most:
        reasons.append(f"the client plays {most} channels of {track.channels}")
    return reasons


def _against_copying_audio(track: AudioStream, profile: ClientProfile) -> tuple[str, ...]:
    reasons = _against_audio(track, profile)
    if track.codec not in _HLS_AUDIO:
        reasons.append(f"{track.codec} cannot be sent as HLS")
    return tuple(reasons)


def _audio_offer(number: int, track: AudioStream, profile: ClientProfile) -> AudioOffer:
    if _against_copying_audio(track, profile):
        return AudioOffer(number, track.index, copied=False, channels=2, bit_rate=_AAC_STEREO)
    rate = track.bit_rate or _GUESSED_AUDIO
    return AudioOffer(number, track.index, copied=True, channels=track.channels, bit_rate=rate)


def _subtitle_offers(media: Media) -> tuple[SubtitleOffer, ...]:
    return tuple(
        SubtitleOffer(number, track.index, track.path)
        for number, track in enumerate(media.subtitles)
        if track.codec in TEXT_CODECS
    )


def _file_decision(against: tuple[str, ...]) -> Decision:
    return Decision("file", Method.NONE if against else Method.DIRECT, against)


def _video_decisions(media: Media, against_copy: tuple[str, ...]) -> list[Decision]:
    if not media.video:
        return []
    return [Decision("video", _method(against_copy), against_copy)]


def _audio_decision(track: AudioStream, profile: ClientProfile) -> Decision:
    reasons = _against_copying_audio(track, profile)
    return Decision("audio", _method(reasons), reasons)


def _subtitle_decisions(media: Media) -> list[Decision]:
    return [
        Decision("subtitle", Method.TRANSCODE, (f"{track.codec} becomes WebVTT",))
        if track.codec in TEXT_CODECS
        else Decision("subtitle", Method.NONE, (f"{track.codec} is made of images",))
        for track in media.subtitles
    ]


def _method(reasons: tuple[str, ...]) -> Method:
    return Method.TRANSCODE if reasons else Method.COPY
