"""Replies that are kept for a moment, so that the next one who asks need not wait for a service.

A reply is dropped as soon as there is an event of a domain that it depends on, even one that
arrives while the reply is still on its way. What is kept is bounded: 4,096 small replies and
128 large ones, 64 MiB in all.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable

import theine

from revenge.gateway.asgi import JSON, Answer, Header
from revenge.gateway.table import Line
from revenge.kit.cache import HITS, MISSES
from revenge.kit.following import Followed

SMALL, SMALL_REPLIES = 8 * 1024, 4096
LARGE, LARGE_REPLIES = 256 * 1024, 128

VARY = (b"vary", b"Authorization, X-API-Key, Origin")

Key = tuple[str, str, bytes]


class Freshness:
    """Of all replies that depend on the same domains. It ends for all of them at once."""

    __slots__ = ("version",)

    def __init__(self) -> None:
        self.version = 0


class Kept:
    __slots__ = ("answer", "etag", "freshness", "line", "unchanged", "until", "version")

    def __init__(self, line: Line, body: bytes, freshness: Freshness, version: int) -> None:
        self.line = line
        self.freshness = freshness
        self.version = version
        self.until = time.monotonic() + line.fresh
        self.etag = b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
        headers = fresh_headers(line, self.etag)
        self.answer = Answer(line.status, (JSON, *headers), body)
        self.unchanged = Answer(304, headers)

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
                freshness.version += 1

    def find(self, audience: str, path: str, query: bytes) -> Kept | None:
        """What may be sent at once, to somebody who sees what this audience does."""
        if _noun(path) not in self._nouns:  # dearer: to look for it
            return None
        for shelf in (self._small, self._large):
            kept, _ = shelf.get((audience, path, query))
            if kept is None:
                continue
            if kept.version == kept.freshness.version and kept.until > time.monotonic():
                self._hits.inc()
                return kept
        self._misses.inc()
        return None

    def keep(self, audience: str, path: str, query: bytes, kept: Kept) -> None:
        """`audience` is the visitor's at the moment when the service was asked."""
        size = len(kept.answer.body)
        if size > LARGE:
            return
        shelf = self._small if size <= SMALL else self._large
        shelf.set((audience, path, query), kept)


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
