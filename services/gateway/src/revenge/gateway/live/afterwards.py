"""Announcements that wait until everybody can see what they tell of."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from revenge.gateway import replies
from revenge.gateway.replies import Replies
from revenge.kit.following import Followed


class Afterwards:
    """To be called after the replies have heard of an event. The order stays.

    Whoever reads because of an announcement is not given a reply from before it.
    """

    def __init__(self, kept: Replies, hear: Callable[[Followed], None]) -> None:
        self._kept = kept
        self._hear = hear
        self._waiting: deque[tuple[float, Followed]] = deque()

    def hear(self, event: Followed) -> None:
        lingering = self._kept.linger_after(event)
        if not lingering and not self._waiting:
            self._hear(event)
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + (replies.MOMENT if lingering else 0)
        if not self._waiting:
            loop.call_at(due, self._tell)
        self._waiting.append((due, event))

    def _tell(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting and self._waiting[0][0] <= loop.time():
            self._hear(self._waiting.popleft()[1])
        if self._waiting:
            loop.call_at(self._waiting[0][0], self._tell)
