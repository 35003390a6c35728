"""Traces: one `traceparent` (W3C Trace Context) through everything that a request causes.

Ids are always made and passed on, so that logs can be joined. Spans are recorded and exported
only where an OTLP endpoint is set; without one the SDK is not even imported.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

HEADER = "traceparent"

_tracer: trace.Tracer | None = None


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


@contextmanager
def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, headers: Mapping[str, str] | None = None
) -> Generator[Span]:
    """A step of a trace: of the one in `headers`, else of the current one, else of a new one."""
    parent = parse(headers.get(HEADER)) if headers is not None else None
    started = _start(name, kind, parent)
    token = context.attach(trace.set_span_in_context(started))
    try:
        yield started
    except Exception as error:
        started.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        context.detach(token)
        started.end()


def to_headers() -> dict[str, str]:
    """The header that carries the current trace on; none outside a trace."""
    current = trace.get_current_span().get_span_context()
    if not current.is_valid:
        return {}
    return {HEADER: f"00-{current.trace_id:032x}-{current.span_id:016x}-{current.trace_flags:02x}"}


def trace_ids() -> tuple[str, str] | None:
    """The trace id and span id of this moment, in hexadecimal."""
    current = trace.get_current_span().get_span_context()
    if not current.is_valid:
        return None
    return f"{current.trace_id:032x}", f"{current.span_id:016x}"


def parse(traceparent: str | None) -> SpanContext | None:
    """A remote span from a `traceparent` of version 00; None if it is not one."""
    parts = (traceparent or "").split("-")
    if [len(part) for part in parts] != [2, 32, 16, 2]:
        return None
    try:
        trace_id, span_id, flags = (int(part, 16) for part in parts[1:])
    except ValueError:
        return None
    found = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return found if found.is_valid else None


def _start(name: str, kind: SpanKind, parent: SpanContext | None) -> Span:
    if _tracer is None:
        return _unrecorded(parent or trace.get_current_span().get_span_context())
    if parent is None:
        return _tracer.start_span(name, kind=kind)
    within = trace.set_span_in_context(NonRecordingSpan(parent))
    return _tracer.start_span(name, within, kind)


def _unrecorded(parent: SpanContext) -> Span:
    """A span that is only its ids: they join logs even where nothing is recorded."""
    return NonRecordingSpan(
        SpanContext(
            parent.trace_id if parent.is_valid else random.getrandbits(128),
            random.getrandbits(64),
            is_remote=False,
            trace_flags=parent.trace_flags if parent.is_valid else TraceFlags(0),
        )
    )
