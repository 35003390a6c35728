"""One message on its way through one handler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Carried(Protocol):
    """A message of a batch, whose headers are read when somebody asks for them."""

    def all_headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Delivery:
    """`ids` are those of the messages, several for a batch; none for a request.

    `headers` are those of a single message; each of a batch has its own, in `batch`. A scope that
    keeps an inbox puts those it has seen committed before into `duplicates`.
    """

    handler: str
    ids: tuple[str, ...] = ()
    attempt: int = 1
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    batch: Sequence[Carried] = ()
    duplicates: set[str] = field(default_factory=set[str])


class AlreadyHandled(Exception):
    """This handler has already committed this message."""
