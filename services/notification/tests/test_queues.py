"""Against a real bus: what is shown of jobs is what the server says."""

import asyncio
from uuid import uuid4

import msgspec
import pytest
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.client import JetStreamContext

from revenge.contracts import Invalid, Level, jobs
from revenge.contracts.jobs import GetJob, JobInfo, JobNotFound, JobRunning, JobState, ListJobs
from revenge.kit import Bus
from revenge.kit.jobs import BUCKET
from revenge.notification.handlers import jobs as handlers
from revenge.notification.queues import Queues


@pytest.fixture
def queues(bus: Bus) -> Queues:
    return Queues(bus)


async def enqueue(bus: Bus, subject: str = "job.low.tests.work", payload: bytes = b"{}") -> str:
    id = str(uuid4())
    await bus.store(subject, payload, id, {"Revenge-Attempts": "3", "traceparent": "00-a-b-01"})
    return id


async def bury(bus: Bus, subject: str = "job.low.tests.work", payload: bytes = b"{}") -> str:
    """As the kit does it."""
    id = str(uuid4())
    headers = {
        "Revenge-Reason": "ValueError: broken",
        "Revenge-Attempt": "3",
        "Revenge-Attempts": "3",
        "Revenge-Consumer": "tests-low-tests-work",
        "Revenge-Id": id,
    }
    await bus.store(f"dead.{subject}", payload, f"tests:{id}:1", headers)
    return id


async def worker(bus: Bus, subject: str) -> JetStreamContext.PullSubscription:
    durable = subject.replace(".", "-")
    config = ConsumerConfig(
        durable_name=durable, filter_subject=subject, ack_policy=AckPolicy.EXPLICIT
    )
    await bus.js.add_consumer("JOBS", config)
    return await bus.js.pull_subscribe_bind(durable=durable, stream="JOBS")


async def listed(
    queues: Queues, state: JobState, level: Level | None = None, limit: int = 50, offset: int = 0
) -> jobs.JobList:
    return await handlers.list_jobs(ListJobs(state, level, limit, offset), queues)


async def the_dead(queues: Queues) -> list[JobInfo]:
    return list((await listed(queues, JobState.DEAD)).jobs)


async def test_where_nothing_is_nothing_is_listed(queues: Queues) -> None:
    for state in JobState:
        found = await listed(queues, state)
        assert (found.jobs, found.total) == ((), 0)
        assert [(q.waiting, q.running) for q in found.queues] == [(0, 0)] * len(Level)


async def test_waiting_jobs_are_listed_in_their_order(bus: Bus, queues: Queues) -> None:
    ids = [await enqueue(bus, payload=b'{"n":%d}' % n) for n in range(5)]

    page = await listed(queues, JobState.WAITING, limit=2, offset=1)

    assert [job.job_id for job in page.jobs] == ids[1:3]
    assert [job.payload for job in page.jobs] == [{"n": 1}, {"n": 2}]
    assert page.total == 5
    assert page.jobs[0].attempts == 0
    assert page.jobs[0].consumer is None


async def test_the_latest_dead_are_listed_first(bus: Bus, queues: Queues) -> None:
    ids = [await bury(bus) for _ in range(5)]

    page = await listed(queues, JobState.DEAD, limit=2, offset=1)

    assert [job.job_id for job in page.jobs] == [ids[3], ids[2]]
    assert page.total == 5
    assert page.jobs[0].reason == "ValueError: broken"


async def test_the_dead_of_one_level_are_found_far_back(bus: Bus, queues: Queues) -> None:
    wanted = [await bury(bus, "job.high.tests.rare") for _ in range(3)]
    for _ in range(60):
        await bury(bus)
    await bury(bus, "event.movies.added")

    page = await listed(queues, JobState.DEAD, Level.HIGH, limit=2)

    assert [job.job_id for job in page.jobs] == [wanted[2], wanted[1]]
    assert page.total == 3


