"""Silence in the codec of a track, for where a file has no sound. Runs in worker processes.

A player that finds no sound at some place waits there for ever. Which places these are, only who
has read the whole file could say beforehand; so they are filled when they are come upon.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, cast

from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream

from revenge.playback.media import reading

_HOLE = Fraction(1, 10)  # seconds that players bridge
_LONGEST = Fraction(60)  # seconds of silence in one segment, whatever damaged times say
_AFTER_ALL = Fraction(1)  # seconds of silence where the sound has ended before it should

# no packet needs another, or is longer than those of any file
_ENCODERS = {
    "aac": ("aac", {}),
    "mp3": ("libmp3lame", {"reservoir": "0"}),
    "ac3": ("ac3", {}),
    "eac3": ("eac3", {}),
    "opus": ("libopus", {"frame_duration": "20"}),
    "flac": ("flac", {"frame_size": "512"}),
    "alac": ("alac", {}),
}


_HE_AAC = {"HE-AAC", "HE-AACv2"}
_HE_AAC_FRAME = 2048  # samples
_HE_AAC_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 6: "5.1"}  # by the channel configuration


class _Core(NamedTuple):
    """What is encoded of a track, and what decoders make the rest of."""

    rate: int
    layout: str

    @classmethod
    def of(cls, known: AudioCodecContext) -> _Core:
        is_aac = known.codec.canonical_name == "aac"
        if is_aac and (known.profile in _HE_AAC or known.frame_size == _HE_AAC_FRAME):
            return cls(known.sample_rate // 2, _he_aac_layout(known))
        return cls(known.sample_rate, known.layout.name)


def _he_aac_layout(known: AudioCodecContext) -> str:
    """Its second version makes two channels of one (ISO/IEC 14496-3, 1.6.2.1)."""
    header = known.extradata or b""
    configuration = int.from_bytes(header[:2], "big") >> 3 & 0xF  # after type and rate, 9 bits
    likely = "mono" if known.profile == "HE-AACv2" else known.layout.name
    return _HE_AAC_LAYOUTS.get(configuration, likely)


def filled(
    stream: Stream, packets: list[Packet[Stream]], first: int | None, last: int | None
) -> list[Packet[Stream]]:
    """Packets of [first, last) in ticks, with silence in all holes between.

    They stay as they are when there is no encoder that fits.
    """
    _shorten(packets)
    holes = list(_holes(reading.time_base(stream), packets, first, last))
    if not holes:
        return packets
    silent = [packet for start, end in holes for packet in _silence(stream, start, end)]
    return sorted([*packets, *silent], key=lambda packet: packet.pts or 0)


def _holes(
    base: Fraction, packets: Sequence[Packet[Stream]], first: int | None, last: int | None
) -> Iterator[tuple[int, int]]:
    if first is not None and last is None and not packets:
        last = first + int(_AFTER_ALL / base)
    ends = [first, *((packet.pts or 0) + (packet.duration or 0) for packet in packets)]
    starts = [*(packet.pts for packet in packets), last]
    for end, start in zip(ends, starts, strict=True):
        if end is not None and start is not None and (start - end) * base > _HOLE:
            yield end, start


def _shorten(packets: Sequence[Packet[Stream]]) -> None:
    """To what most last: in an MP4, the packet before a hole lasts until the next one."""
    steps = [(b.pts or 0) - (a.pts or 0) for a, b in itertools.pairwise(packets)]
    if steps:
        lasting = statistics.median_low(steps)
        for packet in packets:
            packet.duration = min(packet.duration or lasting, lasting)


def _silence(stream: Stream, start: int, end: int) -> Iterator[Packet[Stream]]:
    if not isinstance(stream, AudioStream):
        return
    base = reading.time_base(stream)
    try:
        encoder = _encoder(stream)
        size = Fraction(encoder.frame_size, encoder.sample_rate) / base
        count = int(min(Fraction(end - start), _LONGEST / base) / size)
        for number, data in enumerate(itertools.islice(_encoded(encoder), count)):
            packet: Packet[Stream] = Packet(data)
            packet.pts = packet.dts = start + int(number * size)
            packet.duration, packet.time_base = int(size), base
            packet.is_keyframe, packet.stream = True, stream
            yield packet
    except (FFmpegError, KeyError, ValueError):
        return


def _encoder(stream: AudioStream) -> AudioCodecContext:
    """Raises KeyError, ValueError or `FFmpegError` when there is none for such sound."""
    known = stream.codec_context
    core = _Core.of(known)
    name, options = _ENCODERS[known.codec.canonical_name]
    encoder = cast("AudioCodecContext", CodecContext.create(name, "w"))
    encoder.options = options
    encoder.sample_rate = core.rate
    encoder.layout = core.layout
    encoder.format = _format(encoder, known.format.name)
    encoder.open()
    return encoder


def _format(encoder: AudioCodecContext, wanted: str) -> str:
    """That of the track where it matters, as it does to lossless codecs."""
    names = [format.name for format in encoder.codec.audio_formats or ()]
    return wanted if wanted in names else names[0]


def _encoded(encoder: AudioCodecContext) -> Iterator[bytes]:
    number = 0
    while True:
        frame = AudioFrame(encoder.format.name, encoder.layout.name, encoder.frame_size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = encoder.sample_rate, number * encoder.frame_size
        number += 1
        for packet in encoder.encode(frame):
            yield bytes(packet)
