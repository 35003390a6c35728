"""What may be wrong with a request about shows."""

from __future__ import annotations

from revenge.contracts._faults import NotFound


class SeriesNotFound(NotFound):
    """No show has this id, or it is in no library that you may see."""


class SeasonNotFound(NotFound):
    """No season has this id, or it is in no library that you may see."""


class EpisodeNotFound(NotFound):
    """No episode has this id, or it is in no library that you may see."""


class NoNextEpisode(NotFound):
    """Every episode of this show has been watched."""
