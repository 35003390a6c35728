"""Films."""

from revenge.contracts import movies
from revenge.gateway.table import browse, delete, get, post

# fmt: off
LINES = (
    browse("/api/v1/movies", movies.list_movies, needs="movies:list"),
    browse("/api/v1/movies/search", movies.find_movies, needs="movies:list"),
    browse("/api/v1/movies/recently-added", movies.list_recent, needs="movies:list"),
    browse("/api/v1/movies/top-rated", movies.list_top_rated, needs="movies:list"),
    get("/api/v1/movies/continue-watching", movies.list_in_progress, needs="watch:read"),
    get("/api/v1/movies/watch-history", movies.list_watched, needs="watch:read"),
    get("/api/v1/movies/stats", movies.get_stats, needs="watch:read"),
    browse("/api/v1/movies/{id}", movies.get_movie, needs="movies:get"),
    browse("/api/v1/movies/{id}/files", movies.list_files, needs="movies:get"),
    browse("/api/v1/movies/{id}/cast", movies.list_cast, needs="movies:get"),
    browse("/api/v1/movies/{id}/crew", movies.list_crew, needs="movies:get"),
    browse("/api/v1/movies/{id}/genres", movies.list_genres, needs="movies:get"),
    get("/api/v1/movies/{id}/progress", movies.get_progress, needs="watch:read"),
    post("/api/v1/movies/{id}/progress", movies.set_progress, needs="watch:write"),
    delete("/api/v1/movies/{id}/progress", movies.clear_progress, needs="watch:write"),
    post("/api/v1/movies/{id}/watched", movies.mark_watched, needs="watch:write", status=204),
    post("/api/v1/movies/{id}/refresh", movies.refresh_movie, needs="movies:update", status=202),
)
