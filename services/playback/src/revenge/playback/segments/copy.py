"""Copied segments: packets of the file in a new wrapping. Runs in worker processes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from revenge.playback.media import adts, boxes, dolby, reading
from revenge.playback.pool import work
from revenge.playback.segments import muxing, silence, wrapping

#: More than any sane segment has; what is larger would fill the worker's memory.
LARGEST = 256 << 20  # bytes

# How far before its time a key frame is looked for, in seconds, in containers without an index.
_BACK = (Fraction(0), Fraction(2), Fraction(10), Fraction(60))
_AUDIO_BACK = Fraction(1)  # audio may lie this far from the pictures of its time in the file


def init_segment(order: work.CopyInit) -> bytes:
    with reading.opened(order.path, seeking=True) as source:
        stream = reading.select(source, order.index)
        reading.to_first_key(source, stream)
        first = next((packet for packet in source.demux(stream) if packet.size), None)
        if first is None:
            raise reading.NoMedia
        first.pts = first.dts = 0
        packets = _layers(stream, [first], base_only=order.base_layer)
        return dolby.labelled(_muxed(stream, packets, vision=not order.base_layer).init)


def video_segment(order: work.CopyVideo) -> work.Product:
    with reading.opened(order.path, seeking=True) as source:
        stream = reading.select(source, order.track.index)
        packets = _video_packets(source, stream, order)
        if order.track.reorder is not None:
            derive_decode_times(packets, order.track.reorder)
        _delay(packets, order.delay)
        return _wrapped(stream, _layers(stream, packets, base_only=order.base_layer))


def audio_segment(order: work.CopyAudio) -> bytes:
    with reading.opened(order.path, seeking=order.first is not None) as source:
        video = next(iter(source.streams.video), None)
        stream = reading.select(source, order.track.index)
        if order.first is not None:
            seek_audio(source, stream, video, order.first)
        heard = list(rising(list(_between(source, stream, order.first, order.last))))
        packets = silence.filled(stream, heard, order.first, order.last)
        for packet in packets:
            packet.dts = packet.pts
        _delay(packets, order.delay)
        return _muxed(stream, packets).media


def rising(packets: Sequence[Packet[Stream]]) -> Iterator[Packet[Stream]]:
    """Each after the one before; without what would be heard at the same time as the next.

    Containers that say the time of few packets let libav guess the others. A guess that falls upon
    what is said comes too late: the packet follows the one before.
    """
    last, end = -math.inf, None
    for packet, later in itertools.zip_longest(packets, packets[1:]):
        time = packet.pts or 0
        limit = math.inf if later is None else later.pts or 0
        if time >= limit and end is not None:
            time = end
        if not last < time < limit:
            continue
        packet.pts, last, end = time, time, time + (packet.duration or 0)
        yield packet


def derive_decode_times(packets: list[Packet[Stream]], reorder: int) -> None:
    """Rising, never after the presentation, and a constant delay apart from segment to segment."""
    stamps = sorted(packet.pts or 0 for packet in packets)
    before: int | None = None
    for packet, stamp in zip(reversed(packets), reversed(stamps), strict=True):
        time = min(stamp - reorder, packet.pts or 0)
        packet.dts = before = time if before is None else min(time, before - 1)


def _video_packets(
    source: InputContainer, stream: Stream, order: work.CopyVideo
) -> list[Packet[Stream]]:
    """In decoding order from key frame to key frame.

    So the leading pictures of an open group stay with the key frame that they need, although they
    are shown before it.
    """
    packets: list[Packet[Stream]] = []
    if order.first is None:
        reading.to_first_key(source, stream)
    for back in _BACK:
        if order.first is not None:
            target = order.first - muxing.ticks(back, order.track.time_base)
            source.seek(target, stream=stream)
        packets = list(_from_key(source, stream, order))
        reached = packets and _stamp(packets[0], order) == order.first
        if order.first is None or order.track.indexed or reached:
            break
    return packets


def _from_key(
    source: InputContainer, stream: Stream, order: work.CopyVideo
) -> Iterator[Packet[Stream]]:
    started = False
    for packet in _sized(source, stream):
        if not started and packet.pts is None:
            continue  # Matroska has no times below zero: nothing can be shown of these
        if packet.is_keyframe and order.last is not None and _stamp(packet, order) >= order.last:
            return
        if packet.is_keyframe and not started:
            started = order.first is None or _stamp(packet, order) >= order.first
        if started:
            yield packet
            if order.alone:
                return


def _stamp(packet: Packet[Stream], order: work.CopyVideo) -> int:
    time = packet.dts if order.track.by_decode_time else packet.pts
    if time is None:
        raise reading.MediaUnreadable("a key frame without a time")
    return time


def seek_audio(source: InputContainer, stream: Stream, video: Stream | None, first: int) -> None:
    """By the pictures' index, when the container has none for the sound (Matroska)."""
    if video is None or reading.container_of(source) != "matroska":
        back = muxing.ticks(_AUDIO_BACK, reading.time_base(stream))
        source.seek(first - back, stream=stream)
        return
    seconds = first * reading.time_base(stream) - _AUDIO_BACK
    source.seek(muxing.ticks(seconds, reading.time_base(video)), stream=video)


def _between(
    source: InputContainer, stream: Stream, first: int | None, last: int | None
) -> Iterator[Packet[Stream]]:
    for packet in _sized(source, stream):
        if packet.pts is None:
            raise reading.MediaUnreadable("sound without a time")
        if last is not None and packet.pts >= last:
            return
        if first is None or packet.pts >= first:
            yield packet


def _sized(source: InputContainer, stream: Stream) -> Iterator[Packet[Stream]]:
    total = 0
    for packet in source.demux(stream):
        if not packet.size:
            continue
        total += packet.size
        if total > LARGEST:
            raise reading.MediaUnreadable("a segment would be too large")
        yield packet


def _delay(packets: list[Packet[Stream]], delay: int) -> None:
    for packet in packets:
        if packet.pts is None or packet.dts is None:
            raise reading.MediaUnreadable("a packet without a time")
        packet.pts += delay
        packet.dts += delay


def _layers(
    stream: Stream, packets: list[Packet[Stream]], *, base_only: bool
) -> list[Packet[Stream]]:
    if base_only and stream.codec_context.name == "hevc":
        return [dolby.base_layer(stream, packet) for packet in packets]
    return packets


def _wrapped(stream: Stream, packets: list[Packet[Stream]]) -> work.Product:
    if not packets:
        raise reading.NoMedia
    as_they_are = wrapping.fragment(stream, packets) if reading.is_as_in_mp4(stream) else None
    return as_they_are or _muxed(stream, packets).media


def _muxed(stream: Stream, packets: list[Packet[Stream]], *, vision: bool = False) -> boxes.Parts:
    if not packets:
        raise reading.NoMedia
    into = muxing.Muxed()
    with muxing.muxer(into, vision=vision) as target:
        output = _output(target, stream, packets[0])
        for packet in packets:
            muxing.write(target, output, adts.stripped(packet))
    return into.parts


def _output(target: OutputContainer, stream: Stream, first: Packet[Stream]) -> Stream:
    header = adts.header_of(first)
    # opaque: nothing will be encoded, so that there need not be an encoder of this name
    output = target.add_stream_from_template(stream, opaque=header is None)
    output.time_base = reading.time_base(stream)
    if stream.codec_context.name == "hevc":
        output.codec_tag = "hvc1"  # Apple plays no hev1
    if header is not None:
        output.codec_context.extradata = header.audio_specific_config
    return output
