"""What containers say of a video track that PyAV does not pass on."""

from typing import NamedTuple

from revenge.library_scanner.probe.dolby_vision import DolbyVision


class Track(NamedTuple):
    """`rotation` in degrees clockwise, as a player must turn the picture."""

    dolby_vision: DolbyVision | None = None
    rotation: int = 0


def quarter_turns(degrees: float) -> int:
    """The nearest of 0, 90, 180 and 270."""
    return round(degrees / 90) * 90 % 360
