"""Where a file is cut into segments, in exact fractions of a second from its first picture.

A copied rendition can be cut only where the file has key frames. An encoded one is cut on a fixed
grid of whole frames, the same for every rung, so that a player may change rungs at any segment.

The grid has steps of about 4 s rather than the usual 6 s: the viewer waits for one whole segment
after every seek, and a third less of it is a third less to wait for; the key frame that it costs
is below 1 % of the bits.
"""

import bisect
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

#: When the first picture is shown on every rendition's own clock. A decode time cannot be
#: negative in MP4 (`tfdt` is unsigned), and B-frames are decoded before the first is shown, as
#: audio is primed before its first sound; ten seconds is what Apple's own tools use.
EPOCH = Fraction(10)

COPY_TARGET = Fraction(6)
ENCODE_TARGET = Fraction(4)
KEY_PICTURE_TARGET = Fraction(1)
SUBTITLE_TARGET = Fraction(30)

_SHORTEST = Fraction(1)  # a shorter remainder belongs to the segment before it


class Span(NamedTuple):
    """From `start` to before `end`; the first span has no start, and the last no end."""

    start: Fraction | None
    end: Fraction | None


class Grid(NamedTuple):
    """Segment n lies between cut n and cut n + 1."""

    cuts: tuple[Fraction, ...]

    def __len__(self) -> int:  # segments, not cuts
        return len(self.cuts) - 1

    @property
    def durations(self) -> list[Fraction]:
        return [end - start for start, end in zip(self.cuts, self.cuts[1:], strict=False)]

    def span(self, number: int) -> Span:
        """Open at both ends of the file, so that nothing before or after is lost."""
        last = len(self) - 1
        return Span(
            self.cuts[number] if number > 0 else None,
            self.cuts[number + 1] if number < last else None,
        )

    def number_at(self, position: Fraction) -> int:
        """The segment that holds this position; positions outside belong to the nearest."""
        found = bisect.bisect_right(self.cuts, position) - 1
        return min(max(found, 0), len(self) - 1)


class Keys(NamedTuple):
    """Key frames in ticks of a clock: a film has thousands, and exact seconds are slow to count."""

    stamps: Sequence[int]  # rising
    zero: Fraction  # where position zero is, in ticks
    tick: Fraction  # seconds

    def position(self, number: int) -> Fraction:
        zero, tick = self.zero, self.tick
        ticks = self.stamps[number] * zero.denominator - zero.numerator
        return Fraction(ticks * tick.numerator, zero.denominator * tick.denominator)

    def at_cuts(self, end: Fraction, target: Fraction) -> Iterator[int]:
        """The numbers of those that are cuts, if the first segment begins at position zero."""
        latest = math.floor(self.zero + (end - _SHORTEST) / self.tick)
        step = target / self.tick
        number = self._from(self.zero + step)
        while number < len(self.stamps) and self.stamps[number] <= latest:
            yield number
            number = self._from(self.stamps[number] + step)

    def _from(self, ticks: Fraction) -> int:
        return bisect.bisect_left(self.stamps, math.ceil(ticks))


def on_keys(keys: Keys, end: Fraction, target: Fraction = COPY_TARGET) -> Grid:
    """Cuts on key frames, each segment the shortest that is not shorter than the target."""
    cuts = [Fraction(0), *map(keys.position, keys.at_cuts(end, target))]
    return Grid((*cuts, max(end, cuts[-1] + _SHORTEST / 1000)))


def fixed(end: Fraction, frame_rate: Fraction | None, target: Fraction = ENCODE_TARGET) -> Grid:
    """Cuts at equal distances of whole frames."""
    step = target
    if frame_rate is not None and frame_rate > 0:
        step = Fraction(max(1, round(target * frame_rate))) / frame_rate
    count = max(1, math.floor((end - _SHORTEST) / step) + 1)
    cuts = [step * number for number in range(count)]
    return Grid((*cuts, max(end, cuts[-1] + _SHORTEST / 1000)))


def on_frames(grid: Grid, frame: Fraction) -> Grid:
    """The same cuts, each moved to the next start of a frame of sound; `frame` in seconds."""
    return Grid(tuple(math.ceil(cut / frame) * frame for cut in grid.cuts))
