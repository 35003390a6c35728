import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.playback.media import boxes, decode_times
from revenge.playback.media.boxes import BoxDamaged


def box(kind: bytes, payload: bytes = b"") -> bytes:
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


def u32(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big", signed=number < 0) for number in numbers)


def fragment(start: int, offsets: list[int], *, version: int = 0) -> bytes:
    """Pictures of ten ticks and a byte each, shown so many ticks after they are decoded."""
    flags = 0x000A01 if offsets else 0x000201  # sizes, composition offsets, where the data is
    samples = b"".join(u32(1, late) for late in offsets) or u32(1)
    tfhd = box(b"tfhd", u32(0x020008, 1, 10))
    tfdt = box(b"tfdt", u32(0, start))
    trun = box(b"trun", u32(version << 24 | flags, len(offsets) or 1, 0) + samples)
    size = len(box(b"moof", box(b"traf", tfhd + tfdt + trun)))
    trun = trun.replace(u32(len(offsets) or 1, 0), u32(len(offsets) or 1, size + 8), 1)
    moof = box(b"moof", box(b"traf", tfhd + tfdt + trun))
    return moof + box(b"mdat", bytes(range(max(1, len(offsets)))))


def test_the_first_picture_is_decoded_when_it_is_shown() -> None:
    assert decode_times.begun_when_shown([100, 130, 110, 120]) == [100, 105, 110, 120]


def test_what_is_not_reordered_is_decoded_when_it_is_shown() -> None:
    assert decode_times.begun_when_shown([100, 110, 120]) == [100, 110, 120]
    assert decode_times.begun_when_shown([100]) == [100]


def test_a_key_frame_that_is_shown_later_is_decoded_shortly_before_what_is_shown_first() -> None:
    assert decode_times.begun_when_shown([120, 100, 110, 150, 130, 140]) == [
        *(95, 100, 110, 120, 130, 140)
    ]


def test_pictures_at_the_same_time_keep_theirs() -> None:
    assert decode_times.begun_when_shown([100, 110, 110, 120]) is None


@given(st.permutations(range(12)))
def test_decode_times_rise_and_are_never_after_the_presentation(order: list[int]) -> None:
    times = [0, *(100 * (1 + place) for place in order)]

    decoded = decode_times.begun_when_shown(times)

    assert decoded is not None
    assert decoded[0] == 0
    assert decoded == sorted(set(decoded))
    assert all(one <= other for one, other in zip(decoded, times, strict=True))


def test_a_fragment_says_so_and_its_data_is_where_it_says() -> None:
    shown = [20, 50, 30, 40, 80, 60, 70]
    before = fragment(5, [time - 10 * n for n, time in enumerate(shown)])

    after = decode_times.aligned(before)

    moof, mdat = boxes.boxes(after)
    run = boxes.find(moof.data, "moof", "traf", "trun")
    assert run is not None
    assert decode_times.shown(moof.data) == [5 + time for time in shown]
    assert decode_times.shown(before) == [5 + time for time in shown]
    assert run.payload[:4] == u32(0x000B01)
    offset = int.from_bytes(run.payload[8:12], "big")
    assert after[offset:] == mdat.payload == bytes(range(7))


def test_pictures_that_are_not_reordered_are_shown_when_they_are_decoded() -> None:
    assert decode_times.shown(fragment(1000, [])) == [1000]


def test_pictures_may_be_shown_before_they_are_decoded() -> None:
    assert decode_times.shown(fragment(1000, [-20, 5], version=1)) == [980, 1015]


def test_sound_stays_as_it_is() -> None:
    sound = fragment(5, [])

    assert decode_times.aligned(sound) == sound


@pytest.mark.parametrize("cut", [30, 60, 80])
def test_half_a_fragment_is_damaged(cut: int) -> None:
    with pytest.raises(BoxDamaged):
        decode_times.aligned(fragment(5, [20, 10, 0])[:cut])


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    with contextlib.suppress(BoxDamaged):
        decode_times.aligned(box(b"moof", box(b"traf", data)))
    with contextlib.suppress(BoxDamaged):
        boxed = box(b"tfhd", data) + box(b"tfdt", data) + box(b"trun", data)
        decode_times.aligned(box(b"moof", box(b"traf", boxed)))
    with contextlib.suppress(BoxDamaged):
        decode_times.shown(box(b"moof", box(b"traf", data)))
