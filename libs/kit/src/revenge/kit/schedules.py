"""Periodic jobs: message schedules of the server itself, so that there is one scheduler.

A schedule is a message that stays in the stream; when it is due, the server publishes a copy as
the job. Every replica may set it: setting it again replaces it.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from revenge.contracts import Job, Message
from revenge.kit.bus import Bus

M = TypeVar("M", bound=Message)

SCHEDULE = "Nats-Schedule"
TARGET = "Nats-Schedule-Target"


async def set_schedule(bus: Bus, job: Job[M], payload: M, when: str) -> None:
    """Enqueue `job` again and again.

    `when` is `@every 1h`, or a cron expression of six fields (seconds first), in UTC.
    """
    await bus.js.publish(
        f"schedule.{job.subject}",
        msgspec.json.encode(payload),
        headers={SCHEDULE: when, TARGET: job.subject},
    )
