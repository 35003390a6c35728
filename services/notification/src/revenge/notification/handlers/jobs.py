"""Jobs, as an administrator looks after them."""

from __future__ import annotations

from revenge.contracts import Invalid, Nothing, jobs
from revenge.kit import Router
from revenge.notification import burial
from revenge.notification.queues import Queues

router: Router[Queues] = Router()

FURTHEST = 10_000  # a stream is walked, not indexed


@router.rpc(jobs.list_jobs)
async def list_jobs(message: jobs.ListJobs, queues: Queues) -> jobs.JobList:
    if message.offset > FURTHEST:
        raise Invalid(f"offset goes up to {FURTHEST}; ask for one level")
    page = await queues.page(message.state, message.level, message.offset, message.limit)
    return jobs.JobList(page.jobs, page.total, await queues.depths())


@router.rpc(jobs.get_job)
async def get_job(message: jobs.GetJob, queues: Queues) -> jobs.JobInfo:
    return await queues.get(_id(message))


@router.rpc(jobs.retry_job)
async def retry_job(message: jobs.GetJob, queues: Queues) -> Nothing:
    await queues.retry(_id(message))
    return Nothing()


@router.rpc(jobs.discard_job)
async def discard_job(message: jobs.GetJob, queues: Queues) -> Nothing:
    await queues.discard(_id(message))
    return Nothing()


def _id(message: jobs.GetJob) -> burial.Id:
    id = burial.parse(message.id)
    if id is None:
        raise jobs.JobNotFound
    return id
