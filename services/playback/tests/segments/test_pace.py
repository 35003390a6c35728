"""How fast a machine encodes, by a clock that the tests turn."""

import pytest

from revenge.playback.segments.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock)


def encode(pace: Pace, clock: Clock, segments: int, seconds: float) -> None:
    """Segments of four units, each in so many seconds."""
    for _ in range(segments):
        with pace.working():
            clock.now += seconds
        pace.made(4)


def test_nothing_is_known_before_anything_is_made(pace: Pace, clock: Clock) -> None:
    assert pace.per_second is None
    encode(pace, clock, 1, 0.5)
    assert pace.per_second is None


@pytest.mark.parametrize("seconds", [0.5, 4.0, 8.0])
def test_it_is_what_is_made_in_a_second(pace: Pace, clock: Clock, seconds: float) -> None:
    encode(pace, clock, 3, seconds)

    assert pace.per_second == pytest.approx(4 / seconds)


def test_a_slow_machine_is_known_after_a_segment(pace: Pace, clock: Clock) -> None:
    encode(pace, clock, 1, 8)

    assert pace.per_second == pytest.approx(0.5)


def test_time_in_which_nobody_waits_does_not_count(pace: Pace, clock: Clock) -> None:
    for _ in range(4):
        encode(pace, clock, 1, 2)
        clock.now += 60

    assert pace.per_second == pytest.approx(2)


def test_what_is_made_side_by_side_is_made_by_one_machine(pace: Pace, clock: Clock) -> None:
    for _ in range(4):
        with pace.working(), pace.working():
            clock.now += 4
        pace.made(4)
        pace.made(4)

    assert pace.per_second == pytest.approx(2, rel=0.2)


def test_what_was_long_ago_is_forgotten(pace: Pace, clock: Clock) -> None:
    encode(pace, clock, 50, 1)
    encode(pace, clock, 8, 4)

    assert pace.per_second == pytest.approx(1)


def test_a_machine_that_makes_nothing_any_more_is_seen_to(pace: Pace, clock: Clock) -> None:
    encode(pace, clock, 8, 1)
    with pace.working():
        clock.now += 29

        assert pace.per_second == pytest.approx(28 / 35)
