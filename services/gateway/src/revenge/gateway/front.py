"""What every request meets first, and many do not pass: a thin layer before all routing.

It gives each request its id and its span, holds back those who are too fast, answers from what
is kept, and sees to it that every answer carries the headers it should.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from opentelemetry.trace import SpanKind

from revenge.contracts import Fault
from revenge.gateway import measuring
from revenge.gateway.asgi import Answer, App, Header, Message, Receive, Scope, Send, send_answer
from revenge.gateway.cors import Cors
from revenge.gateway.incoming import KEY, Incoming
from revenge.gateway.limits import Limits
from revenge.gateway.problems import problem
from revenge.gateway.replies import Kept, Replies
from revenge.gateway.settings import Network
from revenge.gateway.visitors import Visitors
from revenge.kit import telemetry

SECURITY: tuple[Header, ...] = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)

UNLIMITED = (
    "/api/v1/playback/stream/",
    "/api/v1/images/",
    "/health",
    "/livez",
    "/readyz",
    "/startupz",
)


@dataclass(frozen=True)
class Front:
    app: App
    visitors: Visitors
    replies: Replies
    limits: Limits
    cors: Cors
    trusted: tuple[Network, ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # the server is started without anything else
        began = time.perf_counter()
        incoming = scope[KEY] = Incoming(scope, self.trusted)
        sending = Sending(incoming, send, self.cors, began)
        with (
            measuring.IN_FLIGHT.track_inprogress(),
            telemetry.span(incoming.method, SpanKind.SERVER, _trace(incoming)) as span,
        ):
            incoming.request_id = incoming.wanted_id() or _id_of(span)
            try:
                await self._answer(scope, receive, incoming, sending)
            finally:
                sending.account(span)

    async def _answer(
        self, scope: Scope, receive: Receive, incoming: Incoming, sending: Sending
    ) -> None:
        try:
            answer = self._at_once(incoming)
        except Fault as fault:
            answer = problem(fault, incoming.path)
        if answer is None:
            await self.app(scope, receive, sending)
        else:
            await send_answer(answer, sending, with_body=incoming.method != "HEAD")

    def _at_once(self, incoming: Incoming) -> Answer | None:
        """The answer, if nobody needs to be asked for it."""
        preflight = self.cors.preflight(incoming)
        if preflight is not None:
            return preflight
        if not incoming.path.startswith(UNLIMITED):
            self.limits.check(incoming.address)
        kept = self._kept(incoming) if incoming.method == "GET" else None
        return None if kept is None else kept.to(incoming.headers.get(b"if-none-match"))

    def _kept(self, incoming: Incoming) -> Kept | None:
        visitor = incoming.visitor = self.visitors.known(incoming)
        if visitor is None:
            return None
        kept = self.replies.find(visitor, incoming.path, incoming.query)
        if kept is None:
            return None
        if kept.line.needs is not None:
            visitor.demand(kept.line.needs)
        incoming.route = kept.line.path
        return kept


class Sending:
    """A `send` that completes the headers of an answer, and remembers what was sent."""

    __slots__ = ("_began", "_cors", "_duration", "_incoming", "_send", "_status")

    def __init__(self, incoming: Incoming, send: Send, cors: Cors, began: float) -> None:
        self._incoming = incoming
        self._send = send
        self._cors = cors
        self._began = began
        self._duration = 0.0
        self._status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._duration = time.perf_counter() - self._began
            headers = list(message.get("headers", ()))
            self._complete(headers)
            message["headers"] = headers
        await self._send(message)

    def account(self, span: telemetry.span) -> None:
        """Count this request. Without an answer, the client had left or the code has a bug."""
        incoming = self._incoming
        status = self._status or 500
        seconds = self._duration or time.perf_counter() - self._began
        measuring.count(incoming.method, incoming.route, status, seconds)
        if span.is_recorded:
            attributes: dict[str, str | int] = {
                "http.request.method": incoming.method,
                "http.route": incoming.route,
                "http.response.status_code": status,
            }
            span.describe(f"{incoming.method} {incoming.route}", attributes)

    def _complete(self, headers: list[Header]) -> None:
        """What a service behind has set, stays."""
        there = {name for name, _ in headers}
        headers.append((b"x-request-id", self._incoming.request_id))
        headers.extend(header for header in SECURITY if header[0] not in there)
        if b"access-control-allow-origin" not in there:
            headers.extend(self._cors.headers(self._incoming))


def _trace(incoming: Incoming) -> dict[str, str]:
    given = incoming.headers.get(b"traceparent")
    return {} if given is None else {telemetry.HEADER: given.decode("latin-1")}


def _id_of(span: telemetry.span) -> bytes:
    """The trace's: so the logs of all services can be searched for what a client reports."""
    return span.ids.trace.encode()
