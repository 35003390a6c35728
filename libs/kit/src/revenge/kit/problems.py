"""Errors over HTTP: RFC 9457 problems, readable for clients of the original API too.

The original's members `code` (the status as a number) and `message` stand beside the standard
ones. `type` names the fault; `detail` says what happened this time.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from revenge.contracts import Busy, Fault, Unauthenticated, Unavailable

MEDIA_TYPE = "application/problem+json"


class MethodNotAllowed(Fault):
    """This path does not answer this method."""

    status = 405

    def __init__(self, allowed: str) -> None:
        super().__init__(f"here one may use {allowed}")
        self.allowed = allowed


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong. `code` is the status once more, for clients of the original API."""

    type: str
    title: str
    status: int
    detail: str
    code: int | str
    message: str
    instance: str = ""
    error: str = ""  # only in the answer to a client that is too fast


def of_fault(fault: Fault, instance: str = "") -> Problem:
    detail = str(fault)
    return Problem(
        type=f"/problems/{fault.code}",
        title=fault.code.replace("_", " ").capitalize(),
        status=fault.status,
        detail=detail,
        code=fault.status,
        message=detail,
        instance=instance,
    )


def of_status(status: HTTPStatus) -> Problem:
    """An error that is HTTP's own, and no fault."""
    return Problem(
        "about:blank", status.phrase, status, status.description, int(status), status.phrase
    )


def hints(fault: Fault) -> dict[str, str]:
    """What a client should do next, where a header says it."""
    match fault:
        case MethodNotAllowed():
            return {"allow": fault.allowed}
        case Busy() | Unavailable():
            return {"retry-after": str(max(1, round(fault.retry_after)))}
        case Unauthenticated():
            return {"www-authenticate": "Bearer"}
        case _:
            return {}
