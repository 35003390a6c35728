"""How much is encoded in a second, by what was encoded last."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import NamedTuple

_LAST = 8  # segments
_SURE = 3  # segments after the first, when they come fast
_SURE_S = 5.0  # seconds, when they do not


class _Mark(NamedTuple):
    at: float  # seconds of work
    amount: float


class Pace:
    """Only time in which somebody waits for ffmpeg counts, and no matter how many: it is shared."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting = 0
        self._since = 0.0
        self._worked = 0.0  # seconds, until `_since`
        self._marks: deque[_Mark] = deque([_Mark(0.0, 0.0)], _LAST)

    @contextmanager
    def working(self) -> Generator[None, None, None]:
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def made(self, amount: float) -> None:
        """In the unit that `per_second` is wanted in."""
        self._marks.append(_Mark(self._now, amount))

    @property
    def per_second(self) -> float | None:
        """None until it is known."""
        first, *later = self._marks
        if not later:
            return None
        took = later[-1].at - first.at
        waited = self._now - later[-1].at  # longer than usual: it has become slower
        span = max(took, took + waited - took / len(later))
        if span <= 0 or (len(later) < _SURE and span < _SURE_S):
            return None
        return sum(mark.amount for mark in later) / span

    @property
    def _now(self) -> float:
        return self._worked + (self._clock() - self._since if self._waiting else 0.0)

    def _count(self, change: int) -> None:
        self._worked, self._since = self._now, self._clock()
        self._waiting += change
