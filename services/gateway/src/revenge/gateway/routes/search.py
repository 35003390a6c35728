"""Search. Its replies are not kept: the index follows the catalog a moment later."""

from revenge.contracts import search
from revenge.gateway.table import get, post

# fmt: off
LINES = (
    get("/api/v1/search/movies", search.search_movies, needs="search:read"),
    get("/api/v1/search/movies/autocomplete", search.complete_movies, needs="search:read"),
    get("/api/v1/search/movies/facets", search.get_movie_facets, needs="search:read"),
    get("/api/v1/search/tvshows", search.search_series, needs="search:read"),
    get("/api/v1/search/tvshows/autocomplete", search.complete_series, needs="search:read"),
    get("/api/v1/search/tvshows/facets", search.get_series_facets, needs="search:read"),
    get("/api/v1/search/multi", search.search_all, needs="search:read"),
    post("/api/v1/search/reindex", search.reindex_movies, needs="search:update", status=202),
    post("/api/v1/search/tvshows/reindex", search.reindex_series, needs="search:update",
         status=202),
)
