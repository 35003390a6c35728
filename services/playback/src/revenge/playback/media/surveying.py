"""Surveying a file with libav: its key frames by the container's index, or by a scan of packets."""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.index import IndexEntry
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from revenge.playback.media import boxes, matroska, reading, scanning
from revenge.playback.media.survey import AudioTrack, Survey, VideoTrack
from revenge.playback.pool import work

_DEFAULT_RATE = Fraction(25)
_SAMPLED = 250  # packets that show how far pictures are reordered
_GLANCED = 25  # of pictures whose decode times are made anew, unless their times do not rise
_INDEX_GAP = 60  # seconds at the end that an index may leave out

_EARLIEST = -(1 << 62)  # ticks
_MICROSECOND = Fraction(1, 1_000_000)


class _Keys(NamedTuple):
    stamps: list[int]
    positions: list[int]


#: When each stream ends, by its index, in seconds on the file's own clock.
_Ends = dict[int, Fraction]


def product(order: work.MakeSurvey) -> bytes:
    return work.encode(survey(order.path, whole=order.whole))[work.LENGTH.size :]


def survey(path: str, *, whole: bool = False) -> Survey:
    """Complete when the file has an index, or when it may be read as a `whole`."""
    with reading.opened(path) as source:
        video = _first_video(source)
        if video is None:
            return _of_sound(source)
        opening = _opening(source, video)
        keys = _indexed_keys(source, video)
        indexed = keys is not None
        if keys is None and (whole or not _says_how_long(source)):
            keys = _scanned_keys(source, video)
        ends = _ends_after(source, video, keys, indexed=indexed)
        track = _video_track(source, video, opening, keys, ends, indexed=indexed)
        audio = tuple(_audio_track(source, stream, ends) for stream in source.streams.audio)
        last = max([track.end, *(item.end for item in audio)])
        return Survey(track.start, last - track.start, track, audio, keys is not None)


def _of_sound(source: InputContainer) -> Survey:
    audio = tuple(_audio_track(source, stream, {}) for stream in source.streams.audio)
    if not audio:
        raise reading.MediaUnreadable("there is neither picture nor sound")
    origin = min((track.start for track in audio if track.start is not None), default=Fraction(0))
    return Survey(origin, max(track.end for track in audio) - origin, None, audio)


def _first_video(source: InputContainer) -> VideoStream | None:
    """Covers of albums are video streams too."""
    moving = (
        stream
        for stream in source.streams.video
        if not stream.disposition & Disposition.attached_pic
    )
    return next(moving, None)


def _video_track(
    source: InputContainer,
    stream: VideoStream,
    opening: list[int],
    keys: _Keys | None,
    ends: _Ends,
    *,
    indexed: bool,
) -> VideoTrack:
    stamps = keys.stamps if keys else []
    first = opening[0] if opening else stream.start_time or 0
    by_decode_time = indexed and reading.container_of(source) == "mov"
    return VideoTrack(
        index=stream.index,
        time_base=reading.time_base(stream),
        frame_rate=_frame_rate(stream),
        start=first * reading.time_base(stream),
        end=ends.get(stream.index) or _end(source, stream),
        keys=tuple(stamps),
        positions=tuple(keys.positions) if keys else (),
        by_decode_time=by_decode_time,
        shift=first - stamps[0] if by_decode_time else 0,
        reorder=_reorder(stream, opening) if _is_matroska(source) else None,
        indexed=indexed,
        copyable=keys is None or bool(stamps),
        orderly=indexed and (by_decode_time or stamps[0] <= first),
        tag=stream.codec_context.codec_tag if reading.container_of(source) == "mov" else "",
    )


def _frame_rate(stream: VideoStream) -> Fraction:
    return stream.average_rate or stream.guessed_rate or _DEFAULT_RATE


