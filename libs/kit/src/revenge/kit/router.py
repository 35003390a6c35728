"""Handlers, bound to contracts, before they are bound to anything that runs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from revenge.contracts import Contract, Event, Job, Message, Rpc

C = TypeVar("C")
M = TypeVar("M", bound=Message)
Q = TypeVar("Q", bound=Message)
R = TypeVar("R")
Out = TypeVar("Out")

Handler = Callable[[M, C], Coroutine[Any, Any, Out]]
BatchHandler = Callable[[Sequence[M], C], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Route(Generic[C]):
    """One handler, bound to one contract.

    `concurrency` 1 keeps events in their order. `batch` is 0 for a handler of single messages.
    """

    contract: Contract
    handler: Callable[[Any, C], Coroutine[Any, Any, Any]]
    concurrency: int = 1
    batch: int = 0

    @property
    def name(self) -> str:
        """Stable across refactorings: it names the durable consumer and the inbox rows."""
        return name_of(self.contract)


def name_of(contract: Contract) -> str:
    """The name of a contract's handlers: its subject without the kind, in dashes."""
    return "-".join(contract.subject.split(".")[1:])


class Router(Generic[C]):
    """Handlers that are all given the same kind of context, `C`.

    The decorators return the function they were given: a handler stays a plain
    coroutine that a test can call.
    """

    def __init__(self) -> None:
        self._routes: list[Route[C]] = []

    def __iter__(self) -> Iterator[Route[C]]:
        return iter(self._routes)

    def rpc(self, rpc: Rpc[Q, R]) -> Callable[[Handler[Q, C, R]], Handler[Q, C, R]]:
        def bind(handler: Handler[Q, C, R]) -> Handler[Q, C, R]:
            self._routes.append(Route(rpc, handler))
            return handler

        return bind

    def on(
        self, event: Event[M], *, concurrency: int = 1
    ) -> Callable[[Handler[M, C, None]], Handler[M, C, None]]:
        return self._consume(event, concurrency)

    def on_many(
        self, event: Event[M], *, batch: int = 100
    ) -> Callable[[BatchHandler[M, C]], BatchHandler[M, C]]:
        """Handle up to `batch` events at once, in their order, in one scope."""

        def bind(handler: BatchHandler[M, C]) -> BatchHandler[M, C]:
            self._routes.append(Route(event, handler, batch=batch))
            return handler

        return bind

    def job(
        self, job: Job[M], *, concurrency: int = 1
    ) -> Callable[[Handler[M, C, None]], Handler[M, C, None]]:
        """Work on at most `concurrency` of these at once, and as its level allows."""
        return self._consume(job, concurrency)

    def _consume(
        self, contract: Event[M] | Job[M], concurrency: int
    ) -> Callable[[Handler[M, C, None]], Handler[M, C, None]]:
        def bind(handler: Handler[M, C, None]) -> Handler[M, C, None]:
            self._routes.append(Route(contract, handler, concurrency))
            return handler

        return bind
