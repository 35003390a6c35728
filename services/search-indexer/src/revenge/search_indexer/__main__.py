"""The search indexer: follows the catalog's events into Typesense, and answers searches."""

from __future__ import annotations

from revenge.kit import Section, Service, Settings, always, run, settings
from revenge.search_indexer import handlers, jobs, keeping
from revenge.search_indexer.engine import Engine
from revenge.search_indexer.indexing import Indexer, Turns


class Typesense(Section, frozen=True, kw_only=True):
    """`prefix` begins the names of all collections, where several installations share a server."""

    url: str
    api_key: str
    prefix: str = ""


class SearchSettings(Settings, frozen=True, kw_only=True):
    database: settings.Database
    typesense: Typesense


async def start(service: Service, settings: SearchSettings) -> None:
    db = await service.open_database(settings.database)
    at = settings.typesense
    engine = await service.open(Engine.connect(at.url, at.api_key, at.prefix), "typesense")
    indexer = Indexer(engine, service.bus, db, Turns(db))
    service.include(handlers.asking, scope=always(engine))
    service.include(handlers.ordering, scope=db.writing)
    service.include(handlers.following, scope=always(indexer))
    service.include(jobs.router, scope=always(indexer))
    service.spawn(keeping.keep, indexer)


if __name__ == "__main__":
    run("search-indexer", SearchSettings, start)