async def test_pages_have_no_gaps_and_no_doubles(bus: Bus, queues: Queues) -> None:
    ids = [await bury(bus, f"job.{Level.LOW}.tests.{n % 3}") for n in range(600)]

    seen: list[str] = []
    for offset in range(0, 600, 100):
        page = await listed(queues, JobState.DEAD, limit=100, offset=offset)
        seen += [job.job_id for job in page.jobs]

    assert seen == ids[::-1]


async def test_gaps_in_the_stream_are_no_jobs(bus: Bus, queues: Queues) -> None:
    ids = [await bury(bus) for _ in range(6)]
    for job in (await the_dead(queues))[1:4]:
        await handlers.discard_job(GetJob(job.id), queues)

    assert [job.job_id for job in await the_dead(queues)] == [ids[5], ids[1], ids[0]]


async def test_a_dead_event_is_listed_without_a_level(bus: Bus, queues: Queues) -> None:
    await bury(bus, "event.movies.added")

    (job,) = await the_dead(queues)

    assert (job.subject, job.level) == ("event.movies.added", None)


async def test_nobody_walks_a_stream_to_its_end(queues: Queues) -> None:
    with pytest.raises(Invalid):
        await listed(queues, JobState.DEAD, offset=10_001)


async def test_depths_tell_who_waits_from_who_is_worked_on(bus: Bus, queues: Queues) -> None:
    for _ in range(3):
        await enqueue(bus, "job.bulk.tests.scan")
    await enqueue(bus, "job.high.tests.unclaimed")
    working = await worker(bus, "job.bulk.tests.scan")
    await working.fetch(1)

    depths = {q.level: (q.waiting, q.running) for q in await queues.depths()}

    assert depths[Level.BULK] == (2, 1)
    assert depths[Level.HIGH] == (1, 0)
    await working.unsubscribe()


async def test_schedules_are_no_jobs(bus: Bus, queues: Queues) -> None:
    headers = {"Nats-Schedule": "@every 1h", "Nats-Schedule-Target": "job.low.tests.work"}
    stored = await bus.js.publish("schedule.job.low.tests.work", b"{}", headers=headers)

    assert (await listed(queues, JobState.WAITING)).total == 0
    with pytest.raises(JobNotFound):
        await handlers.discard_job(GetJob(f"waiting-{stored.seq}"), queues)


async def test_a_running_job_shows_its_worker_and_progress(bus: Bus, queues: Queues) -> None:
    id = await enqueue(bus, "job.bulk.tests.scan")
    working = await worker(bus, "job.bulk.tests.scan")
    await working.fetch(1)
    progress = jobs.Progress("walking", 5, 10, 50.0)
    await (await bus.bucket(BUCKET)).put(id, msgspec.json.encode(progress))

    (job,) = (await listed(queues, JobState.WAITING)).jobs

    assert job.progress == progress
    assert job.consumer == "job-bulk-tests-scan"
    assert job.attempts == 1
    await working.unsubscribe()


async def test_a_running_job_without_an_id_of_its_own_is_shown_too(
    bus: Bus, queues: Queues
) -> None:
    await bus.js.publish("job.bulk.tests.scan", b"{}")  # as the server does by a schedule
    working = await worker(bus, "job.bulk.tests.scan")
    await working.fetch(1)

    (job,) = (await listed(queues, JobState.WAITING)).jobs

    assert job.job_id.startswith("JOBS:")
    assert job.progress is None
    await working.unsubscribe()


async def test_a_job_can_be_looked_at_in_full(bus: Bus, queues: Queues) -> None:
    long = "x" * 10_000
    await bury(bus, payload=msgspec.json.encode({"long": long}))
    (job,) = await the_dead(queues)

    found = await handlers.get_job(GetJob(job.id), queues)

    assert isinstance(job.payload, str)
    assert found.payload == {"long": long}


