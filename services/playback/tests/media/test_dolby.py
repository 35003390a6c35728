from hypothesis import given
from hypothesis import strategies as st

from revenge.playback.media import dolby

PICTURE, RESHAPING, ENHANCEMENT = (bytes([kind << 1, 1]) + b"data" for kind in (1, 62, 63))


def with_lengths(*units: bytes) -> bytes:
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)


def with_codes(*units: bytes) -> bytes:
    return b"".join(b"\0\0\0\1" + unit for unit in units)


def test_only_what_dolby_vision_adds_is_taken_away() -> None:
    mixed = (PICTURE, RESHAPING, PICTURE, ENHANCEMENT)

    assert dolby.without(with_lengths(*mixed), 4) == with_lengths(PICTURE, PICTURE)
    assert dolby.without(with_codes(*mixed), None).count(b"data") == 2


@given(st.binary(max_size=200), st.sampled_from([None, 1, 2, 4]))
def test_nonsense_does_no_harm(data: bytes, prefix: int | None) -> None:
    assert len(dolby.without(data, prefix)) <= len(data)
