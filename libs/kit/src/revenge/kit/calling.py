"""Who is asking, for the code that runs on their behalf."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextvars import ContextVar, Token
from functools import lru_cache

import msgspec

from revenge.contracts import Caller, Denied, Unauthenticated

HEADER = "Revenge-Caller"

_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def caller() -> Caller:
    """Who caused the message that is being handled. Raises `Unauthenticated` if nobody did."""
    found = _current.get()
    if found is None:
        raise Unauthenticated
    return found


def demand(permission: str) -> Caller:
    """The caller, if they hold `resource:action`. Raises `Denied` otherwise."""
    found = caller()
    if not found.may(permission):
        raise Denied(f"this needs the permission {permission}")
    return found


class acting_as:  # noqa: N801 - it reads as `with acting_as(...)`, and is cheaper than a generator
    """Until the block ends, this is who asks; calls to other services carry it on."""

    __slots__ = ("_token", "_who")

    def __init__(self, who: Caller | None) -> None:
        self._who = who
        self._token: Token[Caller | None]

    def __enter__(self) -> None:
        self._token = _current.set(self._who)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def to_headers() -> dict[str, str]:
    """The headers that carry the current caller to another service."""
    who = _current.get()
    return {} if who is None else {HEADER: encode(who)}


def from_headers(headers: Mapping[str, str]) -> Caller | None:
    value = headers.get(HEADER)
    return None if value is None else decode(value)


@lru_cache(maxsize=1024)
def encode(who: Caller) -> str:
    return json.dumps(msgspec.to_builtins(who))  # headers are ASCII, names are not


@lru_cache(maxsize=1024)
def decode(value: str) -> Caller:
    return msgspec.json.decode(value, type=Caller)
