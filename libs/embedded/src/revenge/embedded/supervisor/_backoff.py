"""How long to wait before a process that died is started again."""

from datetime import timedelta

FIRST_S = 0.25
LONGEST_S = 30.0
STEADY_S = 60.0
"""Who was ready for that long before it died has earned a quick restart."""


class Backoff:
    def __init__(self) -> None:
        self._next_s = FIRST_S

    def after(self, ready_for: timedelta) -> timedelta:
        if ready_for.total_seconds() >= STEADY_S:
            self._next_s = FIRST_S
        pause = timedelta(seconds=self._next_s)
        self._next_s = min(self._next_s * 2, LONGEST_S)
        return pause
