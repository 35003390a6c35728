"""With no more rights on the bus than the table of services gives."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from loguru import logger

from revenge.auth.__main__ import start
from revenge.auth.settings import Administrator, AuthSettings, Signing
from revenge.contracts import auth
from revenge.contracts.services import AUTH
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, NatsUser, program
from revenge.embedded.supervisor import Supervisor
from revenge.kit import Bus, settings, streams
from revenge.kit.following import follow
from revenge.kit.permissions import permissions
from revenge.kit.testing import running


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncGenerator[Nats]:
    """A NATS that knows the service, and somebody who may do everything."""
    allowed = permissions(AUTH)
    users = (
        NatsUser("everybody", "tests-1", (">",), (">",)),
        NatsUser("auth", "tests-2", allowed.publish, allowed.subscribe),
    )
    port, monitor = free_ports(2)
    server = Nats(tmp_path / "nats", port, monitor, users)
    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(program(server))
        yield server


@pytest.fixture
def refused() -> Iterator[list[str]]:
    """What the bus refused, as the log tells."""
    lines: list[str] = []
    sink = logger.add(lambda line: lines.append(str(line)), filter=_tells_of_permissions)
    yield lines
    logger.remove(sink)


def _tells_of_permissions(record: object) -> bool:
    return "permissions violation" in str(record["message"]).lower()  # type: ignore[index]


async def test_the_service_needs_no_more_than_it_may(
    guarded: Nats, untouched_url: str, refused: list[str]
) -> None:
    everybody, own = (
        settings.Nats(url=guarded.address, user=user.name, password=user.password)
        for user in guarded.users
    )
    configured = AuthSettings(
        nats=own,
        database=settings.Database(url=untouched_url, max_conns=4),
        auth=Signing(secret="a secret for tests only"),
        admin=Administrator(username="operator", password="correct horse battery"),
    )
    async with Bus.connect(everybody, "everybody") as bus:
        await streams.ensure(bus.js)
        async with running("auth", configured, start):
            await bus.call(auth.login, auth.Login("operator", "correct horse battery"))
            heard = follow(bus, auth.login_succeeded.subject, after=0)
            assert b"operator" in (await anext(heard)).payload
            await heard.aclose()

    assert refused == []
