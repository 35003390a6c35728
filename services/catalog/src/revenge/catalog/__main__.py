"""The catalog: the films and shows of the library, and how far everybody has watched them."""

from revenge.catalog import handlers
from revenge.catalog.movies import handlers as movies
from revenge.catalog.tvshows import handlers as tvshows
from revenge.kit import Service, Settings, run
from revenge.kit.settings import Database


class CatalogSettings(Settings, frozen=True, kw_only=True):
    database: Database


async def start(service: Service, settings: CatalogSettings) -> None:
    db = await service.open_database(settings.database)
    for reads in (handlers.reads, *movies.reads, *tvshows.reads):
        service.include(reads, scope=db.reading)
    for writes in (handlers.writes, *movies.writes, *tvshows.writes):
        service.include(writes, scope=db.writing)


if __name__ == "__main__":
    run("catalog", CatalogSettings, start)
