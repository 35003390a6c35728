"""Typesense over HTTP, typed: only what all servers from 0.24 on have in common.

The published client costs ten megabytes and 0.3 s at start, and hands out dictionaries; these few
calls decode straight into structs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

import aiohttp
import msgspec
from loguru import logger
from msgspec import Raw, Struct

from revenge.contracts.search import Collection, IndexUnavailable
from revenge.search_indexer.schemas import Definition

T = TypeVar("T")

CONNECTED_WITHIN = 1.0  # seconds
# a search has 5 s until its caller gives up
TIMEOUT = aiohttp.ClientTimeout(total=4, connect=CONNECTED_WITHIN)
# an import or a new collection, which nobody waits for
PATIENCE = aiohttp.ClientTimeout(total=60, connect=CONNECTED_WITHIN)
AT_ONCE = 64  # connections
RECOVERY = 0.5  # seconds between two looks at a server that is away
IDS_AT_ONCE = 80  # the server takes 4,000 characters of a query string
NOT_FOUND = 404
BAD_ROW = 400
KEY_REFUSED = (401, 403)
BROKEN = range(500, 600)


class Refused(Exception):
    """The server answers, and does not take this: a mistake of ours, or of the filter's writer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class Search(Struct, frozen=True, omit_defaults=True):
    """One search, in Typesense's own words; lists are separated by commas."""

    collection: str
    q: str
    query_by: str
    page: int = 1
    per_page: int = 10
    filter_by: str = ""
    sort_by: str = ""
    facet_by: str = ""
    max_facet_values: int = 10
    include_fields: str = ""
    highlight_fields: str = ""
    highlight_start_tag: str = "<mark>"
    highlight_end_tag: str = "</mark>"
    infix: str = ""
    drop_tokens_threshold: int = 1
    search_cutoff_ms: int = 30_000


class Highlight(Struct, frozen=True):
    field: str
    snippet: str | None = None
    snippets: tuple[str, ...] = ()


class FoundHit(Struct, frozen=True):
    document: Raw
    highlights: tuple[Highlight, ...] = ()
    text_match: int = 0


class FacetCount(Struct, frozen=True):
    value: str
    count: int


class Facet(Struct, frozen=True):
    field_name: str
    counts: tuple[FacetCount, ...]


class Result(Struct, frozen=True):
    """Of one search; `error` instead of hits if it could not be made."""

    found: int = 0
    search_time_ms: int = 0
    hits: tuple[FoundHit, ...] = ()
    facet_counts: tuple[Facet, ...] = ()
    code: int = 0
    error: str = ""


class Alias(Struct, frozen=True):
    name: str
    collection_name: str


class CollectionInfo(Struct, frozen=True):
    name: str
    num_documents: int


class Row(Struct, frozen=True):
    """What became of one row of an import."""

    success: bool
    code: int = 0
    error: str = ""
    id: str = ""


class _Searches(Struct, frozen=True):
    searches: tuple[Search, ...]


class _Results(Struct, frozen=True):
    results: tuple[Result, ...]


class _Aliases(Struct, frozen=True):
    aliases: tuple[Alias, ...]


class _Target(Struct, frozen=True):
    collection_name: str


class _Deleted(Struct, frozen=True):
    num_deleted: int


class _Message(Struct, frozen=True):
    message: str = ""


