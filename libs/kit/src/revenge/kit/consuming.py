"""Handle events and jobs: one message, one scope, one acknowledgement.

What fails is tried again after a growing wait. What cannot succeed, or has used up its attempts,
goes to the stream DEAD with its reason. A message that is delivered once more than it has
attempts was never answered the last time: its worker died, and it is buried as well.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

import msgspec
from loguru import logger
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, Header
from nats.js.errors import Error as JetStreamError
from opentelemetry.trace import SpanKind

from revenge.contracts import Busy, Event, Fault, Full, Job, Unavailable
from revenge.kit import jobs, metrics, telemetry
from revenge.kit.bus import Bus
from revenge.kit.delivery import AlreadyHandled, Delivery
from revenge.kit.pulling import Pull, acknowledge
from revenge.kit.received import Received
from revenge.kit.router import Route
from revenge.kit.serving import Scope

C = TypeVar("C")
Contract = Event[Any] | Job[Any]
Fetch = Callable[[int, float], Coroutine[Any, Any, list[Received]]]

POLL = 2.0  # seconds that a pull waits: also the longest time a clean stop takes
PATIENCE = 30.0  # seconds of silence after which a message is given to another worker
PREFETCH = 64  # events taken at once by a handler of single events


class WorkerDied(Exception):
    """The worker died, or was killed, on the last attempt."""


@dataclass(frozen=True)
class Consumer(Generic[C]):
    bus: Bus
    service: str
    contract: Contract
    route: Route[C]
    scope: Scope[C]
    workers: jobs.Workers

    async def run(self, draining: asyncio.Event) -> None:
        """Pull messages until told to drain, then finish those in hand."""
        pull = await self._bind()
        try:
            async with asyncio.TaskGroup() as tasks:
                if isinstance(self.contract, Job):
                    await self._work_on(self.contract, pull, tasks, draining)
                elif self.route.batch:
                    await self._listen_in_batches(pull, draining)
                else:
                    await self._listen(pull, draining)
        finally:
            await pull.close()

    async def _listen(self, pull: Pull, draining: asyncio.Event) -> None:
        while not draining.is_set():
            await self._handle_each(await self._fetch(pull.fetch, PREFETCH))

    async def _listen_in_batches(self, pull: Pull, draining: asyncio.Event) -> None:
        """The next batch is on its way while one is handled. A batch is of one trace."""
        while not draining.is_set():
            received = await self._fetch(pull.fetch_ahead, self.route.batch)
            for _, of_one_trace in groupby(received, _trace):
                await self._handle_batch(list(of_one_trace))

    async def _work_on(
        self,
        job: Job[Any],
        pull: Pull,
        tasks: asyncio.TaskGroup,
        draining: asyncio.Event,
    ) -> None:
        turn = self.workers.turn(job, self.route.concurrency)
        while not draining.is_set():
            if not await self.workers.opened(job, POLL):
                continue
            await turn.acquire()
            received = await self._fetch(pull.fetch, 1)
            if not received:
                turn.release()
                continue
            tasks.create_task(self._work(received[0])).add_done_callback(lambda _: turn.release())

    async def _fetch(self, fetch: Fetch, most: int) -> list[Received]:
        """What is there within a few seconds; nothing when the bus is away."""
        try:
            return await fetch(most, POLL)
        except (NatsError, JetStreamError) as error:
            logger.warning("{} cannot be pulled now: {!r}", self.contract.subject, error)
            await asyncio.sleep(1)
            return []

    async def _bind(self) -> Pull:
        stream = "JOBS" if isinstance(self.contract, Job) else "EVENTS"
        durable = f"{self.service}-{self.route.name}"
        await self.bus.js.add_consumer(
            stream,
            ConsumerConfig(
                durable_name=durable,
                filter_subject=self.contract.subject,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=PATIENCE,
                max_deliver=-1,  # attempts are counted here: see WorkerDied
            ),
        )
        pull = Pull(self.bus.client, stream, durable)
        await pull.open()
        return pull

    async def _work(self, received: Received) -> None:
        async with keep_alive([received]), self.workers.slot(self.contract):
            await self._handle(received)

    async def _handle_each(self, received: Sequence[Received]) -> None:
        at_once = self.route.concurrency
        async with keep_alive(received):
            for first in range(0, len(received), at_once):
                now = received[first : first + at_once]
                await asyncio.gather(*(self._handle(message) for message in now))

    async def _handle(self, received: Received) -> None:
        delivery = describe(received, self.route.name)
        status = "ok"
        with telemetry.span(self.contract.subject, SpanKind.CONSUMER, delivery.headers):
            try:
                await self._attempt(received, delivery)
                await received.ack_sync()
            except AlreadyHandled:
                await received.ack_sync()
            except asyncio.CancelledError:
                await received.nak()
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was, try again or give up
                status = "failed"
                await self._fail(received, delivery, error)
        metrics.EVENTS.labels(self.contract.subject, status).inc()

    async def _attempt(self, received: Received, delivery: Delivery) -> None:
        if delivery.attempt > self.contract.attempts:
            raise WorkerDied
        message = msgspec.json.decode(received.data, type=self.contract.payload)
        async with jobs.running(self.bus, self.contract, delivery), self.scope(delivery) as context:
            await self.route.handler(message, context)

    async def _handle_batch(self, received: Sequence[Received]) -> None:
        """All in one scope; one by one if that fails, so that the one at fault is found."""
        together = Delivery(self.route.name, tuple(map(_identity, received)), batch=received)
        parent = received[0].headers
        async with keep_alive(received):
            with telemetry.span(self.contract.subject, SpanKind.CONSUMER, parent):
                try:
                    await self._attempt_batch(received, together)
                except AlreadyHandled:
                    pass
                except Exception as error:  # noqa: BLE001 - see the docstring
                    if len(received) == 1:
                        delivery = describe(received[0], self.route.name)
                        await self._fail(received[0], delivery, error)
                        return
                    for message in received:
                        await self._handle_batch([message])
                    return
        await acknowledge(self.bus.client, received)
        metrics.EVENTS.labels(self.contract.subject, "ok").inc(len(received))

    async def _attempt_batch(self, received: Sequence[Received], delivery: Delivery) -> None:
        decoded = [
            msgspec.json.decode(message.data, type=self.contract.payload) for message in received
        ]
        async with self.scope(delivery) as context:
            fresh = [
                message
                for message, id in zip(decoded, delivery.ids, strict=True)
                if id not in delivery.duplicates
            ]
            await self.route.handler(fresh, context)

    async def _fail(self, received: Received, delivery: Delivery, error: Exception) -> None:
        if delivery.attempt >= self.contract.attempts or is_final(error):
            await self._bury(received, delivery, error)
            return
        wait = jobs.back_off(self.contract, delivery.attempt)
        logger.opt(exception=_unforeseen(error)).warning(
            "{} failed in attempt {} of {}: {}; again in {:.0f} s",
            self.contract.subject,
            delivery.attempt,
            self.contract.attempts,
            _in_a_line(error),
            wait,
        )
        await received.nak(delay=wait)

    async def _bury(self, received: Received, delivery: Delivery, error: Exception) -> None:
        """Set aside a message that will not succeed, with the reason."""
        level = "WARNING" if isinstance(error, Fault) else "ERROR"
        told = logger.opt(exception=_unforeseen(error))
        told.log(level, "{} is dead: {}", self.contract.subject, _in_a_line(error))
        durable = f"{self.service}-{self.route.name}"
        await self.bus.store(
            f"dead.{received.subject}",
            received.data,
            f"{durable}:{delivery.ids[0]}:{received.metadata.sequence.stream}",
            {
                **_ours(delivery.headers),
                "Revenge-Reason": f"{type(error).__name__}: {_in_a_line(error)}"[:1000],
                "Revenge-Attempt": str(min(delivery.attempt, self.contract.attempts)),
                "Revenge-Consumer": durable,
                "Revenge-Id": delivery.ids[0],
            },
        )
        await received.term()


def _ours(headers: Mapping[str, str]) -> dict[str, str]:
    """Without the server's own: it takes back none that it has set, such as those of a schedule."""
    return {name: value for name, value in headers.items() if not name.startswith("Nats-")}


