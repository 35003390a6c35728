"""The streams and buckets that everything is kept in. One owner makes them: `revenge migrate`."""

from __future__ import annotations

from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    KeyValueConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError, NotFoundError

DAY = 24 * 3600.0
WINDOW = 120.0  # seconds in which a second message with the same id is dropped

STREAMS = (
    StreamConfig(
        name="EVENTS",
        subjects=["event.>"],
        max_age=7 * DAY,
        duplicate_window=WINDOW,
        discard=DiscardPolicy.OLD,
        allow_direct=True,
        allow_atomic=True,
    ),
    StreamConfig(
        name="JOBS",
        subjects=["job.>", "schedule.>"],
        retention=RetentionPolicy.WORK_QUEUE,
        duplicate_window=WINDOW,
        allow_direct=True,
        allow_msg_schedules=True,
        allow_atomic=True,
        allow_msg_ttl=True,
    ),
    StreamConfig(
        name="DEAD",
        subjects=["dead.>"],
        max_age=30 * DAY,
        duplicate_window=WINDOW,
        allow_direct=True,
    ),
)

BUCKETS = (
    KeyValueConfig(bucket="progress", ttl=3600.0, direct=True, storage=StorageType.MEMORY),
    KeyValueConfig(bucket="leases", direct=True, storage=StorageType.FILE, limit_marker_ttl=60.0),
    KeyValueConfig(bucket="qos", ttl=60.0, direct=True, storage=StorageType.FILE),
    KeyValueConfig(bucket="playback", ttl=6 * 3600.0, direct=True, storage=StorageType.FILE),
)


async def ensure(js: JetStreamContext, *, replicas: int = 1) -> None:
    """Make every stream and bucket, or change it to what it should be."""
    for stream in STREAMS:
        await _ensure_stream(js, stream.evolve(num_replicas=replicas))
    for bucket in BUCKETS:
        try:
            await js.key_value(bucket.bucket)
        except NotFoundError:
            bucket.replicas = replicas
            await js.create_key_value(bucket)


async def _ensure_stream(js: JetStreamContext, wanted: StreamConfig) -> None:
    try:
        await js.add_stream(wanted)
    except BadRequestError:  # it is there, with other settings
        await js.update_stream(wanted)
