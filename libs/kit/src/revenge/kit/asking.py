"""Requests over NATS, and their replies, through one inbox.

The client library makes a random name, a callback and a task's timeout for each request, at 45 µs;
a number and a timer do as well, since nobody else may read this inbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NoReplyError
from nats.js.api import Header

from revenge.kit.wire import Client, parse_head

NO_RESPONDERS = "503"  # of the server: nobody listens on this subject


class Reply(NamedTuple):
    headers: Mapping[str, str]
    data: bytes


class Inbox:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._prefix = client.new_inbox()
        self._numbers = count()
        self._waiting: dict[bytes, asyncio.Future[Reply]] = {}

    async def open(self) -> None:
        await self._client.take(f"{self._prefix}.*", self._take)

    async def ask(
        self, subject: str, payload: bytes, headers: Mapping[str, str], within: float
    ) -> Reply:
        """Raises `NoRespondersError`, `NoReplyError`, and what publishing does."""
        loop = asyncio.get_running_loop()
        to = f"{self._prefix}.{next(self._numbers)}"
        place = to.encode()
        reply: asyncio.Future[Reply] = loop.create_future()
        self._waiting[place] = reply
        giving_up = loop.call_later(within, _give_up, reply)
        try:
            await self._client.publish(subject, payload, reply=to, headers=dict(headers))
            return await reply
        finally:
            giving_up.cancel()
            del self._waiting[place]

    def _take(self, subject: bytes, _: bytes, head: bytes, data: bytes) -> None:
        reply = self._waiting.get(subject)
        if reply is None or reply.done():
            return  # whoever asked has gone
        headers = parse_head(head) if head else {}
        if headers.get(Header.STATUS) == NO_RESPONDERS:
            reply.set_exception(NoRespondersError())
        else:
            reply.set_result(Reply(headers, data))


def _give_up(reply: asyncio.Future[Reply]) -> None:
    if not reply.done():
        reply.set_exception(NoReplyError())
