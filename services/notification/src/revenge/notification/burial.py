"""What the messages of the streams JOBS and DEAD say about jobs, and how a dead one comes back.

The kit writes why a message died, whose it was and its first id into headers when it buries it.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Struct

from revenge.contracts import Level
from revenge.contracts.jobs import JobInfo, JobState, Progress
from revenge.notification.streams import Stored

ID = re.compile(r"(waiting|dead)-([1-9]\d{0,17})")
LISTED = 2 * 1024  # bytes of a payload that a list shows; a reply must fit into one message
SHOWN = 256 * 1024  # bytes of a payload that is shown at all

FIRST_ID = "Revenge-Id"
OF_THE_DEATH = ("Revenge-Reason", "Revenge-Attempt", "Revenge-Consumer")


class Id(Struct, frozen=True):
    """`dead-17`: where a job is, and its number there."""

    state: JobState
    sequence: int

    def __str__(self) -> str:
        return f"{self.state}-{self.sequence}"


class Revived(Struct, frozen=True):
    subject: str
    message_id: str
    headers: dict[str, str]


def parse(id: str) -> Id | None:
    matched = ID.fullmatch(id)
    return Id(JobState(matched[1]), int(matched[2])) if matched else None


def filter_of(state: JobState, level: Level | None) -> str:
    """The subjects of jobs in this state. Without a level, events that died are among them."""
    prefix = "dead." if state is JobState.DEAD else ""
    if level is not None:
        return f"{prefix}job.{level}.>"
    return "dead.>" if prefix else "job.>"


def id_of(found: Stored) -> str:
    """The id that the message was sent under."""
    return (
        found.headers.get(FIRST_ID)
        or found.headers.get("Nats-Msg-Id")
        or f"JOBS:{found.sequence}"  # what the kit calls a message without an id
    )


def waiting(found: Stored, most: int) -> JobInfo:
    return JobInfo(
        id=str(Id(JobState.WAITING, found.sequence)),
        state=JobState.WAITING,
        subject=found.subject,
        job_id=id_of(found),
        enqueued_at=found.stored_at,
        payload=_payload(found.payload, most),
        level=_level(found.subject),
    )


def running(found: Stored, most: int, consumer: str, progress: Progress | None) -> JobInfo:
    """In the hands of a worker. How often it was tried is known only to the server: once, or more.

    Between two attempts it looks the same.
    """
    return msgspec.structs.replace(
        waiting(found, most), attempts=1, consumer=consumer, progress=progress
    )


def dead(found: Stored, most: int) -> JobInfo:
    subject = subject_of(found)
    return JobInfo(
        id=str(Id(JobState.DEAD, found.sequence)),
        state=JobState.DEAD,
        subject=subject,
        job_id=id_of(found),
        enqueued_at=found.stored_at,
        payload=_payload(found.payload, most),
        level=_level(subject),
        attempts=_number(found.headers.get("Revenge-Attempt", "")),
        reason=reason_of(found),
        consumer=found.headers.get("Revenge-Consumer"),
    )


def subject_of(found: Stored) -> str:
    """Where a dead message came from."""
    return found.subject.removeprefix("dead.")


def reason_of(found: Stored) -> str:
    return found.headers.get("Revenge-Reason", "")


def exhume(found: Stored) -> Revived:
    """A dead message as it was sent first, but under a new message id.

    The stream drops an id that it has seen a short while ago. The first id goes along as
    `Revenge-Id`, by which the listeners who have handled an event know it again.
    """
    headers = {
        name: value
        for name, value in found.headers.items()
        if not name.startswith("Nats-") and name not in OF_THE_DEATH
    }
    return Revived(
        subject=subject_of(found),
        message_id=f"{id_of(found)}:again:{found.sequence}",
        headers={**headers, FIRST_ID: id_of(found)},
    )


def _payload(data: bytes, most: int) -> Any:
    """Decoded; a word on its length where it is too long to show, or was never JSON."""
    if len(data) > most:
        return f"{len(data)} bytes, too long to show here"
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        return f"{len(data)} bytes that are not JSON"


def _level(subject: str) -> Level | None:
    kind, _, rest = subject.partition(".")
    return Level(rest.partition(".")[0]) if kind == "job" else None


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else 0
