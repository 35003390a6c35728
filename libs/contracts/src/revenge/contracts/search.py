"""Search: the index of all titles, and the questions one may ask it."""

from __future__ import annotations

import enum
from typing import Annotated, Any

from msgspec import Meta

from revenge.contracts._faults import Invalid, Unavailable
from revenge.contracts._kinds import Domain, Level, Message

domain = Domain("search")


class FilterInvalid(Invalid):
    """This is not a filter that the index understands."""


class IndexUnavailable(Unavailable):
    """The search index does not answer; titles can still be browsed."""


Query = Annotated[str, Meta(min_length=1, max_length=200)]
Filter = Annotated[str, Meta(max_length=1000)]


class MovieSort(enum.StrEnum):
    POPULARITY_DESC = "popularity:desc"
    POPULARITY_ASC = "popularity:asc"
    VOTE_AVERAGE_DESC = "vote_average:desc"
    VOTE_AVERAGE_ASC = "vote_average:asc"
    RELEASE_DATE_DESC = "release_date:desc"
    RELEASE_DATE_ASC = "release_date:asc"
    LIBRARY_ADDED_AT_DESC = "library_added_at:desc"
    LIBRARY_ADDED_AT_ASC = "library_added_at:asc"
    TITLE_ASC = "title:asc"
    TITLE_DESC = "title:desc"


class SeriesSort(enum.StrEnum):
    POPULARITY_DESC = "popularity:desc"
    POPULARITY_ASC = "popularity:asc"
    VOTE_AVERAGE_DESC = "vote_average:desc"
    VOTE_AVERAGE_ASC = "vote_average:asc"
    FIRST_AIR_DATE_DESC = "first_air_date:desc"
    FIRST_AIR_DATE_ASC = "first_air_date:asc"
    TITLE_ASC = "title:asc"
    TITLE_DESC = "title:desc"


class SearchMovies(Message, frozen=True):
    """Without `sort_by`, the best match comes first."""

    q: Query
    page: Annotated[int, Meta(ge=1, le=1000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=100)] = 20
    sort_by: MovieSort | None = None
    filter_by: Filter | None = None


class SearchSeries(Message, frozen=True):
    q: Query
    page: Annotated[int, Meta(ge=1, le=1000)] = 1
    per_page: Annotated[int, Meta(ge=1, le=100)] = 20
    sort_by: SeriesSort | None = None
    filter_by: Filter | None = None


class FacetValue(Message, frozen=True):
    value: str
    count: int


class Hit(Message, frozen=True):
    """`document` has the fields of the title's index document; `highlights` are marked up."""

    document: dict[str, Any]
    score: float
    highlights: dict[str, tuple[str, ...]] = {}


class SearchResults(Message, frozen=True):
    hits: tuple[Hit, ...]
    total_hits: int
    total_pages: int
    current_page: int
    search_time_ms: int
    facets: dict[str, tuple[FacetValue, ...]] = {}


class Complete(Message, frozen=True):
    q: Query
    limit: Annotated[int, Meta(ge=1, le=20)] = 5


class Suggestions(Message, frozen=True):
    suggestions: tuple[str, ...]


class GetFacets(Message, frozen=True):
    pass


class MovieFacets(Message, frozen=True):
    genres: tuple[FacetValue, ...] = ()
    years: tuple[FacetValue, ...] = ()
    status: tuple[FacetValue, ...] = ()
    directors: tuple[FacetValue, ...] = ()
    resolution: tuple[FacetValue, ...] = ()
    has_file: tuple[FacetValue, ...] = ()


class SeriesFacets(Message, frozen=True):
    genres: tuple[FacetValue, ...] = ()
    years: tuple[FacetValue, ...] = ()
    status: tuple[FacetValue, ...] = ()
    type: tuple[FacetValue, ...] = ()
    networks: tuple[FacetValue, ...] = ()
    has_file: tuple[FacetValue, ...] = ()


class MultiSearch(Message, frozen=True):
    q: Query
    limit: Annotated[int, Meta(ge=1, le=20)] = 5


class Found(Message, frozen=True):
    hits: tuple[Hit, ...] = ()
    total_hits: int = 0


class MultiResults(Message, frozen=True):
    """Seasons and people are not indexed yet; their lists are there and empty."""

    movies: SearchResults
    tvshows: SearchResults
    episodes: Found
    seasons: Found
    people: Found


class Reindex(Message, frozen=True):
    pass


class ReindexStarted(Message, frozen=True):
    message: str
    job_id: str


class Collection(enum.StrEnum):
    MOVIES = "movies"
    TVSHOWS = "tvshows"
    EPISODES = "episodes"


class RebuildIndex(Message, frozen=True):
    """Build these collections anew beside the old ones, then put them in their place."""

    collections: tuple[Collection, ...]


search_movies = domain.rpc(
    "search_movies", SearchMovies, SearchResults, raises=(FilterInvalid, IndexUnavailable)
)
complete_movies = domain.rpc("complete_movies", Complete, Suggestions, raises=(IndexUnavailable,))
get_movie_facets = domain.rpc(
    "get_movie_facets", GetFacets, MovieFacets, raises=(IndexUnavailable,)
)
search_series = domain.rpc(
    "search_series", SearchSeries, SearchResults, raises=(FilterInvalid, IndexUnavailable)
)
complete_series = domain.rpc("complete_series", Complete, Suggestions, raises=(IndexUnavailable,))
get_series_facets = domain.rpc(
    "get_series_facets", GetFacets, SeriesFacets, raises=(IndexUnavailable,)
)
search_all = domain.rpc("search_all", MultiSearch, MultiResults, raises=(IndexUnavailable,))
reindex_movies = domain.rpc("reindex_movies", Reindex, ReindexStarted)
reindex_series = domain.rpc("reindex_series", Reindex, ReindexStarted)

rebuild_index = domain.job(
    "rebuild_index", RebuildIndex, level=Level.DEFAULT, timeout=900, unique_for=900
)
