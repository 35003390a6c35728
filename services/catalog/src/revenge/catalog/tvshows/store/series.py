"""Shows as they are read."""

from __future__ import annotations

from typing import LiteralString

from revenge.catalog.documents import Documents
from revenge.catalog.titles import Titles
from revenge.contracts.tvshows import Series, SeriesDocument, SeriesOrder

SERIES: LiteralString = """
    series.id, series.title, series.total_seasons, series.total_episodes,
    series.library_added_at, series.created_at, series.updated_at, series.tmdb_id,
    series.tvdb_id, series.imdb_id, series.sonarr_id, series.original_title,
    series.original_language, series.tagline, series.overview, series.status, series.type,
    series.year, series.first_air_date::text as first_air_date,
    series.last_air_date::text as last_air_date, series.vote_average, series.vote_count,
    series.popularity, series.poster_path, series.backdrop_path, series.trailer_url,
    series.homepage, series.external_ratings, series.metadata_updated_at
"""

RECENT: LiteralString = "order by series.library_added_at desc, series.id desc"
ORDERS: dict[SeriesOrder, LiteralString] = {
    SeriesOrder.CREATED_AT: "order by series.created_at desc, series.id desc",
    SeriesOrder.TITLE: "order by series.sort_title, series.id",
    SeriesOrder.FIRST_AIR_DATE: "order by series.first_air_date desc nulls last, series.id desc",
    SeriesOrder.VOTE_AVERAGE: """
        order by series.vote_average desc nulls last, series.vote_count desc nulls last, series.id
    """,
    SeriesOrder.POPULARITY: "order by series.popularity desc nulls last, series.id",
}

SHOWS = Titles(Series, "tvshows.series", SERIES, counts="tvshows.series_count")
DOCUMENTS = Documents(SeriesDocument, "tvshows.series_document")
