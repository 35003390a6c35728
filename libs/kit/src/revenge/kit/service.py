"""The life of a service: open what it needs, serve, drain, close in reverse."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Any, Protocol, TypeVar, runtime_checkable

import nats.micro
import uvloop
from loguru import logger

from revenge.contracts import Job, Message, Rpc
from revenge.kit import health, jobs, logs, outbox, qos, schedules, telemetry, variables
from revenge.kit.bus import Bus
from revenge.kit.cancelling import end
from revenge.kit.consuming import Consumer
from revenge.kit.db import Database
from revenge.kit.http import PortTaken
from revenge.kit.priority import make_way, take_short_turns
from revenge.kit.router import Router
from revenge.kit.serving import Scope, answer
from revenge.kit.settings import Database as DatabaseSettings
from revenge.kit.settings import Settings, SettingsInvalid, load

C = TypeVar("C")
S = TypeVar("S", bound=Settings)
T = TypeVar("T")
J = TypeVar("J", bound=Message)

Work = Callable[[], Coroutine[Any, Any, None]]

GARBAGE = (
    10_000,
    20,
    50,
)  # new objects, and rounds, after which the young and the old are looked at
GRACE = 20.0  # seconds for messages in hand to finish when asked to stop
FAILED = 1
WRONG_SETTINGS = os.EX_CONFIG


@runtime_checkable
class Pingable(Protocol):
    async def ping(self) -> None: ...


class Service:
    def __init__(self, name: str, settings: Settings, bus: Bus, stack: AsyncExitStack) -> None:
        self.name = name
        self.bus = bus
        self.health = health.Health(name)
        self.stopping = asyncio.Event()
        self.workers = jobs.Workers(settings.jobs)
        self._stack = stack
        self._consuming: list[Work] = []
        self._running: list[Work] = []
        self._answering: list[Callable[..., Coroutine[Any, Any, None]]] = []
        self._scheduled: list[Work] = []
        self._has_jobs = False
        self._on_ready: list[Callable[[], None]] = []
        self.health.watch("nats", bus.ping)

    async def open(self, resource: AbstractAsyncContextManager[T], name: str = "") -> T:
        """Open something now; close it when the service stops. With a `ping` it feeds health."""
        opened = await self._stack.enter_async_context(resource)
        if isinstance(opened, Pingable):
            self.health.watch(name or type(opened).__name__.lower(), opened.ping)
        return opened

    async def open_database(self, settings: DatabaseSettings) -> Database:
        """Open this service's schema, and relay what its transactions send."""
        db = await self.open(Database.connect(settings, self.name))
        self.spawn(outbox.relay, db, self.bus)
        self.spawn(outbox.sweep, db)
        return db

    def include(self, router: Router[C], scope: Scope[C]) -> None:
        """Serve these handlers, each message in its own `scope`."""
        for route in router:
            if isinstance(route.contract, Rpc):
                self._answering.append(
                    partial(answer, rpc=route.contract, route=route, scope=scope)
                )
            else:
                self._has_jobs = self._has_jobs or isinstance(route.contract, Job)
                consumer = Consumer(self.bus, self.name, route.contract, route, scope, self.workers)
                self._consuming.append(partial(consumer.run, self.stopping))

    def schedule(self, job: Job[J], payload: J, when: str) -> None:
        """Enqueue this job again and again: `@every 1h`, or cron with seconds first."""
        self._scheduled.append(partial(schedules.set_schedule, self.bus, job, payload, when))

    def spawn(self, task: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        """Keep this running beside the handlers; if it fails, so does the service."""
        self._running.append(lambda: task(*args))

    def on_ready(self, call: Callable[[], None]) -> None:
        """Call this once, when the service begins to serve."""
        self._on_ready.append(call)

    async def until(self, stop: asyncio.Event) -> None:
        micro = await nats.micro.add_service(self.bus.client, name=self.name, version="0.1.0")
        async with asyncio.TaskGroup() as group:
            for add_endpoint in self._answering:
                await add_endpoint(micro, group)
            consuming = [group.create_task(start()) for start in self._consuming]
            if self._has_jobs:
                self.spawn(qos.follow, self.bus, self.workers)
            running = [group.create_task(start()) for start in self._running]
            for set_schedule in self._scheduled:
                await set_schedule()
            await self.bus.client.all_sent()  # the server knows of the endpoints before anyone asks
            self.health.started = True
            logger.info("{} is ready", self.name)
            _settle()
            for call in self._on_ready:
                call()
            await stop.wait()
            await micro.stop()
            self.stopping.set()
            if consuming:
                await asyncio.wait(consuming, timeout=GRACE)
            await end([*consuming, *running])


def _settle() -> None:
    """What a service has made by now stays: nobody need look through it for garbage again.

    Looking through all of it, after every 700 objects, took a tenth of the time of a request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


async def serve(
    name: str,
    settings: S,
    start: Callable[[Service, S], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Run a service until `stop` is set: open, serve, drain, close in reverse."""
    async with AsyncExitStack() as stack:
        if settings.tracing.endpoint:
            stack.callback(
                telemetry.export(name, settings.tracing.endpoint, settings.tracing.ratio)
            )
        bus = await stack.enter_async_context(Bus.connect(settings.nats, name))
        service = Service(name, settings, bus, stack)
        await stack.enter_async_context(health.serve(service.health, settings.health))
        await start(service, settings)
        await service.until(stop)


def run(
    name: str,
    settings: type[S],
    start: Callable[[Service, S], Awaitable[None]],
    *,
    niceness: int = 0,
    prompt: bool = False,
) -> None:
    """Run a service until it is told to stop by SIGINT or SIGTERM.

    With a `niceness` it makes way for those that people wait for; one that is `prompt` has short
    turns, and so soon the next.
    """
    if niceness:
        make_way(niceness)
    if prompt:
        take_short_turns()
    loaded = _settings(name, settings)
    logs.configure(name, loaded.logging.level, as_json=loaded.logging.format == "json")
    for stranger in variables.strangers(os.environ).values():
        logger.warning("{}", stranger)
    try:
        uvloop.run(_until_told(name, loaded, start))
    except SettingsInvalid as error:  # one that only shows when it is used
        logger.error("{}", error)
        sys.exit(WRONG_SETTINGS)
    except PortTaken as error:
        logger.error("{}; choose another with REVENGE_SERVER_PORT or REVENGE_HTTP_PORT", error)
        sys.exit(os.EX_UNAVAILABLE)
    except Exception:  # noqa: BLE001 - whatever it was, the log says it in its own form
        logger.exception("{} failed", name)
        sys.exit(FAILED)


def _settings(name: str, settings: type[S]) -> S:
    try:
        return load(settings)
    except SettingsInvalid as error:
        sys.stderr.write(f"revenge {name}: {error}\n")
        sys.exit(WRONG_SETTINGS)


async def _until_told(
    name: str, settings: S, start: Callable[[Service, S], Awaitable[None]]
) -> None:
    stop = asyncio.Event()
    for sig in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    await serve(name, settings, start, stop)
