"""Start everything, keep it running, stop everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from revenge.contracts.services import SERVICES
from revenge.embedded.datadir import Data
from revenge.embedded.ports import require_free
from revenge.embedded.servers import program
from revenge.embedded.suite import room, state
from revenge.embedded.suite.preparing import prepare
from revenge.embedded.suite.room import Room
from revenge.embedded.suite.servers import Servers
from revenge.embedded.suite.services import Services
from revenge.embedded.suite.settings import SuiteSettings
from revenge.embedded.supervisor import Change, Supervisor
from revenge.kit.migrate import Migration

SPACE_WANTED = 1024**3  # bytes: the servers' own files, and some air
VERSION = "0.1.0"


@dataclass(frozen=True)
class Suite:
    """A suite that runs."""

    data: Data
    settings: SuiteSettings
    servers: Servers
    services: Services
    supervisor: Supervisor
    migrations: list[Migration]

    def now(self) -> state.SuiteState:
        """How everything is now."""
        return self._components().with_statuses(self.supervisor.statuses())

    def _components(self) -> state.SuiteState:
        servers = tuple(
            state.Component(server.name, server.address, server.version)
            for server in self.servers.all
        )
        services = tuple(
            state.Component(program.name, program.address, VERSION, self.services.health_url(known))
            for program, known in zip(self.services.programs(), SERVICES, strict=True)
        )
        return state.begin(self.settings.url, self.servers.bus, (*servers, *services))


@asynccontextmanager
async def running(
    settings: SuiteSettings, tell: Callable[[Change | Room], None]
) -> AsyncGenerator[Suite]:
    """The suite, ready, until the block ends.

    Raises an EmbeddedError that says what is in the way: the data folder is in use, a port is
    taken, the disk is full, or something did not start.
    """
    data = Data.at(settings.root)
    with data.locked():
        data.require_space(SPACE_WANTED)
        require_free(settings.server.port, settings.server.host)
        require_free(settings.metrics_port, settings.server.host)
        async with Supervisor(data.logs, tell) as supervisor:
            suite = await _start(data, settings, supervisor)
            async with _watched(suite, tell):
                yield suite


async def _start(data: Data, settings: SuiteSettings, supervisor: Supervisor) -> Suite:
    servers = Servers.of(data)
    services = Services.of(data, settings, servers)
    await supervisor.start(
        program(servers.postgres),
        program(servers.nats, servers.nats.ailment),
        program(servers.valkey),
    )
    migrations = await prepare(servers)
    # Typesense takes seconds, and nobody needs it in order to start
    await supervisor.start(program(servers.typesense), *services.programs())
    return Suite(data, settings, servers, services, supervisor, migrations)


@asynccontextmanager
async def _watched(suite: Suite, tell: Callable[[Room], None]) -> AsyncGenerator[None]:
    """Keep what others read of it up to date, and an eye on the disk."""
    state.write(suite.data, suite.now())
    watching = (
        asyncio.create_task(_keep_state(suite)),
        asyncio.create_task(room.watch(suite.data.root, tell)),
    )
    try:
        yield
    finally:
        for task in watching:
            task.cancel()
        state.forget(suite.data)


async def _keep_state(suite: Suite) -> None:
    """So that `revenge status` tells the truth also after a restart of a part."""
    written = suite.now()
    while True:
        await asyncio.sleep(0.5)
        now = suite.now()
        if now.components != written.components:
            await asyncio.to_thread(state.write, suite.data, now)
            written = now
