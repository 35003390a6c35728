"""Traces: one `traceparent` (W3C Trace Context) through everything that a request causes.

Ids are always made and passed on, so that logs can be joined. Spans are recorded and exported
only where an OTLP endpoint is set; without one the SDK is not even imported.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from types import TracebackType
from typing import NamedTuple, Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

HEADER = "traceparent"
TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})"
)


class Ids(NamedTuple):
    """Of a step and of its trace, in hexadecimal."""

    trace: str
    span: str
    flags: str = "00"


_tracer: trace.Tracer | None = None
_current: ContextVar[Ids | None] = ContextVar("trace", default=None)


def use(tracer: trace.Tracer | None) -> None:
    """Record spans with this tracer from now on; None: only pass ids on."""
    global _tracer  # noqa: PLW0603 - one process has one tracer, like one log
    _tracer = tracer


def export(service: str, endpoint: str, ratio: float) -> Callable[[], None]:
    """Send this share of all traces to an OTLP/HTTP endpoint. Returns what ends it."""
    # heavy, and not needed by those who do not trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415

    provider = TracerProvider(
        resource=Resource.create({"service.name": f"revenge-{service}"}),
        sampler=ParentBasedTraceIdRatio(ratio),
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
    use(provider.get_tracer("revenge"))
    return provider.shutdown


class span:  # noqa: N801 - it reads as `with span(...)`; a class costs a third of a generator
    """A step of a trace: of the one in `headers`, else of the current one, else of a new one."""

    __slots__ = ("_kind", "_name", "_parent", "_recorded", "_token", "ids")

    def __init__(
        self,
        name: str,
        kind: SpanKind = SpanKind.INTERNAL,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        parent = None if headers is None else parse(headers.get(HEADER))
        self._name = name
        self._kind = kind
        self._parent = parent or _current.get()
        self._recorded: trace.Span | None = None
        self._token: Token[Ids | None]
        self.ids: Ids

    def __enter__(self) -> Self:
        if _tracer is None:
            self.ids = _next(self._parent)
        else:
            self._recorded = _tracer.start_span(self._name, _context(self._parent), self._kind)
            self.ids = _ids(self._recorded.get_span_context())
        self._token = _current.set(self.ids)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        _current.reset(self._token)
        if self._recorded is None:
            return
        if isinstance(error, Exception):
            self._recorded.set_status(Status(StatusCode.ERROR, type(error).__name__))
        self._recorded.end()

    @property
    def is_recorded(self) -> bool:
        return self._recorded is not None

    def describe(self, name: str, attributes: Mapping[str, AttributeValue]) -> None:
        """Say what is known of the step only by now."""
        if self._recorded is not None:
            self._recorded.update_name(name)
            self._recorded.set_attributes(attributes)


def to_headers() -> dict[str, str]:
    """The header that carries the current trace on; none outside a trace."""
    ids = _current.get()
    return {} if ids is None else {HEADER: f"00-{ids.trace}-{ids.span}-{ids.flags}"}


def trace_ids() -> tuple[str, str] | None:
    """The trace id and span id of this moment."""
    ids = _current.get()
    return None if ids is None else (ids.trace, ids.span)


def parse(traceparent: str | None) -> Ids | None:
    """The step that a `traceparent` names; None if it is not one."""
    found = TRACEPARENT.fullmatch(traceparent or "")
    return Ids(*found.groups()) if found else None


def _next(parent: Ids | None) -> Ids:
    """Of a step that is only its ids: they join logs even where nothing is recorded."""
    step = f"{random.getrandbits(64) or 1:016x}"
    if parent is None:
        return Ids(f"{random.getrandbits(128) or 1:032x}", step)
    return Ids(parent.trace, step, parent.flags)


def _context(parent: Ids | None) -> Context | None:
    if parent is None:
        return None
    known = SpanContext(
        int(parent.trace, 16),
        int(parent.span, 16),
        is_remote=True,
        trace_flags=trace.TraceFlags(int(parent.flags, 16)),
    )
    return trace.set_span_in_context(NonRecordingSpan(known))


def _ids(of: SpanContext) -> Ids:
    return Ids(f"{of.trace_id:032x}", f"{of.span_id:016x}", f"{of.trace_flags:02x}")
