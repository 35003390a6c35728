"""Which service owns what, and what it may reach: the source of every permission.

The NATS users and the database roles are made from this table, and nothing else is granted.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from revenge.contracts import (
    Domain,
    Event,
    Job,
    Rpc,
    auth,
    catalog,
    jobs,
    library,
    metadata,
    movies,
    notification,
    playback,
    search,
    tvshows,
)

DOMAINS: tuple[Domain, ...] = (
    auth.domain,
    library.domain,
    catalog.domain,
    movies.domain,
    tvshows.domain,
    metadata.domain,
    playback.domain,
    search.domain,
    notification.domain,
    jobs.domain,
)


class Service(Struct, frozen=True):
    """One service. `calls_all` and `hears_all` are for the gateway and the notifier."""

    name: str
    package: str
    domains: tuple[Domain, ...] = ()
    calls: tuple[Rpc[Any, Any], ...] = ()
    listens: tuple[Event[Any], ...] = ()
    enqueues: tuple[Job[Any], ...] = ()
    buckets: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()  # the first one is where its outbox is
    calls_all: bool = False
    hears_all: bool = False
    buries: bool = False  # looks after the jobs of all services

    @property
    def has_jobs(self) -> bool:
        return any(isinstance(contract, Job) for domain in self.domains for contract in domain)


def _announced() -> tuple[Event[Any], ...]:
    return tuple(
        contract
        for domain in DOMAINS
        for contract in domain
        if isinstance(contract, Event) and contract.audience != "internal"
    )


GATEWAY = Service("gateway", "revenge.gateway", calls_all=True, hears_all=True)
AUTH = Service("auth", "revenge.auth", (auth.domain,), schemas=("auth",))
LIBRARY_SCANNER = Service(
    "library-scanner",
    "revenge.library_scanner",
    (library.domain,),
    calls=(auth.get_user,),
    listens=(auth.user_deleted,),
    buckets=("leases",),
    schemas=("library",),
)
CATALOG = Service(
    "catalog",
    "revenge.catalog",
    (catalog.domain, movies.domain, tvshows.domain),
    listens=(
        library.files_found,
        library.files_gone,
        library.files_moved,
        library.library_deleted,
        metadata.movie_described,
        metadata.series_described,
        metadata.season_described,
        metadata.episode_described,
        playback.progressed,
        playback.paused,
        playback.stopped,
        auth.user_deleted,
    ),
    enqueues=(metadata.describe_titles,),
    schemas=("catalog", "movies", "tvshows"),
)
METADATA = Service("metadata", "revenge.metadata", (metadata.domain,), schemas=("metadata",))
PLAYBACK = Service(
    "playback",
    "revenge.playback",
    (playback.domain,),
    calls=(catalog.find_media,),
    buckets=("playback", "leases", "qos"),
    schemas=("playback",),
)
SEARCH_INDEXER = Service(
    "search-indexer",
    "revenge.search_indexer",
    (search.domain,),
    calls=(movies.get_documents, tvshows.get_series_documents, tvshows.get_episode_documents),
    listens=(
        movies.movie_added,
        movies.movie_updated,
        movies.movie_deleted,
        tvshows.series_added,
        tvshows.series_updated,
        tvshows.series_deleted,
        tvshows.episode_added,
        tvshows.episode_updated,
        tvshows.episode_deleted,
    ),
    schemas=("search",),
)
NOTIFICATION = Service(
    "notification",
    "revenge.notification",
    (notification.domain, jobs.domain),
    listens=_announced(),
    buckets=("progress",),
    schemas=("notification",),
    buries=True,
)

SERVICES: tuple[Service, ...] = (
    AUTH,
    LIBRARY_SCANNER,
    CATALOG,
    METADATA,
    PLAYBACK,
    SEARCH_INDEXER,
    NOTIFICATION,
    GATEWAY,
)
