"""Shows."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from revenge.contracts._ids import LibraryId, SeriesId
from revenge.contracts._kinds import Audience, Message, Nothing
from revenge.contracts._pages import Limit, Offset
from revenge.contracts.catalog import CreditList
from revenge.contracts.movies import ExternalRating
from revenge.contracts.tvshows._domain import domain
from revenge.contracts.tvshows.faults import SeriesNotFound


class Series(Message, frozen=True):
    id: SeriesId
    title: str
    total_seasons: int
    total_episodes: int
    library_added_at: datetime
    created_at: datetime
    updated_at: datetime
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    imdb_id: str | None = None
    sonarr_id: int | None = None
    original_title: str | None = None
    original_language: str | None = None
    tagline: str | None = None
    overview: str | None = None
    status: str | None = None
    type: str | None = None
    year: int | None = None
    first_air_date: str | None = None  # YYYY-MM-DD
    last_air_date: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    popularity: float | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    trailer_url: str | None = None
    homepage: str | None = None
    external_ratings: tuple[ExternalRating, ...] = ()
    metadata_updated_at: datetime | None = None


class SeriesOrder(enum.StrEnum):
    CREATED_AT = "created_at"
    TITLE = "title"
    FIRST_AIR_DATE = "first_air_date"
    VOTE_AVERAGE = "vote_average"
    POPULARITY = "popularity"


class ListSeries(Message, frozen=True):
    order_by: SeriesOrder = SeriesOrder.CREATED_AT
    genre: Annotated[str, Meta(max_length=100)] | None = None
    library_id: LibraryId | None = None
    limit: Limit = 20
    offset: Offset = 0


class SeriesList(Message, frozen=True):
    items: tuple[Series, ...]
    total: int
    page: int
    page_size: int


class FindSeries(Message, frozen=True):
    query: Annotated[str, Meta(min_length=1, max_length=200)]
    limit: Limit = 20
    offset: Offset = 0


class ListRecentSeries(Message, frozen=True):
    limit: Limit = 20
    offset: Offset = 0


class GetSeries(Message, frozen=True):
    id: SeriesId


class SeriesGenre(Message, frozen=True):
    series_id: SeriesId
    slug: str
    name: str


class ListSeriesCredits(Message, frozen=True):
    id: SeriesId
    limit: Limit = 50
    offset: Offset = 0


class SeriesEvent(Message, frozen=True):
    series_id: SeriesId
    title: str
    library_ids: tuple[LibraryId, ...]
    year: int | None = None
    poster_path: str | None = None


list_series = domain.rpc("list_series", ListSeries, SeriesList)
find_series = domain.rpc("find_series", FindSeries, list[Series])
list_recent = domain.rpc("list_recent", ListRecentSeries, SeriesList)
get_series = domain.rpc("get_series", GetSeries, Series, raises=(SeriesNotFound,))
list_genres = domain.rpc("list_genres", GetSeries, list[SeriesGenre], raises=(SeriesNotFound,))
list_cast = domain.rpc("list_cast", ListSeriesCredits, CreditList, raises=(SeriesNotFound,))
list_crew = domain.rpc("list_crew", ListSeriesCredits, CreditList, raises=(SeriesNotFound,))
refresh_series = domain.rpc("refresh_series", GetSeries, Nothing, raises=(SeriesNotFound,))

series_added = domain.event(
    "series_added", SeriesEvent, type="tvshow.added", audience=Audience.LIBRARIES
)
series_updated = domain.event(
    "series_updated", SeriesEvent, type="tvshow.updated", audience=Audience.LIBRARIES
)
series_deleted = domain.event(
    "series_deleted", SeriesEvent, type="tvshow.deleted", audience=Audience.LIBRARIES
)
