"""One trace from the HTTP request to the last message and log line that it causes."""

import json
import secrets
from typing import Any

import httpx2
import pytest
from tests.e2e import streams
from tests.e2e.suite import Shelf, Suite, draw, eventually

from revenge.embedded.testing._videos import Videos
from revenge.kit.following import Followed

pytestmark = pytest.mark.xdist_group("suite")

CAUSED = {
    "event.library.scan_started",
    "event.library.files_found",
    "event.library.scan_done",
    "event.movies.added",
    "event.metadata.movie_described",
    "event.movies.updated",
}


def traceparent(trace: str) -> dict[str, str]:
    return {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}


def trace_of(event: Followed) -> str:
    return event.headers["traceparent"].split("-")[1]


def logged(suite: Suite, service: str, trace: str) -> list[dict[str, Any]]:
    """The lines of a service's log that belong to the trace."""
    text = (suite.data / "logs" / f"{service}.log").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("trace_id") == trace]


def add_film(shelf: Shelf, videos: Videos, title: str) -> None:
    film = shelf.root / f"{title} (2011)" / f"{title} (2011).mkv"
    videos.make(film)
    (film.parent / "movie.nfo").write_text(
        f"<movie><title>{title}</title><plot>A long night.</plot></movie>"
    )
    draw(film.parent / "poster.jpg", (200, 300))  # is known only once it is described
    shelf.settle()


def events_of_a_scan(suite: Suite, shelf: Shelf, trace: str) -> list[Followed]:
    """What happens from the request until the film is described."""
    before = streams.last_event(suite)
    shelf.begin_scan(traceparent(trace))
    eventually(lambda: {e.subject for e in streams.events(suite, before)} >= CAUSED, every=0.5)
    return [e for e in streams.events(suite, before) if e.subject in CAUSED]


def test_every_event_that_a_scan_causes_carries_the_trace_of_its_request(
    suite: Suite, shelf: Shelf, videos: Videos
) -> None:
    add_film(shelf, videos, "Aurora")
    trace = secrets.token_hex(16)

    caused = events_of_a_scan(suite, shelf, trace)

    assert {(event.subject, trace_of(event)) for event in caused} == {(s, trace) for s in CAUSED}


def test_every_step_of_a_trace_has_a_span_of_its_own(
    suite: Suite, shelf: Shelf, videos: Videos
) -> None:
    add_film(shelf, videos, "Borealis")

    caused = events_of_a_scan(suite, shelf, secrets.token_hex(16))

    spans = {e.subject: e.headers["traceparent"].split("-")[2] for e in caused}
    assert spans["event.library.files_found"] == spans["event.library.scan_done"]
    assert len(set(spans.values())) == 4  # scanning, adding, describing, taking that over


def test_the_logs_of_all_services_can_be_searched_for_the_trace(
    suite: Suite, shelf: Shelf, videos: Videos
) -> None:
    add_film(shelf, videos, "Corona")
    trace = secrets.token_hex(16)

    shelf.begin_scan(traceparent(trace))

    scanned = eventually(lambda: logged(suite, "library-scanner", trace))
    described = eventually(lambda: logged(suite, "metadata", trace))
    assert {line["service"] for line in scanned} == {"library-scanner"}
    assert "job.bulk.library.scan_library begins, attempt 1" in {x["message"] for x in scanned}
    assert all(line["span_id"] for line in (*scanned, *described))


def test_the_answer_names_the_trace_as_the_id_of_its_request(admin: httpx2.Client) -> None:
    trace = secrets.token_hex(16)

    answer = admin.get("/api/v1/libraries", headers=traceparent(trace))

    assert answer.headers["x-request-id"] == trace
