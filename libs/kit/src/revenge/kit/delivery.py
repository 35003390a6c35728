"""One message on its way through one handler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Delivery:
    """`ids` are those of the messages, several for a batch; none for a request.

    A scope that keeps an inbox puts those it has seen committed before into `duplicates`.
    """

    handler: str
    ids: tuple[str, ...] = ()
    attempt: int = 1
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    duplicates: set[str] = field(default_factory=set[str])


class AlreadyHandled(Exception):
    """This handler has already committed this message."""
