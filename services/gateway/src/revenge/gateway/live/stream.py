"""GET /api/v1/events: server-sent events (WHATWG HTML, 9.2).

`id` is the sequence in the stream: a client that comes back with it as `Last-Event-ID` gets all
that it missed, as long as the stream keeps it. A token may come as `?token=`, because a browser's
EventSource cannot send headers.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass

from revenge.contracts import Invalid
from revenge.contracts.notification import Category
from revenge.gateway import incoming as requests
from revenge.gateway.asgi import Receive, Scope, Send
from revenge.gateway.connections import Connections
from revenge.gateway.incoming import Incoming
from revenge.gateway.live.announcements import Announcement, announcement
from revenge.gateway.live.hub import Hub, Listener, Signal
from revenge.gateway.reading import parse_query
from revenge.gateway.visitors import Visitor, Visitors
from revenge.kit import Bus
from revenge.kit.following import STREAM, follow
from revenge.kit.problems import MethodNotAllowed

PATH = "/api/v1/events"
NEEDS = "events:read"
KEEP_ALIVE = 15.0  # seconds of silence until a comment shows that the line is open
STALLED = 30.0  # seconds that a client may take for a frame
DIGITS = 18  # of a sequence: it is a signed 64-bit number

RETRY = b"retry: 2000\n\n"
STILL_HERE = b": still here\n\n"
TOO_SLOW = b": too far behind: come back with Last-Event-ID\n\n"

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold the frames back
]


@dataclass(frozen=True)
class Live:
    bus: Bus
    hub: Hub
    visitors: Visitors
    connections: Connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = requests.of(scope)
        incoming.route = PATH
        if incoming.method != "GET":
            raise MethodNotAllowed("GET")
        query = dict(parse_query(incoming.query))
        categories = _categories(query.get("categories", ""))
        visitor = await self._identify(incoming, query.get("token"))
        visitor.demand(NEEDS)
        await self.visitors.look(visitor)
        telling = Telling(self, visitor, categories, send)
        await self.connections.hold(receive, telling.run(_last_seen(incoming)))

    async def _identify(self, incoming: Incoming, token: str | None) -> Visitor:
        if token is None:
            return await self.visitors.identify(incoming)
        return await self.visitors.by_bearer(b"Bearer " + token.encode())


class Telling:
    """One client, from its first frame to its last."""

    def __init__(
        self, live: Live, visitor: Visitor, categories: frozenset[Category], send: Send
    ) -> None:
        self._live = live
        self._visitor = visitor
        self._who = visitor.caller
        self._categories = categories
        self._send = send

    async def run(self, last_seen: int | None) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await self._write(RETRY)
        with self._live.hub.join() as listener:
            known = self._live.hub.sequence
            if last_seen is not None and last_seen < known:
                await self._replay(last_seen, known)
            await self._follow(listener, known)
        await self._send({"type": "http.response.body", "body": b""})

    async def _follow(self, listener: Listener, known: int) -> None:
        """What happens from now on, until the client is sent away."""
        while self._may_stay():
            if listener.overflowed:
                await self._write(TOO_SLOW)
                return
            try:
                async with asyncio.timeout(self._patience()):
                    item = await listener.queue.get()
            except TimeoutError:
                await self._write(STILL_HERE)
                continue
            if item is Signal.CLOSE:
                return
            if isinstance(item, Announcement) and item.sequence > known:
                await self._tell(item)

    async def _replay(self, after: int, until: int) -> None:
        """What happened between two sequences, as far as the stream still has it."""
        first = (await self._live.bus.js.stream_info(STREAM)).state.first_seq
        if first > until:
            return
        async with aclosing(follow(self._live.bus, "event.>", after=after)) as events:
            async for event in events:
                news = announcement(event) if event.sequence <= until else None
                if news is not None and self._may_stay():
                    await self._tell(news)
                if event.sequence >= until:
                    return

    async def _tell(self, news: Announcement) -> None:
        if self._categories and news.category not in self._categories:
            return
        if not news.ends_a_library:
            self._who = await self._live.visitors.look(self._visitor)
        if news.is_for(self._who):
            await self._write(news.frame)

    def _may_stay(self) -> bool:
        return self._live.visitors.is_current(self._visitor)

    def _patience(self) -> float:
        return max(0.0, min(KEEP_ALIVE, self._visitor.expires_at - time.time()))

    async def _write(self, frame: bytes) -> None:
        async with asyncio.timeout(STALLED):
            await self._send({"type": "http.response.body", "body": frame, "more_body": True})


def _categories(text: str) -> frozenset[Category]:
    """Empty: all of them."""
    try:
        return frozenset(Category(name.strip()) for name in text.split(",") if name.strip())
    except ValueError as error:
        raise Invalid(f"categories are {', '.join(Category)}") from error


def _last_seen(incoming: Incoming) -> int | None:
    text = incoming.text(b"last-event-id")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