def _indexed_keys(source: InputContainer, stream: VideoStream) -> _Keys | None:
    """None when the container has no index, or one that does not reach the end."""
    if not source.duration or not _has_index(source):
        return None
    if _is_matroska(source):
        source.seek(source.duration // 2)  # reads the Cues
    entries = [entry for entry in _key_entries(stream) if entry.pos < source.size]
    if not entries:
        return None
    if not _is_cut_off(source, stream) and not _reaches_the_end(source, stream, entries[-1]):
        return None
    return _Keys([entry.timestamp for entry in entries], [entry.pos for entry in entries])


def _key_entries(stream: VideoStream) -> Iterator[IndexEntry]:
    """By searching: an MP4 lists all pictures, and to look at each would take too long."""
    entries, after = stream.index_entries, _EARLIEST
    while (found := entries.search_timestamp(after, backward=False)) >= 0:
        entry = entries[found]
        yield entry
        after = entry.timestamp + 1


def _has_index(source: InputContainer) -> bool:
    match reading.container_of(source):
        case "matroska":
            return matroska.has_index(reading.path_of(source))
        case "mov":
            return not boxes.is_fragmented(reading.path_of(source))
        case _:
            return False


def _says_how_long(source: InputContainer) -> bool:
    """A fragmented MP4 has a header for every fragment, and libav knows only of the first ones."""
    fragmented = reading.container_of(source) == "mov" and not _has_index(source)
    return bool(source.duration) and not fragmented


def _is_cut_off(source: InputContainer, stream: VideoStream) -> bool:
    """Its index knows of more than there is."""
    entries = stream.index_entries
    return bool(entries) and entries[-1].pos + entries[-1].size > source.size


def _reaches_the_end(source: InputContainer, stream: VideoStream, last: IndexEntry) -> bool:
    return _end(source, stream) - last.timestamp * reading.time_base(stream) <= _INDEX_GAP


def _ends_after(
    source: InputContainer, video: VideoStream, keys: _Keys | None, *, indexed: bool
) -> _Ends:
    """By what comes after the last key frame: the file may end before its header says so.

    Nothing, when that is not known, or when the tables of an MP4 say it for every packet.
    """
    if keys is None or not keys.stamps:
        return {}
    if indexed and reading.container_of(source) == "mov" and not _is_cut_off(source, video):
        return {}
    ends: _Ends = {}
    for stream in source.streams:
        stream.discard = Discard.default
    source.seek(keys.stamps[-1], stream=video)
    for packet in source.demux([*source.streams.video, *source.streams.audio]):
        if packet.size and packet.pts is not None:
            index = packet.stream.index
            end = (packet.pts + (packet.duration or 0)) * reading.time_base(packet.stream)
            ends[index] = max(ends.get(index, end), end)
    return ends


def _scanned_keys(source: InputContainer, stream: VideoStream) -> _Keys:
    end = round(_end(source, stream) / reading.time_base(stream))
    frames = scanning.key_frames(source, stream, end)
    return _Keys([frame.stamp for frame in frames], [frame.position for frame in frames])


def _opening(source: InputContainer, stream: VideoStream) -> list[int]:
    """When the first pictures are shown: libav knows it of Matroska only if it decodes them.

    Empty for other containers. The file must be at its beginning.
    """
    if not _is_matroska(source):
        return []
    sampled = itertools.islice(source.demux(stream), _SAMPLED)
    stamps = (packet.pts for packet in sampled if packet.size and packet.pts is not None)
    return list(itertools.islice(stamps, _GLANCED if reading.is_as_in_mp4(stream) else _SAMPLED))


def _reorder(stream: VideoStream, stamps: list[int]) -> int:
    """How much later than decoded a picture may be shown, in ticks.

    Matroska stores no decode times. A picture's is that of the picture which is shown when as many
    have been decoded, minus a delay that no picture of the file exceeds; one frame is added for
    those that were not looked at.
    """
    late = [shown - stamp for shown, stamp in zip(sorted(stamps), stamps, strict=True)]
    frame = round(1 / _frame_rate(stream) / reading.time_base(stream))
    return max(late) + frame if late and max(late) > 0 else 0


def _audio_track(source: InputContainer, stream: AudioStream, ends: _Ends) -> AudioTrack:
    base, start = reading.time_base(stream), stream.start_time
    return AudioTrack(
        index=stream.index,
        time_base=base,
        sample_rate=stream.codec_context.sample_rate,
        end=ends.get(stream.index) or _end(source, stream),
        start=None if start is None else start * base,
    )


def _end(source: InputContainer, stream: Stream) -> Fraction:
    """By the track's own duration, its DURATION tag (Matroska), or that of the container."""
    start = (stream.start_time or 0) * reading.time_base(stream)
    if stream.duration and not _is_matroska(source):
        return start + stream.duration * reading.time_base(stream)
    tagged = _tagged_duration(stream.metadata.get("DURATION", ""))
    if tagged:
        return max(tagged, start)
    # Matroska counts from zero; libav's type says int, and libav None
    opened = 0 if _is_matroska(source) else Fraction(source.start_time or 0) * _MICROSECOND
    return max(opened + (source.duration or 0) * _MICROSECOND, start)


def _is_matroska(source: InputContainer) -> bool:
    return reading.container_of(source) == "matroska"


def _tagged_duration(tag: str) -> Fraction | None:
    """`00:01:00.019000000`, counted from the file's zero; None when it is something else."""
    parts = tag.strip().split(":")
    try:
        hours, minutes, seconds = (Fraction(part) for part in parts)
    except ValueError:
        return None
    return hours * 3600 + minutes * 60 + seconds
