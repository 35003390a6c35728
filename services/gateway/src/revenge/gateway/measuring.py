"""What the gateway counts. Paths are templates: there are as many of them as lines in the table."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from prometheus_client import Counter, Gauge, Histogram

from revenge.kit.metrics import FAST

REQUESTS = Counter("revenge_http_requests_total", "Requests", ["method", "path", "status"])
DURATION = Histogram(
    "revenge_http_request_duration_seconds",
    "Until an answer began",
    ["method", "path"],
    buckets=FAST,
)
IN_FLIGHT = Gauge("revenge_http_requests_in_flight", "Requests being answered")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Meters(NamedTuple):
    requests: Counter
    duration: Histogram


def count(method: str, route: str, status: int, seconds: float) -> None:
    meters = _meters(method if method in METHODS else "other", route, status)
    meters.requests.inc()
    meters.duration.observe(seconds)


@lru_cache(maxsize=4096)
def _meters(method: str, route: str, status: int) -> Meters:
    """Looking labels up costs more than counting."""
    return Meters(REQUESTS.labels(method, route, status), DURATION.labels(method, route))
