"""Reading what a stream holds, without consuming it.

Messages are asked for in batches (direct get, as the server has it since 2.11), which the client
library has no call for.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime

import msgspec
from msgspec import Struct
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError
from nats.js.errors import Error as JetStreamError

from revenge.contracts import Unavailable
from revenge.kit import Bus

PATIENCE = 2.0  # seconds that the next message of a batch may take
BATCH = 256
GONE = (10043, 10057)  # the server's error codes for a number that nothing has
NO_MORE = ("204", "404", "408")  # the end of a batch; none at all; nothing from there on


Counted = Mapping[str, int]  # by subject


class Stored(Struct, frozen=True):
    """A message where it lies."""

    sequence: int
    subject: str
    payload: bytes
    headers: Mapping[str, str]
    stored_at: datetime


class Wanted(Struct, frozen=True):
    """The wire form of a request for a batch."""

    seq: int
    next_by_subj: str
    batch: int


async def find(bus: Bus, stream: str, sequence: int) -> Stored | None:
    """The message with this number, if it is still there."""
    with reachable():
        try:
            found = await bus.js.get_msg(stream, sequence, direct=True)
        except NotFoundError:
            return None
    if found.subject is None or found.time is None:
        return None
    return Stored(sequence, found.subject, found.data or b"", found.headers or {}, found.time)


async def oldest(bus: Bus, stream: str, subject: str, skip: int, take: int) -> list[Stored]:
    """A page of the messages on `subject`, the first one first."""
    found = await _read(bus, stream, subject, 1, skip + take)
    return found[skip:]


async def newest(bus: Bus, stream: str, subject: str, skip: int, take: int) -> list[Stored]:
    """A page of the messages on `subject`, the last one first.

    A stream is read forwards only: from further and further back, until there are enough.
    """
    with reachable():
        state = (await bus.js.stream_info(stream)).state
    width = skip + take
    while True:
        start = max(state.first_seq, state.last_seq - width + 1)
        found = await _read(bus, stream, subject, start, width)
        if len(found) >= skip + take or start <= state.first_seq:
            return found[::-1][skip : skip + take]
        width *= 4


async def count(bus: Bus, stream: str, subject: str) -> Counted:
    """How many messages there are on each subject that fits."""
    with reachable():
        info = await bus.js.stream_info(stream, subjects_filter=subject)
    return info.state.subjects or {}


async def delete(bus: Bus, stream: str, sequence: int) -> bool:
    """False if there is no such message any more."""
    with reachable():
        try:
            return await bus.js.delete_msg(stream, sequence)
        except APIError as error:
            if error.err_code not in GONE:
                raise
            return False


@contextmanager
def reachable() -> Generator[None]:
    """Raises `Unavailable` where the bus does not answer."""
    try:
        yield
    except (NatsError, JetStreamError, TimeoutError) as error:
        raise Unavailable("the bus does not answer") from error


async def _read(bus: Bus, stream: str, subject: str, start: int, most: int) -> list[Stored]:
    found: list[Stored] = []
    with reachable():
        while len(found) < most:
            wanted = Wanted(start, subject, min(BATCH, most - len(found)))
            batch = await _read_batch(bus, stream, wanted)
            if not batch:
                break
            found += batch
            start = batch[-1].sequence + 1
    return found


async def _read_batch(bus: Bus, stream: str, wanted: Wanted) -> list[Stored]:
    inbox = bus.client.new_inbox()
    subscription = await bus.client.subscribe(inbox)
    try:
        await bus.client.publish(
            f"$JS.API.DIRECT.GET.{stream}", msgspec.json.encode(wanted), reply=inbox
        )
        found: list[Stored] = []
        while (message := await subscription.next_msg(PATIENCE)) and not _is_end(message):
            found.append(_stored(message))
        return found
    finally:
        await subscription.unsubscribe()


def _is_end(message: Msg) -> bool:
    status = (message.headers or {}).get("Status")
    if status is None:
        return False
    if status not in NO_MORE:
        raise Unavailable(f"the bus answered {status}")
    return True


def _stored(message: Msg) -> Stored:
    headers = message.headers or {}
    return Stored(
        int(headers["Nats-Sequence"]),
        headers["Nats-Subject"],
        message.data,
        headers,
        msgspec.convert(headers["Nats-Time-Stamp"], datetime),
    )
