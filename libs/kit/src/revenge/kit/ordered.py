"""An ordered consumer: what a stream has, each message once and in order (NATS ADR-17).

The server keeps nothing for it. It counts what it sends, so that a message that was lost on the
way is noticed, if by the next message or by what it says when all is silent.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from msgspec import Struct
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, Header
from nats.js.client import JetStreamContext

from revenge.kit.wire import Client, answering, header, parse_head

SILENCE = 2.0  # seconds, after which the server says that it is still there
LOST = 2.5 * SILENCE
SAYS = b"NATS/1.0 100"  # begins what the server itself has to say

ACK_TOKENS = 9  # $JS.ACK.stream.consumer.deliveries.sequence.number.time.pending
# a domain and an account come after $JS.ACK where there are leaf nodes


class Followed(Struct, frozen=True):
    """`sequence` is that in the stream. The headers are read when somebody asks for them."""

    sequence: int
    subject: str
    payload: bytes
    head: bytes = b""

    @property
    def headers(self) -> dict[str, str]:
        return parse_head(self.head)


class OrderedConsumer:
    """`after` is the sequence of the last message that came, or that was there at the start."""

    def __init__(self, client: Client, after: int) -> None:
        self.after = after
        self._client = client
        self._delivered = 0
        self._arrived: deque[tuple[bytes, bytes, bytes, bytes]] = deque()
        self._news = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, client: Client, js: JetStreamContext, stream: str, config: ConsumerConfig
    ) -> AsyncGenerator[OrderedConsumer]:
        """`config` says where to start, and which subjects. Raises the client's errors."""
        consumer, inbox = cls(client, 0), client.new_inbox()
        subscription = await client.take(inbox, consumer._take)
        try:
            made = await js.add_consumer(stream, _ordered(config, inbox))
            # what the consumer begins after: nothing was delivered when this was said
            consumer.after = made.delivered.stream_seq if made.delivered else 0
            yield consumer
        finally:
            with suppress(NatsError, TimeoutError):  # the server forgets whom nobody hears
                await client.leave(subscription)

    async def messages(self) -> AsyncGenerator[Followed]:
        """They end when one is missing, or the server says nothing any more."""
        while self._arrived or await self._some():
            subject, reply, head, data = self._arrived.popleft()
            if head.startswith(SAYS):
                if not await self._hear(reply, head):
                    return
                continue
            sequence, number = _numbers(reply)
            if number != self._delivered + 1:
                return
            self._delivered, self.after = number, sequence
            yield Followed(sequence, subject.decode(), data, head)

    async def _some(self) -> bool:
        try:
            async with asyncio.timeout(LOST):
                while not self._arrived:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def _hear(self, reply: bytes, head: bytes) -> bool:
        """Whether all that the server has sent has arrived.

        It stops until it is told that we are so far, which is how we are never flooded.
        """
        stalled = header(head, "Nats-Consumer-Stalled")
        if go_on := reply or (stalled or "").encode():
            await self._client.write([answering(go_on)])
        said = header(head, Header.LAST_CONSUMER.value)
        return said is None or int(said) == self._delivered

    def _take(self, subject: bytes, reply: bytes, head: bytes, data: bytes) -> None:
        self._arrived.append((subject, reply, head, data))
        self._news.set()


def _ordered(config: ConsumerConfig, inbox: str) -> ConsumerConfig:
    return replace(
        config,
        deliver_subject=inbox,
        ack_policy=AckPolicy.NONE,
        max_deliver=1,
        flow_control=True,
        idle_heartbeat=SILENCE,
        mem_storage=True,
        num_replicas=1,
    )


def _numbers(reply: bytes) -> tuple[int, int]:
    """Of a message: its sequence in the stream, and its number among those that were delivered."""
    tokens = reply.split(b".")
    at = 5 if len(tokens) == ACK_TOKENS else 7
    return int(tokens[at]), int(tokens[at + 1])
