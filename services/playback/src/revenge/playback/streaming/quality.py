"""The quality that a request is about."""

from typing import NamedTuple


class Quality(NamedTuple):
    rung: str
    is_fetched: bool  # its pictures are; else its playlist, by whoever thinks of changing to it
