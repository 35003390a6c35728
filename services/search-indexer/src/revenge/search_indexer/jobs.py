"""Slow work: build collections anew."""

from __future__ import annotations

from revenge.contracts.search import RebuildIndex, rebuild_index
from revenge.kit import Router
from revenge.search_indexer.indexing import Indexer
from revenge.search_indexer.sources import SOURCES

router = Router[Indexer]()


@router.job(rebuild_index)
async def rebuild(order: RebuildIndex, indexer: Indexer) -> None:
    for collection in order.collections:
        await indexer.rebuild(SOURCES[collection])
