"""The jobs of all services: those that wait in the stream JOBS, and those set aside in DEAD."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from nats.js.api import ConsumerInfo
from nats.js.errors import InvalidKeyError, KeyNotFoundError

from revenge.contracts import Level
from revenge.contracts.jobs import (
    JobInfo,
    JobNotFound,
    JobRunning,
    JobState,
    Progress,
    QueueDepth,
)
from revenge.kit import Bus
from revenge.kit.jobs import BUCKET
from revenge.notification import burial, streams
from revenge.notification.burial import Id

STREAMS = {JobState.WAITING: "JOBS", JobState.DEAD: "DEAD"}


class Page(Struct, frozen=True):
    jobs: tuple[JobInfo, ...]
    total: int


class Queues:
    """Looks at jobs, and moves them, without ever being a worker of theirs."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def page(self, state: JobState, level: Level | None, skip: int, take: int) -> Page:
        """The waiting in their order, the dead with the latest first."""
        subject = burial.filter_of(state, level)
        counted = await streams.count(self._bus, STREAMS[state], subject)
        read = streams.oldest if state is JobState.WAITING else streams.newest
        found = await read(self._bus, STREAMS[state], subject, skip, take)
        workers = await self._workers() if state is JobState.WAITING else []
        infos = [await self._describe(job, state, workers, burial.LISTED) for job in found]
        return Page(tuple(infos), sum(counted.values()))

    async def depths(self) -> tuple[QueueDepth, ...]:
        counted = await streams.count(self._bus, "JOBS", "job.>")
        workers = await self._workers()
        return tuple(_depth(level, counted, workers) for level in Level)

    async def get(self, id: Id) -> JobInfo:
        """Raises `JobNotFound`."""
        found = await self._find(id)
        workers = await self._workers() if id.state is JobState.WAITING else []
        return await self._describe(found, id.state, workers, burial.SHOWN)

    async def retry(self, id: Id) -> None:
        """Put a dead job back where it came from, with all its attempts. Raises `JobNotFound`.

        Stored first, removed then: if it is interrupted in between, asking again soon stores
        nothing twice.
        """
        if id.state is not JobState.DEAD:
            raise JobNotFound
        dead = await self._find(id)
        again = burial.exhume(dead)
        with streams.reachable():
            await self._bus.store(again.subject, dead.payload, again.message_id, again.headers)
        await streams.delete(self._bus, STREAMS[id.state], id.sequence)

    async def discard(self, id: Id) -> None:
        """Raises `JobNotFound`, or `JobRunning` if a worker has it or may have it again."""
        if id.state is JobState.WAITING:
            found = await self._find(id)
            if _worker_of(found, await self._workers()):
                raise JobRunning
        if not await streams.delete(self._bus, STREAMS[id.state], id.sequence):
            raise JobNotFound

    async def _find(self, id: Id) -> streams.Stored:
        found = await streams.find(self._bus, STREAMS[id.state], id.sequence)
        if found is None or not found.subject.startswith(("job.", "dead.")):
            raise JobNotFound  # done, discarded, or a schedule
        return found

    async def _workers(self) -> list[ConsumerInfo]:
        with streams.reachable():
            return await self._bus.js.consumers_info("JOBS")

    async def _describe(
        self, found: streams.Stored, state: JobState, workers: list[ConsumerInfo], most: int
    ) -> JobInfo:
        if state is JobState.DEAD:
            return burial.dead(found, most)
        worker = _worker_of(found, workers)
        if worker is None:
            return burial.waiting(found, most)
        job_id = burial.id_of(found)
        return burial.running(found, most, worker.name, await self._progress(job_id))

    async def _progress(self, job_id: str) -> Progress | None:
        with streams.reachable():
            bucket = await self._bus.bucket(BUCKET)
            try:
                entry = await bucket.get(job_id)
            except (KeyNotFoundError, InvalidKeyError):
                return None
        return msgspec.json.decode(entry.value, type=Progress) if entry.value else None


def _worker_of(found: streams.Stored, workers: list[ConsumerInfo]) -> ConsumerInfo | None:
    """The consumer that has taken this job: a worker has it, or it waits for another attempt."""
    for worker in workers:
        taken = worker.delivered.stream_seq if worker.delivered else 0
        if worker.config.filter_subject == found.subject and found.sequence <= taken:
            return worker
    return None


def _depth(level: Level, counted: streams.Counted, workers: list[ConsumerInfo]) -> QueueDepth:
    prefix = f"job.{level}."
    there = sum(count for subject, count in counted.items() if subject.startswith(prefix))
    taken = sum(
        worker.num_ack_pending or 0
        for worker in workers
        if (worker.config.filter_subject or "").startswith(prefix)
    )
    return QueueDepth(level, max(there - taken, 0), taken)
