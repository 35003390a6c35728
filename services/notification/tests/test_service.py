"""The whole service on a real bus and database, with other services beside it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from revenge.contracts import Job, Level, Message, MovieId, jobs, movies, notification
from revenge.contracts.jobs import GetJob, JobInfo, JobState, ListJobs
from revenge.contracts.notification import CreateWebhook, GetWebhook, UpdateWebhook, Webhook
from revenge.kit import Bus, Router, Service, Settings, always, settings
from revenge.kit.following import follow
from revenge.kit.testing import eventually, running
from revenge.notification.__main__ import start
from revenge.notification.settings import Notification, NotificationSettings


class Task(Message, frozen=True):
    name: str


class Broken(Exception):
    """It does not work."""


fragile: Job[Task] = Job("job.low.tests.fragile", Task, Level.LOW, attempts=1)


@pytest.fixture
async def notifier(empty_url: str, nats: settings.Nats) -> AsyncGenerator[None]:
    configured = NotificationSettings(
        nats=nats,
        database=settings.Database(url=empty_url, max_conns=4),
        notification=Notification(secret="a secret for tests only"),
    )
    async with running("notification", configured, start):
        yield


class Receiver:
    """An integrator's server, which answers as the test says, and then with 204."""

    def __init__(self, server: HTTPServer) -> None:
        self.answers: list[int] = []
        self.received: list[dict[str, Any]] = []
        self.url = server.url_for("/hook")
        server.expect_request("/hook").respond_with_handler(self._answer)

    def types(self) -> list[str]:
        return [body["event_type"] for body in self.received]

    def _answer(self, request: Request) -> Response:
        self.received.append(msgspec.json.decode(request.get_data()))
        return Response(status=self.answers.pop(0) if self.answers else 204)


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Receiver:
    return Receiver(httpserver)


async def add_movie(bus: Bus, title: str = "Heat") -> str:
    """As the catalogue's outbox would announce it."""
    id = str(uuid4())
    headers = {
        "ce-id": id,
        "ce-type": movies.movie_added.type,
        "ce-time": "2026-11-20T12:00:00Z",
    }
    payload = movies.MovieEvent(MovieId(uuid4()), title, ())
    await bus.store(movies.movie_added.subject, msgspec.json.encode(payload), id, headers)
    return id


async def make_webhook(bus: Bus, url: str, *event_types: str) -> Webhook:
    request = CreateWebhook("a webhook", url, event_types=event_types)
    return await bus.call(notification.create_webhook, request)


async def the_dead(bus: Bus) -> tuple[JobInfo, ...]:
    return (await bus.call(jobs.list_jobs, ListJobs(JobState.DEAD))).jobs


