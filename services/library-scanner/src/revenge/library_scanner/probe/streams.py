"""PyAV's streams as the contract's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec
from av.audio.stream import AudioStream
from av.stream import AttachmentStream, Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from revenge.contracts import media
from revenge.library_scanner.probe import colors
from revenge.library_scanner.probe.track import Track

_MAX_TEXT = 500
_INTERLACED = (2, 3, 4, 5)  # AVFieldOrder: top or bottom field first, coded or shown
_UNKNOWN = "unknown"
_FASTEST = 1000  # pictures a second
_LONGEST = 1e8  # seconds; who writes more means nothing, nor does "nan"


def text(value: str | None) -> str | None:
    """What a tag says, bounded; None if it says nothing."""
    said = (value or "").strip()[:_MAX_TEXT]
    return said or None


def duration(stream: Stream) -> float | None:
    """Seconds; Matroska keeps them in a tag, `00:42:01.500000000`."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    hours, _, rest = stream.metadata.get("DURATION", "").partition(":")
    minutes, _, seconds = rest.partition(":")
    try:
        said = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except (ValueError, OverflowError):
        return None
    return said if 0 <= said < _LONGEST else None


def videos(every: Iterable[Stream], tracks: Sequence[Track]) -> tuple[media.VideoStream, ...]:
    """Those that move: pictures of covers are attachments."""
    moving = [stream for stream in every if isinstance(stream, VideoStream) and not _still(stream)]
    known = [*tracks, *[Track()] * len(moving)]
    return tuple(_video(stream, track) for stream, track in zip(moving, known, strict=False))


def audios(every: Iterable[Stream]) -> tuple[media.AudioStream, ...]:
    return tuple(_audio(stream) for stream in every if isinstance(stream, AudioStream))


def subtitles(every: Iterable[Stream]) -> tuple[media.SubtitleStream, ...]:
    return tuple(_subtitle(stream) for stream in every if isinstance(stream, SubtitleStream))


def attachments(every: Iterable[Stream]) -> tuple[media.Attachment, ...]:
    return tuple(
        _attachment(stream)
        for stream in every
        if isinstance(stream, AttachmentStream) or _still(stream)
    )


def incomplete(found: media.Media) -> bool:
    """Whether a longer look might tell more: nothing found yet, or a stream without its shape."""
    return not (
        playable(found)
        and all(video.width and video.pixel_format for video in found.video)
        and all(audio.channels and audio.sample_rate for audio in found.audio)
    )


def playable(found: media.Media) -> bool:
    return any(video.width for video in found.video) or any(
        audio.channels and audio.sample_rate for audio in found.audio
    )


def with_hdr(video: media.VideoStream, kind: media.HdrKind) -> media.VideoStream:
    return msgspec.structs.replace(video, hdr=kind)


def _still(stream: Stream) -> bool:
    return stream.type == "video" and bool(stream.disposition & Disposition.attached_pic)


def _video(stream: VideoStream, track: Track) -> media.VideoStream:
    context = stream.codec_context
    if not context:  # ffmpeg was built without this decoder
        return media.VideoStream(index=stream.index, codec=_UNKNOWN, width=0, height=0)
    pixels = context.format
    return media.VideoStream(
        index=stream.index,
        codec=_codec(stream),
        width=context.width,
        height=context.height,
        profile=text(context.profile),
        level=_level(context.level),
        bit_depth=max((part.bits for part in pixels.components), default=8) if pixels else 8,
        pixel_format=context.pix_fmt,
        frame_rate=_frame_rate(stream),
        sample_aspect_ratio=_ratio(stream.sample_aspect_ratio),
        bit_rate=_bit_rate(stream),
        hdr=_hdr(context.color_trc, track),
        dolby_vision_profile=track.dolby_vision.profile if track.dolby_vision else None,
        color_primaries=colors.PRIMARIES.get(context.color_primaries),
        color_transfer=colors.TRANSFERS.get(context.color_trc),
        color_space=colors.SPACES.get(context.colorspace),
        rotation=track.rotation,
        interlaced=context.field_order in _INTERLACED,
        language=_language(stream),
        title=_title(stream),
        default=bool(stream.disposition & Disposition.default),
        duration=duration(stream),
    )


