"""How fast a scan is, and how long it takes from here."""

import pytest

from revenge.library_scanner.scanning.pace import WINDOW, Pace


def paced(*notes: tuple[float, int]) -> Pace:
    pace = Pace()
    for at, seen in notes:
        pace.note(seen, at)
    return pace


def test_nothing_is_said_before_anything_is_known() -> None:
    pace = paced()

    assert (pace.rate, pace.seconds_left(100)) == (None, None)


def test_nothing_is_said_after_a_moment() -> None:
    assert paced((0.0, 0), (0.25, 50)).rate is None


def test_the_rate_is_what_was_seen_in_the_time_that_it_took() -> None:
    assert paced((10.0, 0), (11.0, 30), (12.0, 100)).rate == pytest.approx(50)


def test_what_is_left_takes_as_long_as_its_share() -> None:
    assert paced((0.0, 0), (2.0, 100)).seconds_left(400) == pytest.approx(6)


def test_only_the_last_seconds_count() -> None:
    pace = paced((0.0, 0), (1.0, 100_000))
    for second in range(30):
        pace.note(100_000 + second, 2.0 + second)

    assert WINDOW < 30
    assert pace.rate == pytest.approx(1)


def test_while_nothing_moves_no_end_is_promised() -> None:
    pace = paced((0.0, 7), (5.0, 7))

    assert (pace.rate, pace.seconds_left(100)) == (0, None)


def test_while_the_total_is_unknown_no_end_is_promised() -> None:
    assert paced((0.0, 0), (5.0, 50)).seconds_left(0) is None


def test_more_than_was_expected_takes_no_time() -> None:
    assert paced((0.0, 0), (5.0, 50)).seconds_left(40) == 0
