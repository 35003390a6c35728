"""Keep collections the same as the catalog.

What is written was read from the catalog in the same turn, and there is one turn at a time for
each collection: whoever writes last has read last, whatever the order that events came in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from loguru import logger
from psycopg_pool import PoolTimeout

from revenge.contracts import Unavailable
from revenge.contracts.search import Collection, IndexUnavailable
from revenge.kit import Bus, Database, Tx
from revenge.kit.db import Connection
from revenge.kit.jobs import report
from revenge.search_indexer import documents, store
from revenge.search_indexer.documents import AnyDocument
from revenge.search_indexer.engine import CollectionInfo, Engine
from revenge.search_indexer.schemas import Definition, Schema
from revenge.search_indexer.sources import Source

RETRY = 0.02  # seconds until another replica's turn is asked for again


class Turns:
    """At most one writer for each collection, over all replicas."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._here = {collection: asyncio.Lock() for collection in Collection}

    @asynccontextmanager
    async def take(self, collection: Collection, alias: str) -> AsyncGenerator[None]:
        """No transaction is open meanwhile: the turn belongs to a connection."""
        async with self._here[collection], self._connection() as connection:
            rows = Tx(connection, self._db.source)
            try:
                while not await store.take_turn(rows, alias):  # noqa: ASYNC110 - a replica's turn
                    await asyncio.sleep(RETRY)
                yield
                await store.end_turn(rows, alias)
            except BaseException:
                await connection.close()  # which ends the turn, however this one went wrong
                raise

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        try:
            async with self._db.pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable("the database does not answer") from error


@dataclass(frozen=True)
class Indexer:
    engine: Engine
    bus: Bus
    db: Database
    turns: Turns

    async def follow(self, source: Source, ids: Sequence[UUID]) -> Sequence[AnyDocument]:
        """Make these documents what the catalog says now; at most 250. Returns those it has.

        A collection that is being built is written to as well, so that nothing is missing from
        it when it takes the place of the old one.
        """
        await self.engine.wait()  # an outage must not use up the attempts of events
        alias = self.engine.alias(source.collection)
        async with self.turns.take(source.collection, alias):
            targets = await self._targets(alias)
            found = await source.some(self.bus, ids)
            gone = sorted(set(ids) - {document.id for document in found})
            rows = [documents.encode(document) for document in found]
            for target in targets:
                await self.engine.upsert(target.name, rows)
                if gone:
                    await self.engine.delete(target.name, gone)
        return found

    async def rebuild(self, source: Source) -> None:
        """Fill a new collection from the catalog, and put it in the place of the old one."""
        name = await self.new_collection(source.schema)
        alias = self.engine.alias(source.collection)
        after: UUID | None = None
        total = 0
        while (page := await self._copy(source, name, after)) is not None:
            after, copied = page
            total += copied
            await report(alias, total)
        async with self.turns.take(source.collection, alias):
            await self.engine.point(alias, name)
            async with self.db.begin() as tx:
                await store.add_build(tx, name, alias, total)
            await self._drop_others(alias, name)
        logger.info("{} is rebuilt as {} with {} documents", alias, name, total)

    async def new_collection(self, schema: Schema) -> str:
        """Make an empty one; return its name."""
        alias = self.engine.alias(schema.collection)
        name = f"{alias}_v{schema.version}_{time.time_ns() // 1_000_000}"
        await self.engine.create(Definition(name, schema.fields))
        return name

    async def _targets(self, alias: str) -> list[CollectionInfo]:
        targets = await self.engine.collections(alias)
        if not targets:
            raise IndexUnavailable("the index is being made anew")
        return targets

    async def _copy(self, source: Source, name: str, after: UUID | None) -> tuple[UUID, int] | None:
        """Copy the page that follows `after`. The last id and the count; None at the end."""
        async with self.turns.take(source.collection, self.engine.alias(source.collection)):
            page = await source.page(self.bus, after)
            await self.engine.upsert(name, [documents.encode(document) for document in page])
        return (page[-1].id, len(page)) if page else None

    async def _drop_others(self, alias: str, name: str) -> None:
        for other in await self.engine.collections(alias):
            if other.name != name:
                await self.engine.drop(other.name)
