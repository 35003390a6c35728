"""Pull messages from a durable consumer, through an inbox of one's own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import Header

from revenge.kit.received import Received
from revenge.kit.wire import Client, answering, parse_head

ANSWERED_WITHIN = 5.0  # seconds, beyond what the server was asked to wait
GATHERING = 0.005  # seconds that a batch is given to become more than its first message
NO_MORE = ("404", "408")  # nothing is there; nothing came in time
SECOND = 1_000_000_000  # in nanoseconds, the protocol's unit


class PullRefused(NatsError):
    """The server gave a reason instead of messages."""


class Pull:
    """One request at a time. Raises `PullRefused` and the client's own errors."""

    def __init__(self, client: Client, stream: str, durable: str) -> None:
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._arrived: list[Received] = []
        self._due = 0  # messages that the server may still send for the last request
        self._due_until = 0.0
        self._news = asyncio.Event()
        self._refusal: str | None = None

    async def open(self) -> None:
        self._subscription = await self._client.take(self._inbox, self._take)

    async def close(self) -> None:
        """What has arrived and nobody took goes back at once."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            with suppress(NatsError):
                await self._client.leave(subscription)
        returned, self._arrived = self._arrived, []
        for message in returned:
            await message.nak()

    async def fetch(self, most: int, timeout: float) -> list[Received]:
        """What is there; else the next message within `timeout` seconds; else nothing.

        It waits for one alone, so that none lies here unattended while another is handled.
        """
        there = await self._all_of({"batch": most, "no_wait": True}, most, 0)
        return there or await self._all_of({"batch": 1, "expires": _ns(timeout)}, 1, timeout)

    async def fetch_ahead(self, most: int, timeout: float) -> list[Received]:
        """The same for one who has time for many: further ones come while these are handled."""
        await self._ask_ahead(most, timeout)
        await self._until(self._has_some, timeout + ANSWERED_WITHIN)
        if len(self._arrived) < most / 2:
            await self._until(self._has_all, GATHERING)
        arrived = self._hand_over(most)
        await self._ask_ahead(most, timeout)
        return arrived

    async def _all_of(self, wish: dict[str, int | bool], most: int, waits: float) -> list[Received]:
        await self._ask(wish, most, waits)
        await self._until(self._has_all, waits + ANSWERED_WITHIN)
        return self._hand_over(most)

    async def _ask_ahead(self, most: int, waits: float) -> None:
        if self._has_all() and len(self._arrived) < most:
            await self._ask({"batch": most, "expires": _ns(waits)}, most, waits)

    async def _ask(self, wish: dict[str, int | bool], most: int, waits: float) -> None:
        self._due = most
        self._due_until = time.monotonic() + waits + ANSWERED_WITHIN
        await self._client.publish(self._subject, msgspec.json.encode(wish), reply=self._inbox)

    def _has_some(self) -> bool:
        return bool(self._arrived) or self._has_all()

    def _has_all(self) -> bool:
        """The request is answered, or the server has forgotten it."""
        return self._due <= 0 or time.monotonic() > self._due_until

    async def _until(self, it_is_so: Callable[[], bool], within: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not it_is_so():
                    self._news.clear()
                    await self._news.wait()

    def _hand_over(self, most: int) -> list[Received]:
        if self._refusal is not None:
            refusal, self._refusal = self._refusal, None
            raise PullRefused(refusal)
        arrived, self._arrived = self._arrived[:most], self._arrived[most:]
        return arrived

    def _take(self, subject: bytes, reply: bytes, head: bytes, data: bytes) -> None:
        status = parse_head(head).get(Header.STATUS) if not reply else None
        if status is None:
            self._arrived.append(Received(self._client, subject, reply, head, data))
            self._due -= 1
        else:
            self._due = 0
        if status not in (None, *NO_MORE):
            self._refusal = f"{status} {parse_head(head).get(Header.DESCRIPTION, '')}"
        self._news.set()


async def acknowledge(client: Client, messages: Sequence[Received]) -> None:
    """All of them in one go."""
    await client.write(answering(message.reply.encode()) for message in messages)


def _ns(seconds: float) -> int:
    return int(seconds * SECOND)
