"""The small readers of MP4 and Matroska never fail, whatever they read."""

import io

from hypothesis import given
from hypothesis import strategies as st

from revenge.library_scanner.probe import matroska, mp4
from revenge.library_scanner.probe.track import quarter_turns

BOXES = st.sampled_from([b"moov", b"trak", b"mdia", b"hdlr", b"minf", b"stbl", b"stsd", b"tkhd"])


def nest(names: list[bytes], content: bytes) -> bytes:
    for name in reversed(names):
        content = (8 + len(content)).to_bytes(4, "big") + name + content
    return content


@given(st.lists(BOXES, max_size=8), st.binary(max_size=200))
def test_no_boxes_make_the_mp4_reader_fail(names: list[bytes], content: bytes) -> None:
    raw = nest([b"moov", *names], content)

    mp4.read_tracks(io.BytesIO(raw), len(raw))


@given(st.binary(max_size=200))
def test_no_elements_make_the_matroska_reader_fail(content: bytes) -> None:
    raw = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + content

    matroska.read_tracks(io.BytesIO(raw), len(raw))


@given(st.binary(max_size=100))
def test_no_track_makes_the_matroska_reader_fail(content: bytes) -> None:
    entry = b"\xae" + (0x4000 | len(content) + 3).to_bytes(2, "big") + b"\x83\x81\x01" + content
    tracks = b"\x16\x54\xae\x6b" + (0x4000 | len(entry)).to_bytes(2, "big") + entry
    raw = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + tracks

    assert len(matroska.read_tracks(io.BytesIO(raw), len(raw))) == 1


def test_a_box_of_no_size_reaches_to_the_end() -> None:
    raw = b"\0\0\0\0moov"

    assert mp4.read_tracks(io.BytesIO(raw), len(raw)) == ()


def test_turns_are_rounded_to_quarters() -> None:
    assert [quarter_turns(turn) for turn in (0, 89.9, 180, -90, 360, 44)] == [0, 90, 180, 270, 0, 0]
