"""Jobs, as an administrator sees them: waiting, running, dead."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from revenge.contracts._faults import Conflict, NotFound
from revenge.contracts._kinds import Domain, Level, Message, Nothing
from revenge.contracts._pages import Limit, Offset

domain = Domain("jobs")


class JobNotFound(NotFound):
    """There is no such job: it is done, or it was discarded."""


class JobRunning(Conflict):
    """A worker has this job in hand; it can be discarded when it is done or has failed."""


class JobState(enum.StrEnum):
    WAITING = "waiting"  # in its queue, or with a worker
    DEAD = "dead"  # set aside: it cannot succeed, or all its attempts failed


class Progress(Message, frozen=True):
    """How far a running job is."""

    phase: str = ""
    current: int = 0
    total: int = 0
    percent: float = 0.0
    message: str = ""


class JobInfo(Message, frozen=True):
    """`id` is stable while the job is in this state."""

    id: str
    state: JobState
    subject: str
    job_id: str  # the id that it was enqueued under
    enqueued_at: datetime
    payload: Any = None
    level: Level | None = None  # None: it is an event that a listener could not handle
    attempts: int = 0
    reason: str | None = None
    consumer: str | None = None
    progress: Progress | None = None


class ListJobs(Message, frozen=True):
    state: JobState = JobState.DEAD
    level: Level | None = None
    limit: Limit = 50
    offset: Offset = 0


class QueueDepth(Message, frozen=True):
    level: Level
    waiting: int
    running: int


class JobList(Message, frozen=True):
    jobs: tuple[JobInfo, ...]
    total: int
    queues: tuple[QueueDepth, ...]


class GetJob(Message, frozen=True):
    id: Annotated[str, Meta(max_length=64)]


list_jobs = domain.rpc("list_jobs", ListJobs, JobList)
get_job = domain.rpc("get_job", GetJob, JobInfo, raises=(JobNotFound,))
retry_job = domain.rpc("retry_job", GetJob, Nothing, raises=(JobNotFound,))
discard_job = domain.rpc("discard_job", GetJob, Nothing, raises=(JobNotFound, JobRunning))
