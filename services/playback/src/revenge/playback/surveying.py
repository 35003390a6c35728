"""Surveying a file with libav: its key frames by the container's index, or by a scan of packets."""

import itertools
from fractions import Fraction
from typing import NamedTuple

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from revenge.playback import reading
from revenge.playback.survey import AudioTrack, Survey, VideoTrack

_DEFAULT_RATE = Fraction(25)
_SAMPLED = 250  # packets that show how far pictures are reordered
_INDEX_GAP = 60  # seconds at the end that an index may leave out

_MICROSECOND = Fraction(1, 1_000_000)


class _Keys(NamedTuple):
    stamps: list[int]
    positions: list[int]
    end: int | None = None  # ticks, when it was seen


def survey(path: str) -> Survey:
    with reading.opened(path) as source:
        video = _first_video(source)
        track = _video_track(source, video) if video is not None else None
        origin = track.start if track else _audio_start(source)
        audio = tuple(_audio_track(source, stream) for stream in source.streams.audio)
        ends = [item.end for item in (track, *audio) if item is not None]
        if not ends:
            raise reading.MediaUnreadable("there is neither picture nor sound")
        return Survey(origin, max(ends) - origin, track, audio)


def _first_video(source: InputContainer) -> VideoStream | None:
    """Covers of albums are video streams too."""
    moving = (
        stream
        for stream in source.streams.video
        if not stream.disposition & Disposition.attached_pic
    )
    return next(moving, None)


def _video_track(source: InputContainer, stream: VideoStream) -> VideoTrack:
    base = reading.time_base(stream)
    rate = stream.average_rate or stream.guessed_rate or _DEFAULT_RATE
    container = reading.container_of(source)
    keys, indexed = _indexed_keys(source, stream), True
    if keys is None:
        keys, indexed = _scanned_keys(source, stream), False
    first = stream.start_time if stream.start_time is not None else 0
    by_decode_time = indexed and container == "mov"
    return VideoTrack(
        index=stream.index,
        time_base=base,
        frame_rate=rate,
        start=first * base,
        end=keys.end * base if keys.end is not None else _end(source, stream),
        keys=tuple(keys.stamps),
        positions=tuple(keys.positions),
        by_decode_time=by_decode_time,
        shift=first - keys.stamps[0] if by_decode_time else 0,
        reorder=_reorder(source, stream) if container == "matroska" else None,
        indexed=indexed,
        copyable=bool(keys.stamps),
    )


def _indexed_keys(source: InputContainer, stream: VideoStream) -> _Keys | None:
    """None when the container has no index, or one that does not reach the end."""
    if reading.container_of(source) not in reading.INDEXED:
        return None
    if reading.container_of(source) == "matroska" and source.duration:
        source.seek(source.duration // 2)  # reads the Cues
    entries = [entry for entry in stream.index_entries if entry.is_keyframe]
    if not entries or not _reaches_the_end(source, stream, entries[-1].timestamp):
        return None
    return _Keys([entry.timestamp for entry in entries], [entry.pos for entry in entries])


def _reaches_the_end(source: InputContainer, stream: VideoStream, last: int) -> bool:
    return _end(source, stream) - last * reading.time_base(stream) <= _INDEX_GAP


def _scanned_keys(source: InputContainer, stream: VideoStream) -> _Keys:
    """Reads the whole file, but decodes nothing. Without times, there are no keys."""
    source.seek(0)
    reading.select(source, stream.index)
    stamps: list[int] = []
    positions: list[int] = []
    end = None
    for packet in source.demux(stream):
        if not packet.size or packet.pts is None:
            continue
        end = max(end or packet.pts, packet.pts + (packet.duration or 0))
        if packet.is_keyframe and (not stamps or packet.pts > stamps[-1]):
            stamps.append(packet.pts)
            positions.append(packet.pos or 0)
    return _Keys(stamps, positions, end)


def _reorder(source: InputContainer, stream: VideoStream) -> int:
    """How much later than decoded a picture may be shown, in ticks.

    Matroska stores no decode times. A picture's is that of the picture which is shown when as many
    have been decoded, minus a delay that no picture of the file exceeds; one frame is added for
    those that were not looked at.
    """
    source.seek(0)
    sampled = itertools.islice(source.demux(stream), _SAMPLED)
    stamps = [packet.pts for packet in sampled if packet.size and packet.pts is not None]
    late = [shown - stamp for shown, stamp in zip(sorted(stamps), stamps, strict=True)]
    rate = stream.average_rate or stream.guessed_rate or _DEFAULT_RATE
    frame = round(1 / rate / reading.time_base(stream))
    return max(late) + frame if late and max(late) > 0 else 0


def _audio_start(source: InputContainer) -> Fraction:
    starts = [
        stream.start_time * reading.time_base(stream)
        for stream in source.streams.audio
        if stream.start_time is not None
    ]
    return min(starts, default=Fraction(0))


def _audio_track(source: InputContainer, stream: AudioStream) -> AudioTrack:
    return AudioTrack(
        index=stream.index,
        time_base=reading.time_base(stream),
        sample_rate=stream.codec_context.sample_rate,
        end=_end(source, stream),
    )


def _end(source: InputContainer, stream: Stream) -> Fraction:
    """By the track's own duration, its DURATION tag (Matroska), or that of the container."""
    start = (stream.start_time or 0) * reading.time_base(stream)
    if stream.duration:
        return start + stream.duration * reading.time_base(stream)
    tagged = _tagged_duration(stream.metadata.get("DURATION", ""))
    if tagged:
        return max(tagged, start)
    # libav's type says int, and libav None
    opened = Fraction(source.start_time or 0) * _MICROSECOND
    return max(opened + (source.duration or 0) * _MICROSECOND, start)


def _tagged_duration(tag: str) -> Fraction | None:
    """`00:01:00.019000000`, counted from the file's zero; None when it is something else."""
    parts = tag.strip().split(":")
    try:
        hours, minutes, seconds = (Fraction(part) for part in parts)
    except ValueError:
        return None
    return hours * 3600 + minutes * 60 + seconds