class Engine:
    def __init__(self, client: aiohttp.ClientSession, url: str, prefix: str) -> None:
        self._client = client
        self._url = url
        self._prefix = prefix

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, api_key: str, prefix: str) -> AsyncGenerator[Engine]:
        """Raises nothing when there is no server yet."""
        async with aiohttp.ClientSession(
            headers={"X-TYPESENSE-API-KEY": api_key},
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as client:
            yield cls(client, url.rstrip("/"), prefix)

    async def ping(self) -> None:
        """Raises `IndexUnavailable` if the server does not answer, or is not well."""
        await self._ask("GET", "/health", dict)

    async def wait(self) -> None:
        """Return as soon as the server is well."""
        while True:
            try:
                return await self.ping()
            except IndexUnavailable:
                await asyncio.sleep(RECOVERY)

    def alias(self, collection: Collection) -> str:
        """The name that a collection is searched under, whichever one stands behind it."""
        return f"{self._prefix}{collection}"

    async def search(self, *searches: Search) -> tuple[Result, ...]:
        """One result for each, in their order."""
        body = msgspec.json.encode(_Searches(searches))
        return (await self._ask("POST", "/multi_search", _Results, body)).results

    async def aliases(self) -> dict[str, str]:
        """From the alias to the collection behind it."""
        found = (await self._ask("GET", "/aliases", _Aliases)).aliases
        return {alias.name: alias.collection_name for alias in found}

    async def point(self, alias: str, name: str) -> None:
        """From now on, and at once, searches of the alias are answered by this collection."""
        await self._ask("PUT", f"/aliases/{alias}", Alias, msgspec.json.encode(_Target(name)))

    async def collections(self, alias: str) -> list[CollectionInfo]:
        """All that were ever made for this alias and are still there."""
        found = await self._ask("GET", "/collections", list[CollectionInfo])
        return [info for info in found if info.name.startswith(f"{alias}_v")]

    async def create(self, definition: Definition) -> None:
        await self._ask(
            "POST", "/collections", CollectionInfo, msgspec.json.encode(definition), slow=True
        )

    async def drop(self, name: str) -> None:
        await self._ask("DELETE", f"/collections/{name}", CollectionInfo, slow=True)

    async def upsert(self, name: str, documents: Sequence[bytes]) -> None:
        """Put documents in, each one line of JSON. One that can never be taken is left out."""
        if not documents:
            return
        path = f"/collections/{name}/documents/import?action=upsert&dirty_values=coerce_or_drop"
        answer = await self._send("POST", path, b"\n".join(documents), slow=True)
        rows = [msgspec.json.decode(line, type=Row) for line in answer.splitlines()]
        for row, document in zip(rows, documents, strict=True):
            if row.success:
                continue
            if row.code != BAD_ROW:
                raise IndexUnavailable(f"the index takes no documents: {row.error}")
            logger.error("{} does not take {}: {}", name, document[:60], row.error)

    async def delete(self, name: str, ids: Sequence[UUID]) -> int:
        """Returns how many were there."""
        deleted = 0
        for some in _chunks(ids):
            path = f"/collections/{name}/documents?filter_by=id:[{','.join(map(str, some))}]"
            deleted += (await self._ask("DELETE", path, _Deleted)).num_deleted
        return deleted

    async def _ask(
        self, method: str, path: str, reply: type[T], body: bytes = b"", *, slow: bool = False
    ) -> T:
        return msgspec.json.decode(await self._send(method, path, body, slow=slow), type=reply)

    async def _send(self, method: str, path: str, body: bytes, *, slow: bool = False) -> bytes:
        within = PATIENCE if slow else TIMEOUT
        try:
            async with self._client.request(
                method, self._url + path, data=body, timeout=within
            ) as answer:
                said = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise IndexUnavailable from error
        if answer.ok:
            return said
        raise _failure(answer, said)


def _failure(answer: aiohttp.ClientResponse, said: bytes) -> Exception:
    try:
        reason = msgspec.json.decode(said, type=_Message).message
    except msgspec.DecodeError:
        reason = answer.reason or ""
    if answer.status in KEY_REFUSED:
        logger.error("Typesense does not take the key in REVENGE_TYPESENSE_API_KEY")
        return IndexUnavailable()
    if answer.status in BROKEN:
        logger.warning("Typesense cannot answer now: {} {}", answer.status, reason)
        return IndexUnavailable()
    return Refused(answer.status, reason)


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for first in range(0, len(ids), IDS_AT_ONCE):
        yield ids[first : first + IDS_AT_ONCE]
