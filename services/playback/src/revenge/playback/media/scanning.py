"""The key frames of a file without an index: all of it is read for them, but nothing decoded."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from av.container import InputContainer
from av.video.stream import VideoStream

from revenge.playback.media import reading, transport
from revenge.playback.media.transport import KeyFrame

_SAMPLED = 8  # key frames that both ways of finding them must agree on
_FARTHER = 3  # times as far apart as these: then some were not marked
_BEFORE_ALL = -(1 << 40)  # microseconds: shortly before the clock begins anew, times are below zero
_BACK = 60 * 90_000  # ticks that times may jump back without the clock having begun anew


def key_frames(source: InputContainer, stream: VideoStream, end: int) -> list[KeyFrame]:
    """Without times, there are none. `end` is about where the stream ends, in ticks."""
    is_transport = reading.container_of(source) == "mpegts"
    source.seek(_BEFORE_ALL if is_transport else 0)
    reading.select(source, stream.index)
    demuxed = _rising(_demuxed(source, stream))
    sample = list(itertools.islice(demuxed, _SAMPLED))
    if is_transport and len(sample) == _SAMPLED:
        marked = _marked(source, stream, sample)
        if marked is not None and _gap([*marked, KeyFrame(end, 0)]) <= _FARTHER * _gap(sample):
            return marked
    return [*sample, *demuxed]


def _demuxed(source: InputContainer, stream: VideoStream) -> Iterator[KeyFrame]:
    for packet in source.demux(stream):
        if packet.is_keyframe and packet.size and packet.pts is not None:
            yield KeyFrame(packet.pts, packet.pos or 0)


def _rising(frames: Iterable[KeyFrame]) -> Iterator[KeyFrame]:
    last: int | None = None
    for frame in frames:
        if last is None or frame.stamp > last:
            last = frame.stamp
            yield frame


def _marked(
    source: InputContainer, stream: VideoStream, sample: list[KeyFrame]
) -> list[KeyFrame] | None:
    """All that are marked, if those are the ones of the sample, and no others."""
    frames = transport.key_frames(reading.path_of(source), stream.id)
    marked = _rising(_on_the_clock_of(sample[0], frames))
    try:
        if list(itertools.islice(marked, len(sample))) == sample:
            return [*sample, *marked]
    except transport.Irregular:
        pass
    return None


def _on_the_clock_of(first: KeyFrame, frames: Iterable[KeyFrame]) -> Iterator[KeyFrame]:
    """As libav counts on when the clock begins anew: from somewhat before the first."""
    begin = first.stamp - _BACK
    for frame in frames:
        yield KeyFrame(begin + (frame.stamp - begin) % transport.WRAP, frame.position)


def _gap(frames: list[KeyFrame]) -> int:
    """The largest, in ticks."""
    return max(other.stamp - one.stamp for one, other in itertools.pairwise(frames))
