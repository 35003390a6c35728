"""A real index under names of each test's own, and a catalog that the tests fill."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from revenge.contracts import (
    EpisodeId,
    LibraryId,
    MovieId,
    SeasonId,
    SeriesId,
    movies,
    services,
    tvshows,
)
from revenge.contracts.services import Service
from revenge.embedded.testing import TypesenseServer
from revenge.kit import Bus, Database, Router, always, settings
from revenge.kit import service as lifecycle
from revenge.kit.testing import running
from revenge.search_indexer.engine import Engine
from revenge.search_indexer.indexing import Indexer, Turns


@pytest.fixture(scope="session")
def service() -> Service:
    return services.SEARCH_INDEXER


@pytest.fixture
def prefix() -> str:
    return f"t{uuid4().hex[:10]}_"


@pytest.fixture
async def engine(typesense_server: TypesenseServer, prefix: str) -> AsyncGenerator[Engine]:
    async with Engine.connect(typesense_server.url, typesense_server.api_key, prefix) as connected:
        yield connected
        for name in ("movies", "tvshows", "episodes"):
            for collection in await connected.collections(f"{prefix}{name}"):
                await connected.drop(collection.name)


def a_film(
    title: str = "The Matrix",
    libraries: Iterable[UUID] = (),
    id: UUID | None = None,
    **known: object,
) -> movies.MovieDocument:
    fields = {"library_added_at": 1, "updated_at": 1, **known}
    seen = tuple(LibraryId(library) for library in libraries) or (LibraryId(uuid4()),)
    return movies.MovieDocument(MovieId(id or uuid4()), title, seen, **fields)  # type: ignore[arg-type]


def a_show(title: str, libraries: Iterable[UUID], id: UUID | None = None) -> tvshows.SeriesDocument:
    return tvshows.SeriesDocument(
        id=SeriesId(id or uuid4()),
        title=title,
        library_ids=tuple(LibraryId(library) for library in libraries),
        library_added_at=1,
        updated_at=1,
        total_seasons=1,
        total_episodes=1,
    )


def an_episode(
    title: str, of: tvshows.SeriesDocument, number: int = 1, **known: object
) -> tvshows.EpisodeDocument:
    return tvshows.EpisodeDocument(
        id=EpisodeId(uuid4()),
        series_id=of.id,
        season_id=SeasonId(uuid4()),
        library_ids=of.library_ids,
        season_number=1,
        episode_number=number,
        title=title,
        series_title=of.title,
        updated_at=1,
        **known,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="session")
def film() -> Callable[..., movies.MovieDocument]:
    return a_film


@pytest.fixture(scope="session")
def show() -> Callable[..., tvshows.SeriesDocument]:
    return a_show


@pytest.fixture(scope="session")
def episode() -> Callable[..., tvshows.EpisodeDocument]:
    return an_episode


@dataclass
class Catalog:
    """What the catalog holds, by id; it answers as the real one does."""

    films: dict[UUID, movies.MovieDocument] = field(default_factory=dict)
    shows: dict[UUID, tvshows.SeriesDocument] = field(default_factory=dict)
    episodes: dict[UUID, tvshows.EpisodeDocument] = field(default_factory=dict)

    def add(self, *documents: object) -> None:
        for document in documents:
            match document:
                case movies.MovieDocument():
                    self.films[document.id] = document
                case tvshows.SeriesDocument():
                    self.shows[document.id] = document
                case tvshows.EpisodeDocument():
                    self.episodes[document.id] = document


router = Router[Catalog]()


@router.rpc(movies.get_documents)
async def get_films(asked: movies.GetMovieDocuments, catalog: Catalog) -> movies.MovieDocuments:
    return movies.MovieDocuments(_pick(catalog.films, asked.ids, asked.after, asked.limit))


@router.rpc(tvshows.get_series_documents)
async def get_shows(asked: tvshows.GetSeriesDocuments, catalog: Catalog) -> tvshows.SeriesDocuments:
    return tvshows.SeriesDocuments(_pick(catalog.shows, asked.ids, asked.after, asked.limit))


@router.rpc(tvshows.get_episode_documents)
async def get_episodes(
    asked: tvshows.GetEpisodeDocuments, catalog: Catalog
) -> tvshows.EpisodeDocuments:
    return tvshows.EpisodeDocuments(_pick(catalog.episodes, asked.ids, asked.after, asked.limit))


def _pick(
    held: dict[UUID, object], ids: tuple[UUID, ...], after: UUID | None, limit: int
) -> tuple[object, ...]:
    if ids:
        return tuple(held[id] for id in ids if id in held)
    later = sorted(id for id in held if after is None or id > after)
    return tuple(held[id] for id in later[:limit])


@pytest.fixture
async def catalog(nats: settings.Nats) -> AsyncGenerator[Catalog]:
    """A service in the catalog's place, on its contract."""
    held = Catalog()

    async def start(service: lifecycle.Service, _: settings.Settings) -> None:
        service.include(router, scope=always(held))

    async with running("catalog", settings.Settings(nats=nats), start):
        yield held


@pytest.fixture
async def indexer(engine: Engine, bus: Bus, db: Database) -> AsyncGenerator[Indexer]:
    yield Indexer(engine, bus, db, Turns(db))
    async with db.begin() as tx:  # or a service of a later test would send the orders of this one
        await tx.run("delete from outbox")
