"""How long a process that died has to wait."""

from datetime import timedelta

from revenge.embedded.supervisor._backoff import Backoff

NOT_AT_ALL = timedelta(0)


def test_pauses_double_up_to_half_a_minute() -> None:
    backoff = Backoff()

    pauses = [backoff.after(NOT_AT_ALL).total_seconds() for _ in range(10)]

    assert pauses == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_who_was_ready_for_a_minute_starts_again_at_once() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.after(NOT_AT_ALL)

    pause = backoff.after(timedelta(minutes=2))

    assert pause.total_seconds() == 0.25
