import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.playback.media import boxes
from revenge.playback.media.boxes import BoxDamaged
from revenge.playback.testing.rig import Clips


def box(kind: bytes, payload: bytes = b"") -> bytes:
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


def test_a_file_is_parted_before_its_first_fragment() -> None:
    parts = boxes.split(box(b"ftyp") + box(b"moov") + box(b"moof") + box(b"mdat", b"media"))

    assert parts.init == box(b"ftyp") + box(b"moov")
    assert parts.media == box(b"moof") + box(b"mdat", b"media")


def test_a_large_box_has_its_size_behind_its_name() -> None:
    large = b"\0\0\0\x01mdat" + (20).to_bytes(8, "big") + b"data"

    assert [found.payload for found in boxes.boxes(large)] == [b"data"]


def test_a_box_without_a_size_reaches_to_the_end() -> None:
    assert [found.payload for found in boxes.boxes(b"\0\0\0\0mdatdata")] == [b"data"]


def test_boxes_are_found_inside_boxes() -> None:
    found = boxes.find(box(b"moov", box(b"free") + box(b"trak", box(b"mdia", b"x"))),
                       "moov", "trak", "mdia")  # fmt: skip

    assert found is not None
    assert found.payload == b"x"
    assert boxes.find(box(b"moov"), "moov", "trak") is None


@pytest.mark.parametrize("data", [b"\0\0\0", b"\0\0\0\x07free", b"\0\0\0\x10free"])
def test_half_a_box_is_damaged(data: bytes) -> None:
    with pytest.raises(BoxDamaged):
        list(boxes.boxes(data))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_in_another_way(data: bytes) -> None:
    with contextlib.suppress(BoxDamaged):
        list(boxes.boxes(data))
    with contextlib.suppress(BoxDamaged):
        boxes.split(data)


@pytest.mark.parametrize(
    ("name", "fragmented"),
    [("short.mp4", False), ("front.mp4", False), ("fragments.mp4", True), ("short.mkv", False)],
)
def test_a_fragmented_file_is_told_by_its_first_boxes(
    clips: Clips, name: str, *, fragmented: bool
) -> None:
    assert boxes.is_fragmented(str(clips(name))) is fragmented
