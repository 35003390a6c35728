"""The three ways services speak to each other, each declared as a value.

Rpc      ask one service and wait for its reply
Event    a fact that has happened; anyone may listen, many may
Job      work that exactly one worker must finish, at least once

Subjects are kind-first, so that streams and permissions are prefixes:
`rpc.<domain>.<verb_noun>`, `event.<domain>.<noun_past>`, `job.<level>.<domain>.<verb_noun>`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from revenge.contracts._faults import Fault


class Message(msgspec.Struct, frozen=True):
    """A payload on the wire: immutable, and open to fields added later.

    Every subclass says `frozen=True` again, because mypy reads it only there.
    """


class Nothing(Message, frozen=True):
    """There is nothing to ask, or nothing to say in return."""


class Level(enum.StrEnum):
    """Whose turn it is when there is more work than workers: the more urgent first."""

    CRITICAL = "critical"
    HIGH = "high"
    DEFAULT = "default"
    LOW = "low"
    BULK = "bulk"


class Audience(enum.StrEnum):
    """Who may hear of an event outside the services (SSE, webhooks)."""

    INTERNAL = "internal"  # nobody: it is between services
    EVERYONE = "everyone"
    ADMINS = "admins"
    LIBRARIES = "libraries"  # those who may see one of `library_ids` in the payload
    USER = "user"  # the user whose `user_id` is in the payload


Q = TypeVar("Q", bound=Message)
R = TypeVar("R")
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Rpc(Generic[Q, R]):
    """Ask one service and wait for its reply."""

    subject: str
    request: type[Q]
    reply: type[R]
    raises: tuple[type[Fault], ...] = ()
    timeout: float = 5.0  # seconds until the caller gives up


@dataclass(frozen=True)
class Event(Generic[M]):
    """A fact that has happened. Named in the past tense.

    `type` is the name that integrators know it by (the CloudEvents `type`).
    """

    subject: str
    payload: type[M]
    type: str
    audience: Audience = Audience.INTERNAL
    attempts: int = 10
    patience: float = 30.0  # seconds of silence before a listener is asked again


@dataclass(frozen=True)
class Job(Generic[M]):
    """Work that one worker must finish. Named in the imperative."""

    subject: str
    payload: type[M]
    level: Level = Level.DEFAULT
    attempts: int = 5
    timeout: float = 300.0  # seconds one attempt may take
    unique_for: float = 0.0  # seconds in which a second one with the same key is the same job
    longest_wait: float = 3600.0  # seconds: the back-off 2^attempt ends here


Contract = Rpc[Any, Any] | Event[Any] | Job[Any]
K = TypeVar("K", bound=Contract)


class Domain:
    """The contracts of one subject matter, and the subjects they live on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._contracts: dict[str, Contract] = {}

    def __iter__(self) -> Iterator[Contract]:
        """Every contract, by subject: what is made of them does not depend on who imports what."""
        return iter(sorted(self._contracts.values(), key=lambda contract: contract.subject))

    def rpc(
        self,
        name: str,
        request: type[Q],
        reply: type[R],
        *,
        raises: tuple[type[Fault], ...] = (),
        timeout: float = 5.0,
    ) -> Rpc[Q, R]:
        return self._add(Rpc(f"rpc.{self.name}.{name}", request, reply, raises, timeout))

    def event(
        self,
        name: str,
        payload: type[M],
        *,
        type: str | None = None,
        audience: Audience = Audience.INTERNAL,
    ) -> Event[M]:
        subject = f"event.{self.name}.{name}"
        return self._add(Event(subject, payload, type or f"{self.name}.{name}", audience))

    def job(
        self,
        name: str,
        payload: type[M],
        *,
        level: Level = Level.DEFAULT,
        attempts: int = 5,
        timeout: float = 300.0,
        unique_for: float = 0.0,
    ) -> Job[M]:
        subject = f"job.{level}.{self.name}.{name}"
        return self._add(Job(subject, payload, level, attempts, timeout, unique_for))

    def _add(self, contract: K) -> K:
        if contract.subject in self._contracts:
            raise ValueError(f"{contract.subject} is declared twice")
        self._contracts[contract.subject] = contract
        return contract
