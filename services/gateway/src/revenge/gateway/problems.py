"""What the gateway itself finds wrong with a request, and how clients are told of any fault."""

from __future__ import annotations

import msgspec

from revenge.contracts import Busy, Fault, Invalid, NotFound
from revenge.gateway.asgi import NO_STORE, Answer
from revenge.kit import problems


class PathUnknown(NotFound):
    """There is nothing at this path."""


class BodyTooLarge(Invalid):
    """The body of this request is larger than the server takes."""

    status = 413


class BodyTooSlow(Invalid):
    """The body of this request did not come in time; send it again."""

    status = 408


class MediaTypeUnsupported(Invalid):
    """The body of this request must be application/json, and not compressed."""

    status = 415


class RateLimitExceeded(Busy):
    """Too many requests from this address; slow down."""

    def __init__(self, retry_after: float = 1.0) -> None:
        super().__init__()
        self.retry_after = retry_after


def problem(fault: Fault, instance: str) -> Answer:
    """The answer that tells a client of a fault."""
    told = problems.of_fault(fault, instance)
    if isinstance(fault, RateLimitExceeded):  # the original's words for it
        told = msgspec.structs.replace(
            told, code="RATE_LIMIT_EXCEEDED", error="rate_limit_exceeded"
        )
    hints = tuple((name.encode(), value.encode()) for name, value in problems.hints(fault).items())
    headers = ((b"content-type", problems.MEDIA_TYPE.encode()), NO_STORE, *hints)
    return Answer(fault.status, headers, msgspec.json.encode(told))
