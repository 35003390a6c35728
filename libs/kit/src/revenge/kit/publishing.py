"""Messages of an outbox go to their streams: many at once, in their order, each stored once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from secrets import token_hex
from typing import Any, NamedTuple

import msgspec
from nats.errors import ConnectionReconnectingError
from nats.js.api import Header

from revenge.kit.bus import Bus
from revenge.kit.wire import headers_of, publishing

BATCH = 1000  # the server's limit
WORTH_A_BATCH = 8


class Written(NamedTuple):
    id: int
    message_id: str
    subject: str
    payload: bytes
    headers: str  # as `wire.header_lines` has them


class _Reply(msgspec.Struct, frozen=True):
    error: dict[str, Any] | None = None


async def publish(bus: Bus, rows: Iterable[Written]) -> None:
    """Return when every message is stored. Raises the client's errors."""
    by_stream = sorted(rows, key=_stream)  # a batch is for one stream; the order in it stays
    for _, found in groupby(by_stream, key=_stream):
        together = list(found)
        if len(together) < WORTH_A_BATCH or not await _publish_together(bus, together):
            await _publish_each(bus, together)


def _stream(row: Written) -> str:
    return row.subject.partition(".")[0]


async def _publish_together(bus: Bus, rows: Sequence[Written]) -> bool:
    """All or none, with one acknowledgement (NATS ADR-50).

    False if none was stored, because one of them had been before.
    """
    if not bus.client.is_connected:  # half a batch would wait there for the next connection
        raise ConnectionReconnectingError
    batch = f"Nats-Batch-Id: {token_hex(4)}\r\n"  # short: each message carries it
    await bus.client.write(_members(rows[:-1], batch, bus.client.max_payload))
    last = f"{_lines(rows[-1])}{batch}Nats-Batch-Sequence: {len(rows)}\r\nNats-Batch-Commit: 1\r\n"
    reply = await bus.client.request(
        rows[-1].subject, rows[-1].payload, timeout=10, headers=headers_of(last)
    )
    return msgspec.json.decode(reply.data, type=_Reply).error is None


def _members(rows: Iterable[Written], batch: str, most: int) -> Iterator[bytes]:
    for number, row in enumerate(rows, start=1):
        lines = f"{_lines(row)}{batch}Nats-Batch-Sequence: {number}\r\n"
        yield publishing(row.subject, lines, row.payload, most)


async def _publish_each(bus: Bus, rows: Iterable[Written]) -> None:
    """The stream drops those that it has had within its window."""
    acknowledged = [
        await bus.js.publish_async(row.subject, row.payload, headers=headers_of(_lines(row)))
        for row in rows
    ]
    await asyncio.wait_for(asyncio.gather(*acknowledged), timeout=10)


def _lines(row: Written) -> str:
    return f"{row.headers}{Header.MSG_ID.value}: {row.message_id}\r\n"
