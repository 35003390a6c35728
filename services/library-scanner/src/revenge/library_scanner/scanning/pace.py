"""How fast a scan is now, and how long it will take at that."""

from __future__ import annotations

from collections import deque

WINDOW = 15.0  # seconds: what was long ago says little, and a single large file as little
AT_LEAST = 1.0  # seconds before anything is said


class Pace:
    def __init__(self) -> None:
        self._notes: deque[tuple[float, int]] = deque()

    def note(self, seen: int, at: float) -> None:
        """So many files have been dealt with at this moment, in seconds of any clock."""
        self._notes.append((at, seen))
        while at - self._notes[0][0] > WINDOW:
            self._notes.popleft()

    @property
    def rate(self) -> float | None:
        """Files a second, lately; None while that is not known."""
        if not self._notes:
            return None
        (began, before), (now, seen) = self._notes[0], self._notes[-1]
        return (seen - before) / (now - began) if now - began >= AT_LEAST else None

    def seconds_left(self, total: int) -> float | None:
        """None while it is not known how many there are, or nothing moves."""
        rate = self.rate
        if not rate or not total:
            return None
        return max(0, total - self._notes[-1][1]) / rate