def asking(question: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def ask() -> object:
        return question()

    return ask


@pytest.mark.usefixtures("notifier")
async def test_an_event_reaches_the_webhook_that_wants_it(bus: Bus, receiver: Receiver) -> None:
    webhook = await make_webhook(bus, receiver.url, "movie.added")

    id = await add_movie(bus)
    await eventually(asking(lambda: receiver.received))

    (body,) = receiver.received
    assert (body["event_id"], body["event_type"], body["source"]) == (id, "movie.added", "revenge")
    assert body["timestamp"] == "2026-11-20T12:00:00Z"
    assert body["data"]["title"] == "Heat"

    async def is_noted() -> bool:
        found = await bus.call(notification.get_webhook, GetWebhook(webhook.id))
        return found.last_delivered_at is not None

    await eventually(is_noted)


@pytest.mark.usefixtures("notifier")
async def test_a_delivery_is_tried_again_after_an_error(bus: Bus, receiver: Receiver) -> None:
    receiver.answers = [500]
    await make_webhook(bus, receiver.url, "movie.added")

    await add_movie(bus)
    await eventually(asking(lambda: len(receiver.received) == 2))

    assert receiver.received[0] == receiver.received[1]


@pytest.mark.usefixtures("notifier")
async def test_a_webhook_that_is_gone_is_left_alone(bus: Bus, receiver: Receiver) -> None:
    receiver.answers = [410]
    webhook = await make_webhook(bus, receiver.url, "movie.added")
    await add_movie(bus)

    async def is_disabled() -> bool:
        found = await bus.call(notification.get_webhook, GetWebhook(webhook.id))
        return not found.enabled

    async def is_heard() -> bool:
        consumer = await bus.js.consumer_info("EVENTS", "notification-movies-added")
        return consumer.num_pending == 0 and consumer.num_ack_pending == 0

    await eventually(is_disabled)
    await add_movie(bus, "another")
    await eventually(is_heard)
    other = await make_webhook(bus, receiver.url, "movie.added")
    await add_movie(bus, "the last")
    await eventually(asking(lambda: "the last" in titles(receiver)))

    assert "another" not in titles(receiver)
    assert other.enabled


def titles(receiver: Receiver) -> list[str]:
    return [body["data"]["title"] for body in receiver.received]


@pytest.mark.usefixtures("notifier")
async def test_a_test_is_delivered_once_even_to_a_disabled_webhook(
    bus: Bus, receiver: Receiver
) -> None:
    webhook = await make_webhook(bus, receiver.url, "test", "movie.added")
    await bus.call(notification.test_webhook, GetWebhook(webhook.id))
    await eventually(asking(lambda: receiver.received))
    await bus.call(notification.update_webhook, UpdateWebhook(webhook.id, enabled=False))

    await bus.call(notification.test_webhook, GetWebhook(webhook.id))
    await eventually(asking(lambda: len(receiver.received) == 2))

    assert receiver.types() == ["test", "test"]


@pytest.mark.usefixtures("notifier")
async def test_the_start_is_announced(bus: Bus) -> None:
    heard = follow(bus, notification.system_started.subject, after=0)

    started = await anext(heard)

    assert started.headers["ce-type"] == "system.startup"
    await heard.aclose()


@pytest.mark.usefixtures("notifier")
async def test_a_job_that_fails_for_ever_dies_and_can_be_retried_by_an_administrator(
    bus: Bus, nats: settings.Nats, receiver: Receiver
) -> None:
    await make_webhook(bus, receiver.url, "system.job_died")
    worked: list[str] = []
    broken = True
    router: Router[None] = Router()

    @router.job(fragile)
    async def work(task: Task, _: None) -> None:
        if broken:
            raise Broken
        worked.append(task.name)

    async def start_tests(service: Service, _: Settings) -> None:
        service.include(router, scope=always(None))

    async with running("tests", Settings(nats=nats), start_tests):
        await bus.store(fragile.subject, b'{"name":"mend"}', "the-job", {"Revenge-Attempts": "1"})
        (dead,) = await eventually(lambda: the_dead(bus))
        assert (dead.job_id, dead.subject, dead.attempts) == ("the-job", fragile.subject, 1)
        assert dead.reason == "Broken: It does not work."
        assert dead.payload == {"name": "mend"}
        await eventually(asking(lambda: receiver.types() == ["system.job_died"]))
        assert receiver.received[0]["data"]["id"] == dead.id

        broken = False
        await bus.call(jobs.retry_job, GetJob(dead.id))
        await eventually(asking(lambda: worked))

    assert worked == ["mend"]
    assert await the_dead(bus) == ()


@pytest.mark.usefixtures("notifier")
async def test_a_dead_job_can_be_discarded_by_an_administrator(bus: Bus) -> None:
    await bus.store("dead.job.low.tests.fragile", b"{}", "x", {"Revenge-Id": "the-job"})
    (dead,) = await the_dead(bus)

    await bus.call(jobs.discard_job, GetJob(dead.id))

    assert await the_dead(bus) == ()
    with pytest.raises(jobs.JobNotFound):
        await bus.call(jobs.get_job, GetJob(dead.id))


@pytest.mark.usefixtures("notifier")
async def test_a_message_that_nobody_can_read_dies_and_is_announced(bus: Bus) -> None:
    heard = follow(bus, notification.job_died.subject, after=0)

    await bus.store(movies.movie_added.subject, b"this is not JSON", str(uuid4()), {})

    died = msgspec.json.decode((await anext(heard)).payload, type=notification.JobDied)
    assert died.subject == movies.movie_added.subject
    assert "JSON" in died.reason
    await heard.aclose()
