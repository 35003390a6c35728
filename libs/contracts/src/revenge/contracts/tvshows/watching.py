"""How far each user has watched, and what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from revenge.contracts._ids import EpisodeId, SeriesId, UserId
from revenge.contracts._kinds import Message, Nothing
from revenge.contracts._pages import Limit, Seconds
from revenge.contracts.movies import ProgressNotFound
from revenge.contracts.tvshows._domain import domain
from revenge.contracts.tvshows.episodes import Episode, GetEpisode
from revenge.contracts.tvshows.faults import EpisodeNotFound, NoNextEpisode, SeriesNotFound
from revenge.contracts.tvshows.series import GetSeries


class ContinueSeries(Message, frozen=True):
    limit: Limit = 20


class SeriesInProgress(Message, frozen=True):
    """One line for each show: the episode that was watched last and not to its end."""

    series_id: SeriesId
    series_title: str
    episode_id: EpisodeId
    episode_title: str
    season_number: int
    episode_number: int
    progress_seconds: int
    duration_seconds: int
    progress_percent: int
    last_watched_at: datetime
    series_poster_path: str | None = None


class EpisodeProgress(Message, frozen=True):
    user_id: UserId
    episode_id: EpisodeId
    progress_seconds: int
    duration_seconds: int
    progress_percent: int
    is_completed: bool
    watch_count: int
    last_watched_at: datetime
    created_at: datetime
    updated_at: datetime
    watched_at: datetime | None = None


class SetEpisodeProgress(Message, frozen=True):
    id: EpisodeId
    progress_seconds: Seconds
    duration_seconds: Annotated[int, Meta(ge=1, le=10_000_000)]


class MarkEpisodeWatched(Message, frozen=True):
    id: EpisodeId
    duration_seconds: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None


class MarkEpisodesWatched(Message, frozen=True):
    episode_ids: Annotated[tuple[EpisodeId, ...], Meta(min_length=1, max_length=1000)]


class EpisodesMarked(Message, frozen=True):
    marked_count: int


class SeriesWatchStats(Message, frozen=True):
    series_id: SeriesId
    total_episodes: int
    watched_episodes: int
    total_runtime_minutes: int
    watched_runtime_minutes: int
    completion_percent: float
    last_watched_at: datetime | None = None


class GetTvStats(Message, frozen=True):
    pass


class TvStats(Message, frozen=True):
    user_id: UserId
    total_series: int
    total_episodes_watched: int
    total_watch_time_minutes: int
    completed_series: int
    current_series: int


list_in_progress = domain.rpc("list_in_progress", ContinueSeries, list[SeriesInProgress])
get_next_episode = domain.rpc(
    "get_next_episode", GetSeries, Episode, raises=(SeriesNotFound, NoNextEpisode)
)
get_progress = domain.rpc(
    "get_progress", GetEpisode, EpisodeProgress, raises=(EpisodeNotFound, ProgressNotFound)
)
set_progress = domain.rpc(
    "set_progress", SetEpisodeProgress, EpisodeProgress, raises=(EpisodeNotFound,)
)
clear_progress = domain.rpc("clear_progress", GetEpisode, Nothing, raises=(EpisodeNotFound,))
mark_watched = domain.rpc("mark_watched", MarkEpisodeWatched, Nothing, raises=(EpisodeNotFound,))
mark_many_watched = domain.rpc("mark_many_watched", MarkEpisodesWatched, EpisodesMarked)
get_watch_stats = domain.rpc(
    "get_watch_stats", GetSeries, SeriesWatchStats, raises=(SeriesNotFound,)
)
get_stats = domain.rpc("get_stats", GetTvStats, TvStats)
