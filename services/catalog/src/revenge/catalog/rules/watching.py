"""How far something was watched, and what follows from it."""

from __future__ import annotations

from typing import NamedTuple

MOVIE_SECONDS = 7200  # taken for the length of a film that nobody knows
EPISODE_SECONDS = 2700


class Position(NamedTuple):
    """How far somebody is, of how much, in seconds."""

    progress: int
    duration: int

    @property
    def is_completed(self) -> bool:
        """More than 90 % are the whole of it: the rest is credits."""
        return self.progress * 10 > self.duration * 9


def position(progress: int, duration: int) -> Position:
    """Nobody is further than the end."""
    length = max(1, duration)
    return Position(min(max(0, progress), length), length)


def to_the_end(known: float | None, runtime: int | None, otherwise: int) -> Position:
    """Watched in full. The media's own length is best; `runtime` is in minutes."""
    length = round(known or 0) or (runtime or 0) * 60 or otherwise
    return Position(max(1, length), max(1, length))
