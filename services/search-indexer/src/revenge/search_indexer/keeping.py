"""Look after the index: make what is missing, refill what was lost, follow a changed schema."""

from __future__ import annotations

import asyncio
import time

from loguru import logger

from revenge.contracts import Unavailable
from revenge.contracts.search import RebuildIndex, rebuild_index
from revenge.search_indexer import store
from revenge.search_indexer.engine import Refused
from revenge.search_indexer.indexing import Indexer
from revenge.search_indexer.schemas import SCHEMAS, Schema

EVERY = 15.0  # seconds: a server that comes back empty is noticed within this time
RETRY = 1.0  # seconds, while Typesense, the bus or the database is away


async def keep(indexer: Indexer) -> None:
    """Until cancelled."""
    keeper = Keeper(indexer)
    while True:
        try:
            await keeper.look()
        except (Unavailable, Refused) as error:
            logger.warning("the index cannot be looked after now: {}", error)
            await asyncio.sleep(RETRY)
            continue
        await asyncio.sleep(EVERY)


class Keeper:
    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._engine = indexer.engine
        self._ordered: dict[str, float] = {}

    async def look(self) -> None:
        """Every collection can be searched afterwards; those that are not whole are ordered."""
        for schema in SCHEMAS.values():
            alias = self._engine.alias(schema.collection)
            name = await self._behind(alias) or await self._make(schema, alias)
            if not await self._is_whole(schema, name):
                await self._order(schema, name)

    async def _behind(self, alias: str) -> str | None:
        """The collection that answers for an alias."""
        name = (await self._engine.aliases()).get(alias)
        there = {info.name for info in await self._engine.collections(alias)}
        return name if name in there else None

    async def _make(self, schema: Schema, alias: str) -> str:
        """An empty collection, so that searches find nothing instead of failing."""
        async with self._indexer.turns.take(schema.collection, alias):
            made_meanwhile = await self._behind(alias)
            if made_meanwhile:
                return made_meanwhile
            name = await self._indexer.new_collection(schema)
            await self._engine.point(alias, name)
            return name

    async def _is_whole(self, schema: Schema, name: str) -> bool:
        if not name.startswith(f"{self._engine.alias(schema.collection)}_v{schema.version}_"):
            return False  # it is of another schema
        async with self._indexer.db.read() as rows:
            return bool(await store.whole(rows, [name]))

    async def _order(self, schema: Schema, name: str) -> None:
        """By name: the same collection is not ordered twice, one that was lost again is."""
        now = time.monotonic()
        if now - self._ordered.get(name, -rebuild_index.timeout) < rebuild_index.timeout:
            return
        async with self._indexer.db.begin() as tx:
            payload = RebuildIndex((schema.collection,))
            await tx.enqueue(rebuild_index, payload, key=f"refill {name}")
        self._ordered[name] = now
        logger.info("{} is to be filled from the catalog", name)
