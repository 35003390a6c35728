from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from revenge.playback.media import cuts

FILM = Fraction(24000, 1001)

ends = st.fractions(Fraction(1, 10), 20_000, max_denominator=1000)
rates = st.sampled_from([Fraction(24), Fraction(25), FILM, Fraction(60000, 1001), Fraction(1, 7)])


def in_seconds(tick: Fraction | int, stamps: Sequence[int]) -> cuts.Keys:
    return cuts.Keys(stamps, Fraction(0), Fraction(tick))


def test_cuts_are_key_frames_and_segments_not_shorter_than_the_target() -> None:
    grid = cuts.on_keys(in_seconds(Fraction(5, 2), range(12)), Fraction(30))

    assert grid.cuts == (0, Fraction(15, 2), 15, Fraction(45, 2), 30)


def test_key_frames_far_apart_make_long_segments() -> None:
    assert cuts.on_keys(in_seconds(40, [0, 1]), Fraction(50)).durations == [40, 10]


def test_the_last_segment_is_never_only_an_instant() -> None:
    assert cuts.on_keys(in_seconds(6, [0, 1]), Fraction(61, 10)).durations == [Fraction(61, 10)]


@given(
    st.lists(st.integers(-2000, 60_000), unique=True).map(sorted),
    st.fractions(-1000, 1000, max_denominator=100),
    st.sampled_from([Fraction(1, 1000), Fraction(1001, 24_000)]),
    st.fractions(1, 100, max_denominator=1000),
)
def test_every_key_frame_that_is_far_enough_from_the_last_cut_is_a_cut(
    stamps: list[int], zero: Fraction, tick: Fraction, end: Fraction
) -> None:
    expected = [Fraction(0)]
    for stamp in stamps:
        position = (stamp - zero) * tick
        if position - expected[-1] >= cuts.COPY_TARGET and end - position >= 1:
            expected.append(position)

    grid = cuts.on_keys(cuts.Keys(stamps, zero, tick), end)

    assert grid.cuts == (*expected, max(end, expected[-1] + Fraction(1, 1000)))


def test_the_grid_of_film_consists_of_whole_frames() -> None:
    grid = cuts.fixed(Fraction(60), FILM)

    assert all((duration * FILM).denominator == 1 for duration in grid.durations[:-1])
    assert grid.durations[0] == Fraction(96) / FILM


@given(ends, rates)
def test_a_grid_covers_the_file_exactly(end: Fraction, rate: Fraction) -> None:
    grid = cuts.fixed(end, rate)

    assert grid.cuts[0] == 0
    assert grid.cuts[-1] == end
    assert all(one < other for one, other in pairwise(grid.cuts))
    assert sum(grid.durations) == end


@given(ends, rates, st.fractions(-1, 21_000, max_denominator=1000))
def test_every_position_has_its_segment(end: Fraction, rate: Fraction, at: Fraction) -> None:
    grid = cuts.fixed(end, rate)

    number = grid.number_at(at)

    assert 0 <= number < len(grid)
    assert at < 0 or at >= end or grid.cuts[number] <= at < grid.cuts[number + 1]


@given(ends, st.sampled_from([8000, 44100, 48000]))
def test_sound_is_cut_between_frames(end: Fraction, rate: int) -> None:
    grid = cuts.on_frames(cuts.fixed(end, FILM), Fraction(1024, rate))

    assert all((cut * rate / 1024).denominator == 1 for cut in grid.cuts)
    assert all(one < other for one, other in pairwise(grid.cuts))