def _unforeseen(error: Exception) -> Exception | None:
    """What its traceback explains: a fault says itself what is wrong, and not here."""
    return None if isinstance(error, Fault) else error


def _in_a_line(error: Exception) -> str:
    return " ".join((str(error) or error.__doc__ or type(error).__name__).split())


def is_final(error: Exception) -> bool:
    """True if trying again cannot help."""
    if isinstance(error, msgspec.DecodeError | WorkerDied):
        return True
    return isinstance(error, Fault) and not isinstance(error, Unavailable | Busy | Full)


def describe(received: Received, handler: str) -> Delivery:
    return Delivery(
        handler=handler,
        ids=(_identity(received),),
        attempt=received.metadata.num_delivered,
        headers=received.headers,
    )


def _identity(received: Received) -> str:
    """A message that an administrator has sent once more is known by its first id."""
    known = received.value_of("Revenge-Id") or received.value_of(Header.MSG_ID)
    return known or f"{received.metadata.stream}:{received.metadata.sequence.stream}"


def _trace(received: Received) -> str | None:
    parent = telemetry.parse(received.value_of(telemetry.HEADER))
    return parent.trace if parent else None


@asynccontextmanager
async def keep_alive(messages: Sequence[Received]) -> AsyncGenerator[None]:
    """Tell the stream that somebody is still working on these."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(PATIENCE / 3 * random.uniform(0.8, 1.0))
            for message in messages:
                with suppress(NatsError):
                    await message.in_progress()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
