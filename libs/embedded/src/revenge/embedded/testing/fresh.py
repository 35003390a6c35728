"""Servers of one test's own, for tests that would disturb each other on a shared one."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, program
from revenge.embedded.supervisor import Supervisor


@dataclass(frozen=True)
class FreshNats:
    url: str


@pytest.fixture
async def fresh_nats_server(tmp_path: Path) -> AsyncGenerator[FreshNats]:
    """A NATS without users, whose streams nobody else uses."""
    port, monitor = free_ports(2)
    server = Nats(tmp_path / "nats", port, monitor)
    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(program(server))
        yield FreshNats(server.url)
