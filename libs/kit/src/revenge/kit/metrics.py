"""What every service counts. Served as Prometheus text by `health`."""

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
SLOW = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600)

RPC = Histogram(
    "revenge_rpc_duration_seconds", "Requests answered", ["subject", "status"], buckets=FAST
)
CALLS = Histogram(
    "revenge_rpc_call_duration_seconds", "Requests asked of others", ["subject"], buckets=FAST
)
# looking labels up costs more than counting
rpc = lru_cache(maxsize=1024)(RPC.labels)
call = lru_cache(maxsize=1024)(CALLS.labels)
EVENTS = Counter("revenge_events_handled_total", "Events handled", ["subject", "status"])
JOBS_ENQUEUED = Counter("revenge_jobs_enqueued_total", "Jobs asked for", ["job_type"])
JOBS_COMPLETED = Counter("revenge_jobs_completed_total", "Jobs done", ["job_type", "status"])
JOBS_DURATION = Histogram(
    "revenge_jobs_duration_seconds", "How long jobs took", ["job_type"], buckets=SLOW
)
JOBS_RUNNING = Gauge("revenge_jobs_running", "Jobs being worked on", ["level"])
JOBS_THROTTLED = Gauge(
    "revenge_jobs_throttle_ratio", "The share of the workers that rest while somebody watches"
)
OUTBOX_SENT = Counter("revenge_outbox_sent_total", "Messages moved from the outbox to the bus")
OUTBOX_FAILURES = Counter("revenge_outbox_failures_total", "Times the bus did not take a batch")
DB_QUERY = Histogram("revenge_db_query_duration_seconds", "Statements", ["operation"], buckets=FAST)
DB_ERRORS = Counter("revenge_db_query_errors_total", "Statements that failed", ["operation"])
