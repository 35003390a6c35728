"""Replies that are kept for a moment, so that the next one who asks need not wait for a service.

A reply is dropped as soon as there is an event of a domain that it depends on, even one that
arrives while the reply is still on its way. Where one event follows the other, as while a library
is scanned, a reply of less than a moment ago is given once more, and asked for again meanwhile:
nobody waits for a service that is busy. What is kept is bounded: 4,096 small replies and 128 large
ones, 64 MiB in all.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import theine
from loguru import logger

from revenge.contracts import Caller, Fault
from revenge.gateway.asgi import JSON, Answer, Header
from revenge.gateway.table import Line
from revenge.gateway.visitors import Visitor
from revenge.kit.cache import HITS, MISSES
from revenge.kit.following import Followed

SMALL, SMALL_REPLIES = 8 * 1024, 4096
LARGE, LARGE_REPLIES = 256 * 1024, 128

MOMENT = 0.5  # seconds: so old may be what is given while events come and come
AGAIN = 0.1  # seconds after which it is asked for again meanwhile
QUIET = 1.0  # seconds without an event; the next one counts at once
GONE = ".deleted"  # what has gone is not shown any more
RENEWED_AT_ONCE = 16  # further replies are asked for by those who want them

VARY = (b"vary", b"Authorization, X-API-Key, Origin")

Key = tuple[str, str, bytes]


class Freshness:
    """Of all replies that depend on the same domains. It ends for all of them at once.

    What was asked for before `since` is given no more, whatever its age.
    """

    __slots__ = ("_ended_at", "since", "version")

    def __init__(self) -> None:
        self.version = 0
        self.since = 0
        self._ended_at = -math.inf

    def end(self, *, at_once: bool) -> None:
        now = time.monotonic()
        self.version += 1
        if at_once or now - self._ended_at >= QUIET:
            self.since = self.version
        self._ended_at = now


@dataclass(frozen=True)
class Question:
    """What a reply answers. It may be asked again, by whoever sees the same."""

    line: Line
    freshness: Freshness
    ask: Callable[[Caller], Awaitable[bytes]]


class Kept:
    """`asked_at` is when the service was asked, and `version` what counted then."""

    __slots__ = ("answer", "asked_at", "etag", "line", "question", "unchanged", "version")

    def __init__(self, question: Question, body: bytes, version: int, asked_at: float) -> None:
        self.question = question
        self.version = version
        self.asked_at = asked_at
        self.line = line = question.line
        self.etag = b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
        headers = fresh_headers(line, self.etag)
        self.answer = Answer(line.status, (JSON, *headers), body)
        self.unchanged = Answer(304, headers)

    def is_current(self, now: float) -> bool:
        return self.version == self.question.freshness.version and now < self.until

    def is_of_this_moment(self, now: float) -> bool:
        return self.version >= self.question.freshness.since and now < self.asked_at + MOMENT

    @property
    def until(self) -> float:
        return self.asked_at + self.line.fresh

    def to(self, if_none_match: bytes | None) -> Answer:
        """The reply; or that it is the one that the client has already."""
        if if_none_match is not None and matches(if_none_match, self.etag):
            return self.unchanged
        return self.answer


class Replies:
    def __init__(self) -> None:
        self._small: theine.Cache[Key, Kept] = theine.Cache(SMALL_REPLIES)
        self._large: theine.Cache[Key, Kept] = theine.Cache(LARGE_REPLIES)
        self._freshness: dict[frozenset[str], Freshness] = {}
        self._nouns: set[str] = set()
        self._renewing: dict[Key, asyncio.Task[None]] = {}
        self._hits = HITS.labels("replies", "l1")
        self._misses = MISSES.labels("replies")

    def freshness(self, line: Line) -> Freshness:
        if line.fresh:
            self._nouns.update(map(_noun, line.paths))
        return self._freshness.setdefault(line.depends_on, Freshness())

    def hear(self, event: Followed) -> None:
        domain = event.subject.split(".")[1]
        for domains, freshness in self._freshness.items():
            if domain in domains:
                freshness.end(at_once=event.subject.endswith(GONE))

    def linger_after(self, event: Followed) -> bool:
        """Whether replies from before this event, the last one heard, may be given for a moment."""
        domain = event.subject.split(".")[1]
        return any(
            freshness.since < freshness.version
            for domains, freshness in self._freshness.items()
            if domain in domains
        )

    def find(self, visitor: Visitor, path: str, query: bytes) -> Kept | None:
        """What may be sent at once, to somebody who sees what this visitor does."""
        if _noun(path) not in self._nouns:  # dearer: to look for it
            return None
        key, now = (visitor.audience, path, query), time.monotonic()
        for shelf in (self._small, self._large):
            kept, _ = shelf.get(key)
            if kept is None:
                continue
            if kept.is_current(now):
                self._hits.inc()
                return kept
            if kept.is_of_this_moment(now):
                self._hits.inc()
                if now >= kept.asked_at + AGAIN:
                    self._renew(key, kept.question, visitor.caller)
                return kept
        self._misses.inc()
        return None

    async def ask(self, key: Key, question: Question, caller: Caller) -> Kept:
        """The new reply, which is kept for the audience of `key`. Raises the service's faults."""
        version, asked_at = question.freshness.version, time.monotonic()
        body = await question.ask(caller)
        kept = Kept(question, body, version, asked_at)
        if len(body) <= LARGE:
            shelf = self._small if len(body) <= SMALL else self._large
            shelf.set(key, kept)
        return kept

    def _renew(self, key: Key, question: Question, caller: Caller) -> None:
        """In a while there is a new reply; whoever comes until then does not wait for it."""
        if key in self._renewing or len(self._renewing) >= RENEWED_AT_ONCE:
            return
        task = asyncio.create_task(self._ask_again(key, question, caller))
        self._renewing[key] = task
        task.add_done_callback(lambda _: self._renewing.pop(key))

    async def _ask_again(self, key: Key, question: Question, caller: Caller) -> None:
        try:
            await self.ask(key, question, caller)
        except Fault as fault:  # which the next who asks gets to see
            logger.debug("{} is not kept: {!r}", key[1], fault)


def _noun(path: str) -> str:
    """What a path of the API is about."""
    return path.removeprefix("/api/v1/").partition("/")[0]


def fresh_headers(line: Line, etag: bytes) -> tuple[Header, ...]:
    return (
        (b"etag", etag),
        (b"cache-control", f"private, max-age={line.fresh}".encode()),
        VARY,
    )


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """RFC 9110, 13.1.2: a list of tags, weak or strong, or `*`."""
    return any(candidate in (b"*", etag) for candidate in _tags(if_none_match.split(b",")))


def _tags(items: Iterable[bytes]) -> Iterable[bytes]:
    return (item.strip().removeprefix(b"W/") for item in items)
