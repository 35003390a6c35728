"""Starts one server under a supervisor of its own and takes it down again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from revenge.embedded.servers import Server, program
from revenge.embedded.supervisor import Status, Supervisor

Start = Callable[[Server], Awaitable[Status]]


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    async with Supervisor(tmp_path / "logs") as running:
        yield running


@pytest.fixture
def start(supervisor: Supervisor) -> Start:
    async def run(server: Server) -> Status:
        await supervisor.start(program(server))
        return supervisor.statuses()[-1]

    return run
