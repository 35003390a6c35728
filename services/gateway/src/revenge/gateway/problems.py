"""Errors as clients see them: RFC 9457 problems, readable for clients of the original API too.

The original's members `code` (the status as a number) and `message` stand beside the standard
ones. `type` names the fault; `detail` says what happened this time.
"""

from __future__ import annotations

import msgspec

from revenge.contracts import Busy, Fault, Invalid, NotFound, Unauthenticated, Unavailable
from revenge.gateway.asgi import NO_STORE, Answer, Header

MEDIA_TYPE = b"application/problem+json"


class PathUnknown(NotFound):
    """There is nothing at this path."""


class MethodNotAllowed(Fault):
    """This path does not answer this method."""

    status = 405

    def __init__(self, allowed: str) -> None:
        super().__init__(f"here one may use {allowed}")
        self.allowed = allowed


class BodyTooLarge(Invalid):
    """The body of this request is larger than the server takes."""

    status = 413


class MediaTypeUnsupported(Invalid):
    """The body of this request must be application/json, and not compressed."""

    status = 415


class RateLimitExceeded(Busy):
    """Too many requests from this address; slow down."""

    def __init__(self, retry_after: float = 1.0) -> None:
        super().__init__()
        self.retry_after = retry_after


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong. `code` is the status once more, for clients of the original API."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: int | str
    message: str
    error: str = ""  # only in the answer to a client that is too fast


def problem(fault: Fault, instance: str) -> Answer:
    """The answer that tells a client of a fault."""
    detail = str(fault)
    body = Problem(
        type=f"/problems/{fault.code}",
        title=fault.code.replace("_", " ").capitalize(),
        status=fault.status,
        detail=detail,
        instance=instance,
        code="RATE_LIMIT_EXCEEDED" if isinstance(fault, RateLimitExceeded) else fault.status,
        message=detail,
        error="rate_limit_exceeded" if isinstance(fault, RateLimitExceeded) else "",
    )
    headers = ((b"content-type", MEDIA_TYPE), NO_STORE, *_hints(fault))
    return Answer(fault.status, headers, msgspec.json.encode(body))


def _hints(fault: Fault) -> tuple[Header, ...]:
    """What a client should do next, where a header says it."""
    match fault:
        case MethodNotAllowed():
            return ((b"allow", fault.allowed.encode()),)
        case RateLimitExceeded():
            return ((b"retry-after", str(max(1, round(fault.retry_after))).encode()),)
        case Busy() | Unavailable():
            return ((b"retry-after", b"5"),)
        case Unauthenticated():
            return ((b"www-authenticate", b"Bearer"),)
        case _:
            return ()