async def test_a_list_of_large_jobs_fits_into_a_reply(bus: Bus, queues: Queues) -> None:
    for _ in range(100):
        await bury(bus, payload=msgspec.json.encode({"long": "x" * 20_000}))

    page = await listed(queues, JobState.DEAD, limit=100)

    assert len(page.jobs) == 100
    assert len(msgspec.json.encode(page)) < 1_000_000


@pytest.mark.parametrize("id", ["dead-99", "waiting-99", "nonsense", "dead-0", "dead-" + "9" * 20])
async def test_an_unknown_job_is_not_found(queues: Queues, id: str) -> None:
    for handler in (handlers.get_job, handlers.retry_job, handlers.discard_job):
        with pytest.raises(JobNotFound):
            await handler(GetJob(id), queues)


async def test_a_retried_job_waits_again_as_it_was_sent_first(bus: Bus, queues: Queues) -> None:
    await enqueue(bus)  # its stream has numbers of its own
    id = await bury(bus, payload=b'{"n":1}')
    (job,) = await the_dead(queues)

    await handlers.retry_job(GetJob(job.id), queues)

    assert await the_dead(queues) == []
    again = (await listed(queues, JobState.WAITING)).jobs[-1]
    assert (again.subject, again.job_id, again.payload) == ("job.low.tests.work", id, {"n": 1})
    raw = await bus.js.get_last_msg("JOBS", "job.low.tests.work")
    assert raw.headers is not None
    assert raw.headers["Revenge-Attempts"] == "3"
    assert "Revenge-Reason" not in raw.headers


async def test_a_job_that_died_at_once_can_be_retried_at_once(bus: Bus, queues: Queues) -> None:
    id = await enqueue(bus)
    working = await worker(bus, "job.low.tests.work")
    (message,) = await working.fetch(1)
    await bus.store(
        "dead.job.low.tests.work", message.data, "x", {"Revenge-Id": id, "Revenge-Reason": "no"}
    )
    await message.term()
    (job,) = await the_dead(queues)

    await handlers.retry_job(GetJob(job.id), queues)

    (again,) = await working.fetch(1)
    assert again.headers is not None
    assert again.headers["Revenge-Id"] == id
    await working.unsubscribe()


async def test_two_who_retry_at_once_enqueue_once(bus: Bus, queues: Queues) -> None:
    await bury(bus)
    (job,) = await the_dead(queues)

    await asyncio.gather(
        *(handlers.retry_job(GetJob(job.id), queues) for _ in range(4)), return_exceptions=True
    )

    assert await the_dead(queues) == []
    assert (await listed(queues, JobState.WAITING)).total == 1


async def test_a_waiting_job_cannot_be_retried(bus: Bus, queues: Queues) -> None:
    await enqueue(bus)
    (job,) = (await listed(queues, JobState.WAITING)).jobs

    with pytest.raises(JobNotFound):
        await handlers.retry_job(GetJob(job.id), queues)


async def test_a_waiting_job_can_be_discarded_but_not_a_running_one(
    bus: Bus, queues: Queues
) -> None:
    for _ in range(2):
        await enqueue(bus)
    working = await worker(bus, "job.low.tests.work")
    await working.fetch(1)
    running, waiting = (await listed(queues, JobState.WAITING)).jobs

    await handlers.discard_job(GetJob(waiting.id), queues)
    with pytest.raises(JobRunning):
        await handlers.discard_job(GetJob(running.id), queues)

    assert (await listed(queues, JobState.WAITING)).total == 1
    await working.unsubscribe()


async def test_a_discarded_dead_job_is_gone(bus: Bus, queues: Queues) -> None:
    await bury(bus)
    (job,) = await the_dead(queues)

    await handlers.discard_job(GetJob(job.id), queues)

    assert await the_dead(queues) == []
    with pytest.raises(JobNotFound):
        await handlers.discard_job(GetJob(job.id), queues)