def _audio(stream: AudioStream) -> media.AudioStream:
    context = stream.codec_context
    if not context:
        return media.AudioStream(index=stream.index, codec=_UNKNOWN, channels=0, sample_rate=0)
    disposition = stream.disposition
    return media.AudioStream(
        index=stream.index,
        codec=_codec(stream),
        channels=context.channels,
        sample_rate=context.sample_rate or 0,
        layout=text(context.layout.name) if context.channels else None,
        profile=text(context.profile),
        bit_rate=_bit_rate(stream),
        language=_language(stream),
        title=_title(stream),
        default=bool(disposition & Disposition.default),
        forced=bool(disposition & Disposition.forced),
        original=bool(disposition & Disposition.original),
        commentary=bool(disposition & Disposition.comment),
        hearing_impaired=bool(disposition & Disposition.hearing_impaired),
        visual_impaired=bool(disposition & Disposition.visual_impaired),
    )


def _subtitle(stream: SubtitleStream) -> media.SubtitleStream:
    disposition = stream.disposition
    return media.SubtitleStream(
        codec=_codec(stream),
        index=stream.index,
        language=_language(stream),
        title=_title(stream),
        default=bool(disposition & Disposition.default),
        forced=bool(disposition & Disposition.forced),
        hearing_impaired=bool(disposition & Disposition.hearing_impaired),
    )


def _attachment(stream: Stream) -> media.Attachment:
    said = stream.metadata
    kind = f"image/{_codec(stream)}".replace("mjpeg", "jpeg") if _still(stream) else None
    return media.Attachment(
        index=stream.index,
        name=text(said.get("filename") or said.get("title") or said.get("comment")) or "unnamed",
        mime_type=text(said.get("mimetype")) or kind,
    )


def _codec(stream: Stream) -> str:
    context = stream.codec_context
    return context.codec.canonical_name if context else _UNKNOWN


def _hdr(transfer: int, track: Track) -> media.HdrKind:
    if track.dolby_vision:
        return media.HdrKind.DOLBY_VISION
    if transfer == colors.PQ:
        return media.HdrKind.HDR10
    return media.HdrKind.HLG if transfer == colors.HLG else media.HdrKind.SDR


def _level(level: int | None) -> int | None:
    return level if level is not None and level >= 0 else None


def _frame_rate(stream: VideoStream) -> str | None:
    """The nominal rate if the average is but its rounding, else the average."""
    average, guessed = stream.average_rate, stream.guessed_rate
    if average and average > _FASTEST:
        average = None  # the clock of a raw DV, say, and not its pictures
    if average and guessed and abs(guessed - average) < average / 100:
        return _fraction(guessed)
    return _fraction(average or guessed)


def _fraction(rate: Fraction | None) -> str | None:
    return f"{rate.numerator}/{rate.denominator}" if rate else None


def _ratio(ratio: Fraction | None) -> str | None:
    return f"{ratio.numerator}:{ratio.denominator}" if ratio else None


def _bit_rate(stream: VideoStream | AudioStream) -> int | None:
    if stream.bit_rate:
        return stream.bit_rate
    # mkvmerge's statistics; the tag's language may be glued on
    said = stream.metadata.get("BPS") or stream.metadata.get("BPS-eng") or ""
    return int(said) if said.isdecimal() and len(said) < 13 else None  # noqa: PLR2004 no terabits


def _language(stream: Stream) -> str | None:
    said = text(stream.language)
    return said if said not in (None, "und") else None


def _title(stream: Stream) -> str | None:
    return text(stream.metadata.get("title"))
