"""With no more rights on the bus than it needs."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from loguru import logger
from pytest_httpserver import HTTPServer

from revenge.contracts import MovieId, jobs, movies, notification
from revenge.contracts.jobs import GetJob, JobState, ListJobs
from revenge.contracts.notification import CreateWebhook
from revenge.contracts.services import NOTIFICATION
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, NatsUser, program
from revenge.embedded.supervisor import Supervisor
from revenge.kit import Bus, settings, streams
from revenge.kit.following import follow
from revenge.kit.permissions import permissions
from revenge.kit.testing import eventually, running
from revenge.notification.__main__ import start
from revenge.notification.settings import Notification, NotificationSettings

# what it takes to hear of deaths, beside what the table of services gives
DEATHS = (
    "$JS.API.CONSUMER.CREATE.DEAD.notification-deaths",
    "$JS.API.CONSUMER.DURABLE.CREATE.DEAD.notification-deaths",
    "$JS.API.CONSUMER.INFO.DEAD.notification-deaths",
    "$JS.API.CONSUMER.MSG.NEXT.DEAD.notification-deaths",
    "$JS.ACK.DEAD.notification-deaths.>",
)


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncGenerator[Nats]:
    """A NATS that knows the notifier, and somebody who may do everything."""
    allowed = permissions(NOTIFICATION)
    users = (
        NatsUser("everybody", "tests-1", (">",), (">",)),
        NatsUser("notification", "tests-2", (*allowed.publish, *DEATHS), allowed.subscribe),
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
    guarded: Nats, empty_url: str, httpserver: HTTPServer, refused: list[str]
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=204)
    everybody, own = (
        settings.Nats(url=guarded.address, user=user.name, password=user.password)
        for user in guarded.users
    )
    configured = NotificationSettings(
        nats=own,
        database=settings.Database(url=empty_url, max_conns=4),
        notification=Notification(secret="a secret for tests only"),
    )
    async with Bus.connect(everybody, "everybody") as bus:
        await streams.ensure(bus.js)
        async with running("notification", configured, start):
            hook = CreateWebhook("hook", httpserver.url_for("/hook"), event_types=("movie.added",))
            await bus.call(notification.create_webhook, hook)
            payload = movies.MovieEvent(MovieId(uuid4()), "Heat", ())
            headers = {"Revenge-Id": str(uuid4()), "ce-id": str(uuid4())}
            await bus.store(
                f"dead.{movies.movie_added.subject}", msgspec.json.encode(payload), "x", headers
            )
            (dead,) = (await bus.call(jobs.list_jobs, ListJobs(JobState.DEAD))).jobs
            await bus.call(jobs.list_jobs, ListJobs(JobState.WAITING))
            await bus.call(jobs.retry_job, GetJob(dead.id))

            async def is_delivered() -> bool:
                return bool(httpserver.log)

            await eventually(is_delivered)
            died = await anext(follow(bus, notification.job_died.subject, after=0))
            assert b"movies.added" in died.payload

    assert refused == []
