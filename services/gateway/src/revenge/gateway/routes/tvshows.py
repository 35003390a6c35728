"""Shows, seasons and episodes. All of it answers under /api/v1/tv as well."""

from revenge.contracts import tvshows
from revenge.gateway.table import browse, delete, get, post, put

# fmt: off
LINES = (
    browse("/api/v1/tvshows", tvshows.list_series, needs="tvshows:list"),
    browse("/api/v1/tvshows/search", tvshows.find_series, needs="tvshows:list"),
    browse("/api/v1/tvshows/recently-added", tvshows.list_recent, needs="tvshows:list"),
    get("/api/v1/tvshows/continue-watching", tvshows.list_in_progress, needs="watch:read"),
    get("/api/v1/tvshows/stats", tvshows.get_stats, needs="watch:read"),
    browse("/api/v1/tvshows/{id}", tvshows.get_series, needs="tvshows:get"),
    browse("/api/v1/tvshows/{id}/seasons", tvshows.list_seasons, needs="tvshows:get"),
    browse("/api/v1/tvshows/{id}/episodes", tvshows.list_episodes, needs="tvshows:get"),
    browse("/api/v1/tvshows/{id}/cast", tvshows.list_cast, needs="tvshows:get"),
    browse("/api/v1/tvshows/{id}/crew", tvshows.list_crew, needs="tvshows:get"),
    browse("/api/v1/tvshows/{id}/genres", tvshows.list_genres, needs="tvshows:get"),
    get("/api/v1/tvshows/{id}/watch-stats", tvshows.get_watch_stats, needs="watch:read"),
    get("/api/v1/tvshows/{id}/next-episode", tvshows.get_next_episode, needs="watch:read"),
    post("/api/v1/tvshows/{id}/refresh", tvshows.refresh_series, needs="tvshows:update",
         status=202),
    browse("/api/v1/tvshows/seasons/{id}", tvshows.get_season, needs="tvshows:get"),
    browse("/api/v1/tvshows/seasons/{id}/episodes", tvshows.list_season_episodes,
           needs="tvshows:get"),
    browse("/api/v1/tvshows/episodes/recent", tvshows.list_recent_episodes, needs="tvshows:list"),
    post("/api/v1/tvshows/episodes/bulk-watched", tvshows.mark_many_watched, needs="watch:write"),
    browse("/api/v1/tvshows/episodes/{id}", tvshows.get_episode, needs="tvshows:get"),
    browse("/api/v1/tvshows/episodes/{id}/files", tvshows.list_episode_files, needs="tvshows:get"),
    get("/api/v1/tvshows/episodes/{id}/progress", tvshows.get_progress, needs="watch:read"),
    put("/api/v1/tvshows/episodes/{id}/progress", tvshows.set_progress, needs="watch:write"),
    delete("/api/v1/tvshows/episodes/{id}/progress", tvshows.clear_progress, needs="watch:write"),
    post("/api/v1/tvshows/episodes/{id}/watched", tvshows.mark_watched, needs="watch:write",
         status=204),
)
