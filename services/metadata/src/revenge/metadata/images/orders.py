"""What the service and the processes that draw say to each other: one JSON object a line."""

from __future__ import annotations

import enum

from msgspec import Struct


class Draw(Struct, frozen=True):
    """Read the picture at `path`, if it is still as it was, and write it to `target`."""

    path: str  # as the library service writes it
    modified_ns: int
    size: int  # bytes
    wanted: str  # w500, h632, original
    webp: bool
    target: str


class Outcome(enum.StrEnum):
    DRAWN = "drawn"
    GONE = "gone"  # the file is not there, or may not be read
    CHANGED = "changed"  # it is another one than was registered
    UNUSABLE = "unusable"  # it is no image that can be read
    FULL = "full"  # there is no room for the result


class Reply(Struct, frozen=True):
    outcome: Outcome
    reason: str = ""
