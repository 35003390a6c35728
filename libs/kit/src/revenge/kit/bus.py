"""NATS, typed: contracts go out, replies come back."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import msgspec
from loguru import logger
from nats.errors import ConnectionClosedError, ConnectionReconnectingError, NoRespondersError
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NoReplyError
from nats.js.api import Header
from nats.js.kv import KeyValue
from opentelemetry.trace import SpanKind

from revenge.contracts import ALWAYS, Fault, Message, Rpc, Unavailable
from revenge.kit import calling, metrics, telemetry
from revenge.kit.asking import Inbox
from revenge.kit.settings import Nats
from revenge.kit.wire import Client

Q = TypeVar("Q", bound=Message)
R = TypeVar("R")

ERROR = "Nats-Service-Error"
ERROR_CODE = "Nats-Service-Error-Code"


class Bus:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.js = client.jetstream()
        self._inbox = Inbox(client)

    @classmethod
    @asynccontextmanager
    async def connect(cls, at: Nats, name: str) -> AsyncGenerator[Bus]:
        """Connect, and wait for a server that is not there yet; reconnect for ever."""
        closing = False

        async def on_disconnected() -> None:
            if not closing:
                logger.warning("the connection to NATS is lost")

        client = Client()
        await client.connect(
            at.url,
            name=name,
            user=at.user or None,
            password=at.password or None,
            inbox_prefix=f"_INBOX_{name}".encode(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,  # type: ignore[arg-type] # it only sleeps for so long
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=_on_error,
            disconnected_cb=on_disconnected,
            reconnected_cb=_on_reconnected,
        )
        bus = cls(client)
        try:
            await bus._inbox.open()
            yield bus
        finally:
            closing = True
            await _close(client)

    async def ping(self) -> None:
        """Raises `Unavailable` if the server does not answer."""
        if not self.client.is_connected:
            raise Unavailable("no connection to NATS")
        try:
            await self.client.flush(timeout=2)
        except (NatsError, TimeoutError) as error:
            raise Unavailable("NATS does not answer") from error

    async def call(self, rpc: Rpc[Q, R], request: Q) -> R:
        """Ask, and wait for the reply. Raises the faults that the contract declares."""
        reply = await self.ask(rpc, msgspec.json.encode(request))
        return msgspec.json.decode(reply, type=rpc.reply)

    async def ask(self, rpc: Rpc[Any, Any], request: bytes) -> bytes:
        """The same for an encoded request: the reply stays as the service wrote it."""
        began = time.perf_counter()
        with telemetry.span(rpc.subject, SpanKind.CLIENT):
            headers = telemetry.to_headers() | calling.to_headers()
            try:
                reply = await self._inbox.ask(rpc.subject, request, headers, rpc.timeout)
            except (NoRespondersError, NoReplyError, ConnectionClosedError) as error:
                raise Unavailable(f"{rpc.subject.split('.')[1]} does not answer") from error
            finally:
                metrics.call(rpc.subject).observe(time.perf_counter() - began)
            raise_fault(rpc, reply.headers)
            return reply.data

    async def store(
        self, subject: str, payload: bytes, message_id: str, headers: Mapping[str, str]
    ) -> None:
        """Return once a stream holds the message. Handlers use `Tx.emit` instead."""
        await self.js.publish(subject, payload, headers={**headers, Header.MSG_ID: message_id})

    async def bucket(self, name: str) -> KeyValue:
        """A KV bucket that `streams.ensure` has made."""
        return await self.js.key_value(name)


def raise_fault(rpc: Rpc[Any, Any], headers: Mapping[str, str] | None) -> None:
    """Turn a service's error headers into the fault that they name."""
    code = (headers or {}).get(ERROR_CODE)
    if not code:
        return
    known: tuple[type[Fault], ...] = (*rpc.raises, *ALWAYS)
    fault = next((fault for fault in known if fault.code == code), Fault)
    raise fault((headers or {}).get(ERROR))


async def _close(client: Client) -> None:
    try:
        await client.drain()
    except (ConnectionReconnectingError, ConnectionClosedError, NoReplyError):
        with suppress(RuntimeError):  # uvloop's word for a transport that is closed already
            await client.close()


async def _on_error(error: Exception) -> None:
    logger.warning("NATS: {!r}", error)


async def _on_reconnected() -> None:
    logger.info("the connection to NATS is back")
