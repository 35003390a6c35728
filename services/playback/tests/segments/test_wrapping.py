from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import av
import pytest
from av.packet import Packet
from av.stream import Stream

from revenge.playback.media import boxes, reading
from revenge.playback.segments import copy, muxing, wrapping
from revenge.playback.testing.rig import Clips

AS_THEY_ARE = ["film.mp4", "film.mkv", "open.mkv", "open.mp4", "opengop.mkv", "changing.mkv"]


class Sample(NamedTuple):
    pts: int | None
    dts: int | None
    duration: int | None
    key: bool
    data: bytes


def samples(path: Path) -> list[Sample]:
    with av.open(str(path)) as source:
        return [
            Sample(packet.pts, packet.dts, packet.duration, packet.is_keyframe, bytes(packet))
            for packet in source.demux(video=0)
            if packet.size
        ]


def groups(source: av.container.InputContainer) -> list[list[Packet[Stream]]]:
    """From key frame to key frame; in Matroska, decode times are not known."""
    stream = reading.select(source, 0)
    packets = [packet for packet in source.demux(stream) if packet.size]
    if reading.container_of(source) == "matroska":
        copy.derive_decode_times(packets, 1000)
    for packet in packets:
        packet.pts, packet.dts = (packet.pts or 0) + 10_000_000, (packet.dts or 0) + 10_000_000
    keys = [number for number, packet in enumerate(packets) if packet.is_keyframe]
    return [packets[one:other] for one, other in pairwise([*keys, len(packets)])]


def by_libav(stream: Stream, packets: list[Packet[Stream]]) -> boxes.Parts:
    into = muxing.Muxed()
    with muxing.muxer(into) as target:
        output = target.add_stream_from_template(stream, opaque=True)
        output.time_base = reading.time_base(stream)
        for packet in packets:
            muxing.write(target, output, packet)
    return into.parts


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_a_fragment_holds_what_that_of_libav_holds(clips: Clips, tmp_path: Path, name: str) -> None:
    one, other = tmp_path / "one.mp4", tmp_path / "other.mp4"
    with av.open(str(clips(name))) as source:
        for packets in groups(source):
            ours = wrapping.fragment(source.streams[0], packets)
            assert ours is not None
            media = b"".join(ours)
            theirs = by_libav(source.streams[0], packets)
            one.write_bytes(theirs.init + media)
            other.write_bytes(theirs.init + theirs.media)

            assert samples(one) == samples(other)


def test_pictures_at_the_same_time_are_left_to_libav(clips: Clips) -> None:
    with av.open(str(clips("film.mp4"))) as source:
        packets = groups(source)[0]
        packets[8].pts = packets[9].pts

        assert wrapping.fragment(source.streams[0], packets) is None


@pytest.mark.parametrize(
    ("base", "ticks"),
    [(Fraction(1, 1000), 16), (Fraction(1, 90_000), 1), (Fraction(1001, 24_000), 1001)],
)
def test_the_clock_is_as_fine_as_libav_makes_it(base: Fraction, ticks: int) -> None:
    assert wrapping.ticks(base) == ticks
