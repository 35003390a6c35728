"""Answer requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar

import msgspec
from loguru import logger
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.micro.request import Request
from nats.micro.service import Service as Micro
from opentelemetry.trace import SpanKind

from revenge.contracts import Fault, Full, Invalid, Rpc
from revenge.kit import calling, metrics, telemetry
from revenge.kit.bus import ERROR, ERROR_CODE
from revenge.kit.delivery import Delivery
from revenge.kit.router import Route

C = TypeVar("C")
Scope = Callable[[Delivery], AbstractAsyncContextManager[C]]

AT_ONCE = 64  # requests of one endpoint that a replica works on; further ones wait their turn


async def answer(
    micro: Micro, tasks: asyncio.TaskGroup, rpc: Rpc[Any, Any], route: Route[C], scope: Scope[C]
) -> None:
    """Add one endpoint: every replica of a service shares its requests."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def accept(request: Request) -> None:
        # nats-py awaits one callback at a time: whatever is awaited here holds up the endpoint
        await turns.acquire()
        tasks.create_task(reply(request)).add_done_callback(lambda _: turns.release())

    async def reply(request: Request) -> None:
        data, headers = await respond(request.data, request.headers or {}, rpc, route, scope)
        try:
            await request.respond(data, headers)
        except MaxPayloadError:
            logger.error(
                "{}: a reply of {} bytes is more than a message holds", rpc.subject, len(data)
            )
            await request.respond(b"", _told(Full("the answer is too large; ask for less at once")))
        except NatsError as error:  # whoever asked has gone, or the bus
            logger.warning("a reply to {} could not be sent: {!r}", rpc.subject, error)

    await micro.add_endpoint(name=route.name, subject=rpc.subject, handler=accept)


async def respond(
    data: bytes, headers: dict[str, str], rpc: Rpc[Any, Any], route: Route[C], scope: Scope[C]
) -> tuple[bytes, dict[str, str] | None]:
    """The reply to one request: its body, and headers if it is a fault."""
    began = time.perf_counter()
    fault: Fault | None = None
    reply = b""
    with (
        telemetry.span(rpc.subject, SpanKind.SERVER, headers),
        calling.acting_as(calling.from_headers(headers)),
    ):
        try:
            reply = await _handle(data, headers, rpc, route, scope)
        except Fault as raised:
            fault = raised
        except msgspec.DecodeError as error:
            fault = Invalid(str(error))
        except Exception:  # noqa: BLE001 - the last line of defence, and it says so
            logger.exception("{} failed", rpc.subject)
            fault = Fault("internal error")
    status = "ok" if fault is None else fault.code
    metrics.rpc(rpc.subject, status).observe(time.perf_counter() - began)
    if fault is None:
        return reply, None
    return b"", _told(fault)


def _told(fault: Fault) -> dict[str, str]:
    return {ERROR_CODE: fault.code, ERROR: str(fault)}


async def _handle(
    data: bytes, headers: dict[str, str], rpc: Rpc[Any, Any], route: Route[C], scope: Scope[C]
) -> bytes:
    message = msgspec.json.decode(data, type=rpc.request)
    async with scope(Delivery(route.name, headers=headers)) as context:
        result = await route.handler(message, context)
    return msgspec.json.encode(result)


def always(context: C) -> Scope[C]:
    """A scope that gives every message the same context, and opens nothing."""
    return lambda _: nullcontext(context)
