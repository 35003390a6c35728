"""One trace runs through everything that a request causes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from revenge.kit import telemetry

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_span_continues_the_trace_in_the_headers() -> None:
    with telemetry.span("work", headers={"traceparent": PARENT}):
        passed_on = telemetry.to_headers()["traceparent"]

    assert passed_on.split("-")[1] == PARENT.split("-")[1]
    assert passed_on.split("-")[2] != PARENT.split("-")[2]


def test_a_span_without_a_parent_begins_a_trace() -> None:
    with telemetry.span("first"):
        first = telemetry.trace_ids()
    with telemetry.span("second"):
        second = telemetry.trace_ids()

    assert first is not None
    assert second is not None
    assert first[0] != second[0]


def test_outside_of_a_span_there_is_nothing_to_pass_on() -> None:
    assert telemetry.to_headers() == {}
    assert telemetry.trace_ids() is None


def test_spans_are_recorded_where_there_is_a_tracer() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    telemetry.use(provider.get_tracer("test"))
    try:
        with (
            telemetry.span("outer", headers={"traceparent": PARENT}),
            pytest.raises(LookupError),
            telemetry.span("inner"),
        ):
            raise LookupError
    finally:
        telemetry.use(None)

    inner, outer = exporter.get_finished_spans()
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert f"{outer.context.trace_id:032x}" == PARENT.split("-")[1]
    assert not inner.status.is_ok


@given(st.text() | st.from_regex(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"))
def test_whatever_a_client_sends_as_traceparent_does_no_harm(value: str) -> None:
    with telemetry.span("work", headers={"traceparent": value}):
        assert telemetry.parse(telemetry.to_headers()["traceparent"]) is not None
