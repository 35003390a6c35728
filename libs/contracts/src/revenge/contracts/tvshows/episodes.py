"""Seasons, episodes and their files."""

from __future__ import annotations

from datetime import datetime

from revenge.contracts._ids import EpisodeId, FileId, LibraryId, SeasonId, SeriesId
from revenge.contracts._kinds import Audience, Message
from revenge.contracts._pages import Limit, Offset
from revenge.contracts.media import Media
from revenge.contracts.tvshows._domain import domain
from revenge.contracts.tvshows.faults import EpisodeNotFound, SeasonNotFound, SeriesNotFound
from revenge.contracts.tvshows.series import GetSeries


class Season(Message, frozen=True):
    """Season 0 holds the specials."""

    id: SeasonId
    series_id: SeriesId
    season_number: int
    name: str
    episode_count: int
    created_at: datetime
    updated_at: datetime
    tmdb_id: int | None = None
    overview: str | None = None
    poster_path: str | None = None
    air_date: str | None = None
    vote_average: float | None = None


class Episode(Message, frozen=True):
    id: EpisodeId
    series_id: SeriesId
    season_id: SeasonId
    season_number: int
    episode_number: int
    title: str
    created_at: datetime
    updated_at: datetime
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    imdb_id: str | None = None
    overview: str | None = None
    air_date: str | None = None
    runtime: int | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    still_path: str | None = None
    production_code: str | None = None


class EpisodeFile(Message, frozen=True):
    """A file of an episode. One file may hold several: each of them lists it."""

    id: FileId
    episode_id: EpisodeId
    library_id: LibraryId
    file_path: str
    file_name: str
    file_size: int
    created_at: datetime
    updated_at: datetime
    resolution: str | None = None
    quality_profile: str | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    container: str | None = None
    duration_seconds: int | None = None
    bitrate_kbps: int | None = None
    dynamic_range: str | None = None
    audio_languages: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    sonarr_file_id: int | None = None
    media: Media | None = None


class GetSeason(Message, frozen=True):
    id: SeasonId


class GetEpisode(Message, frozen=True):
    id: EpisodeId


class ListRecentEpisodes(Message, frozen=True):
    limit: Limit = 20
    offset: Offset = 0


class EpisodeOfSeries(Message, frozen=True):
    id: EpisodeId
    series_id: SeriesId
    series_title: str
    season_id: SeasonId
    season_number: int
    episode_number: int
    title: str
    created_at: datetime
    series_poster_path: str | None = None
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    overview: str | None = None
    air_date: str | None = None
    runtime: int | None = None
    still_path: str | None = None


class EpisodeEvent(Message, frozen=True):
    episode_id: EpisodeId
    series_id: SeriesId
    series_title: str
    season_number: int
    episode_number: int
    title: str
    library_ids: tuple[LibraryId, ...]


list_seasons = domain.rpc("list_seasons", GetSeries, list[Season], raises=(SeriesNotFound,))
list_episodes = domain.rpc("list_episodes", GetSeries, list[Episode], raises=(SeriesNotFound,))
list_recent_episodes = domain.rpc("list_recent_episodes", ListRecentEpisodes, list[EpisodeOfSeries])
get_season = domain.rpc("get_season", GetSeason, Season, raises=(SeasonNotFound,))
list_season_episodes = domain.rpc(
    "list_season_episodes", GetSeason, list[Episode], raises=(SeasonNotFound,)
)
get_episode = domain.rpc("get_episode", GetEpisode, Episode, raises=(EpisodeNotFound,))
list_episode_files = domain.rpc(
    "list_episode_files", GetEpisode, list[EpisodeFile], raises=(EpisodeNotFound,)
)
episode_added = domain.event(
    "episode_added", EpisodeEvent, type="episode.added", audience=Audience.LIBRARIES
)
episode_updated = domain.event(
    "episode_updated", EpisodeEvent, type="episode.updated", audience=Audience.LIBRARIES
)
episode_deleted = domain.event(
    "episode_deleted", EpisodeEvent, type="episode.deleted", audience=Audience.LIBRARIES
)
