"""Who is asking, for the code that runs on their behalf."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
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


@contextmanager
def acting_as(who: Caller | None) -> Generator[None]:
    """Until the block ends, this is who asks; calls to other services carry it on."""
    token = _current.set(who)
    try:
        yield
    finally:
        _current.reset(token)


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
