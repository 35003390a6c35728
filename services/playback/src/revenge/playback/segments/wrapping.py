"""A fragment around pictures that go into it as they are in the file. Runs in worker processes.

libav's muxer gives the same, but copies all pictures several times on their way, which takes longer
than all else that a segment needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

from revenge.playback.media import decode_times, moof, reading

_FINEST = 10_000  # libav's muxer doubles the ticks per second until there are so many


def fragment(stream: Stream, packets: Sequence[Packet[Stream]]) -> list[bytes | memoryview] | None:
    """With the clock that libav gives to the track of this stream; None where times do not rise.

    Raises `BoxDamaged`.
    """
    tick = ticks(reading.time_base(stream))
    shown = [(packet.pts or 0) * tick for packet in packets]
    decoded = decode_times.begun_when_shown(shown)
    if decoded is None:
        return None
    ends = [*decoded[1:], decoded[-1] + (packets[-1].duration or 0) * tick]
    samples = [
        moof.Sample(end - time, packet.size, packet.is_keyframe, at - time)
        for packet, time, end, at in zip(packets, decoded, ends, shown, strict=True)
    ]
    return [moof.head(decoded[0], samples), *(memoryview(packet) for packet in packets)]


def ticks(base: Fraction) -> int:
    """Of the track, in one of the stream."""
    scale = base.denominator
    while scale < _FINEST:
        scale *= 2
    return scale // base.denominator * base.numerator
