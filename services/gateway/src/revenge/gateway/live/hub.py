"""One follower for all who listen: each has a queue of its own, and a bounded one."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import Gauge

from revenge.gateway.live.announcements import Announcement, announcement
from revenge.gateway.revocations import Revocations
from revenge.kit.following import Followed

LISTENERS = Gauge("revenge_live_listeners", "Clients that follow the events")

QUEUE = 256  # announcements that a client may be behind


class Signal(enum.Enum):
    CHECK = "check"  # somebody's token was revoked: see whether it is yours
    CLOSE = "close"


class Listener:
    """`overflowed` once it is too far behind: it must go, and come back for what it missed."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Announcement | Signal] = asyncio.Queue(QUEUE)
        self.overflowed = False

    def put(self, item: Announcement | Signal) -> None:
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            self.overflowed = True


class Hub:
    """`sequence` is that of the last event heard, announced or not."""

    def __init__(self, revocations: Revocations) -> None:
        self.sequence = 0
        self._revocations = revocations
        self._revoked = 0
        self._listeners: set[Listener] = set()
        self._closed = False

    def hear(self, event: Followed) -> None:
        """To be called after the revocations have heard of it."""
        self.sequence = max(self.sequence, event.sequence)
        if not self._listeners:
            return
        if self._revocations.count != self._revoked:
            self._revoked = self._revocations.count
            self._tell(Signal.CHECK)
        news = announcement(event)
        if news is not None:
            self._tell(news)

    @contextmanager
    def join(self) -> Generator[Listener]:
        listener = Listener()
        self._listeners.add(listener)
        LISTENERS.inc()
        if self._closed:
            listener.put(Signal.CLOSE)
        try:
            yield listener
        finally:
            LISTENERS.dec()
            self._listeners.discard(listener)

    def close(self) -> None:
        """Send everybody away."""
        self._closed = True
        self._tell(Signal.CLOSE)

    def _tell(self, item: Announcement | Signal) -> None:
        for listener in self._listeners:
            listener.put(item)
