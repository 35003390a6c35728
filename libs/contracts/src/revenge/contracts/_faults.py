"""Errors that may cross a service boundary.

    Fault
    ├── Invalid          400  the request can never succeed
    ├── Unauthenticated  401  we do not know who is asking
    ├── Denied           403  the caller may not
    ├── NotFound         404  there is no such thing
    ├── Conflict         409  the thing is not in a state that allows it
    ├── Busy             429  too much at once; try again later
    ├── Unsupported      501  the thing exists, but this server cannot do it
    ├── Unavailable      503  not now; try again later
    └── Full             507  there is no room left

Anything else that escapes a handler is a bug, and is reported as one.
"""

from __future__ import annotations

import re
from typing import ClassVar


class Fault(Exception):
    """Something went wrong that the caller was told to expect."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "fault"

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or (self.__doc__ or self.code).strip())


class Invalid(Fault):
    """The request can never succeed."""

    status = 400


class Unauthenticated(Fault):
    """Sign in first: there is no valid token in this request."""

    status = 401


class Denied(Fault):
    """The caller may not do this."""

    status = 403


class NotFound(Fault):
    """There is no such thing."""

    status = 404


class Conflict(Fault):
    """The thing is not in a state that allows this."""

    status = 409


class Busy(Fault):
    """Too much at once; try again later."""

    status = 429
    retry_after: float = 5.0  # seconds


class Unsupported(Fault):
    """This server cannot do that."""

    status = 501


class Unavailable(Fault):
    """Not now; try again later."""

    status = 503
    retry_after: float = 5.0  # seconds


class Full(Fault):
    """There is no room left on the disk."""

    status = 507


#: What any request may be answered with, whatever its contract declares.
ALWAYS: tuple[type[Fault], ...] = (Invalid, Unauthenticated, Denied, Busy, Unavailable, Full)
