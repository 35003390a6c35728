from fractions import Fraction

import msgspec
import pytest

from revenge.playback.media import survey as surveys
from revenge.playback.media.survey import Survey, VideoTrack

MEGABYTE = 1_000_000

#: Seven seconds from one key frame to the next, on a clock that begins at ten.
TRACK = VideoTrack(
    index=0,
    time_base=Fraction(1, 1000),
    frame_rate=Fraction(24),
    start=Fraction(10),
    end=Fraction(38),
    keys=(10_000, 17_000, 24_000, 31_000),
    positions=(0, 7 * MEGABYTE, 21 * MEGABYTE, 28 * MEGABYTE),
)


def survey_of(track: VideoTrack) -> Survey:
    return Survey(track.start, track.end - track.start, track)


def test_segments_are_cut_at_positions_from_the_first_picture() -> None:
    grid = surveys.copy_grid(survey_of(TRACK), TRACK)

    assert grid.cuts == (0, 7, 14, 21, 28)


def test_stamps_of_decoding_are_cut_where_they_are_shown() -> None:
    earlier = msgspec.structs.replace(TRACK, keys=tuple(key - 80 for key in TRACK.keys), shift=80)

    assert surveys.copy_grid(survey_of(earlier), earlier).cuts == (0, 7, 14, 21, 28)


def test_the_peak_is_that_of_the_largest_segment() -> None:
    assert surveys.peak_bit_rate(survey_of(TRACK)) == 16 * MEGABYTE


@pytest.mark.parametrize(
    "changed",
    [{"positions": ()}, {"keys": (10_000,), "positions": (0,)}, {"positions": (0, 0, 0, 0)}],
    ids=["no positions", "one key frame", "all at one place"],
)
def test_a_peak_that_cannot_be_known_is_not(changed: dict[str, tuple[int, ...]]) -> None:
    track = msgspec.structs.replace(TRACK, **changed)

    assert surveys.peak_bit_rate(survey_of(track)) is None


def test_key_frames_that_are_too_far_apart_are_an_obstacle() -> None:
    sparse = msgspec.structs.replace(TRACK, end=Fraction(100))

    assert surveys.obstacle_to_copying(survey_of(TRACK)) is None
    assert "too far apart" in (surveys.obstacle_to_copying(survey_of(sparse)) or "")
