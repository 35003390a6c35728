"""Shows: series, seasons and episodes, and how far each user has watched."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from revenge.contracts._faults import NotFound
from revenge.contracts._ids import EpisodeId, FileId, LibraryId, SeasonId, SeriesId, UserId
from revenge.contracts._kinds import Audience, Domain, Message, Nothing
from revenge.contracts._pages import Limit, Offset, Seconds
from revenge.contracts.media import Media
from revenge.contracts.movies import ExternalRating, ProgressNotFound

domain = Domain("tvshows")


class SeriesNotFound(NotFound):
    """No show has this id, or it is in no library that you may see."""


class SeasonNotFound(NotFound):
    """No season has this id, or it is in no library that you may see."""


class EpisodeNotFound(NotFound):
    """No episode has this id, or it is in no library that you may see."""


class NoNextEpisode(NotFound):
    """Every episode of this show has been watched."""


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


class GetSeason(Message, frozen=True):
    id: SeasonId


class GetEpisode(Message, frozen=True):
    id: EpisodeId


class SeriesGenre(Message, frozen=True):
    series_id: SeriesId
    slug: str
    name: str


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


class SeriesDocument(Message, frozen=True):
    """A show as the search index holds it. Dates are Unix seconds."""

    id: SeriesId
    title: str
    library_ids: tuple[LibraryId, ...]
    library_added_at: int
    updated_at: int
    total_seasons: int
    total_episodes: int
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    imdb_id: str | None = None
    original_title: str | None = None
    year: int | None = None
    first_air_date: int | None = None
    overview: str | None = None
    status: str | None = None
    type: str | None = None
    original_language: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    popularity: float | None = None
    genres: tuple[str, ...] = ()
    genre_slugs: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    has_file: bool = True


class EpisodeDocument(Message, frozen=True):
    id: EpisodeId
    series_id: SeriesId
    season_id: SeasonId
    library_ids: tuple[LibraryId, ...]
    season_number: int
    episode_number: int
    title: str
    series_title: str
    updated_at: int
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    imdb_id: str | None = None
    overview: str | None = None
    air_date: int | None = None
    runtime: int | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    still_path: str | None = None
    series_poster_path: str | None = None
    has_file: bool = True


class GetSeriesDocuments(Message, frozen=True):
    """The documents of these shows; of all, in order of id, when `ids` is empty."""

    ids: Annotated[tuple[SeriesId, ...], Meta(max_length=250)] = ()
    after: SeriesId | None = None
    limit: Annotated[int, Meta(ge=1, le=250)] = 250


class SeriesDocuments(Message, frozen=True):
    documents: tuple[SeriesDocument, ...]


class GetEpisodeDocuments(Message, frozen=True):
    """The documents of these episodes; of all, in order of id, when `ids` is empty."""

    ids: Annotated[tuple[EpisodeId, ...], Meta(max_length=250)] = ()
    after: EpisodeId | None = None
    limit: Annotated[int, Meta(ge=1, le=250)] = 250


class EpisodeDocuments(Message, frozen=True):
    documents: tuple[EpisodeDocument, ...]


class SeriesEvent(Message, frozen=True):
    series_id: SeriesId
    title: str
    library_ids: tuple[LibraryId, ...]
    year: int | None = None
    poster_path: str | None = None


class EpisodeEvent(Message, frozen=True):
    episode_id: EpisodeId
    series_id: SeriesId
    series_title: str
    season_number: int
    episode_number: int
    title: str
    library_ids: tuple[LibraryId, ...]


list_series = domain.rpc("list_series", ListSeries, SeriesList)
find_series = domain.rpc("find_series", FindSeries, list[Series])
list_recent = domain.rpc("list_recent", ListRecentSeries, SeriesList)
list_in_progress = domain.rpc("list_in_progress", ContinueSeries, list[SeriesInProgress])
list_recent_episodes = domain.rpc("list_recent_episodes", ListRecentEpisodes, list[EpisodeOfSeries])
get_stats = domain.rpc("get_stats", GetTvStats, TvStats)
get_series = domain.rpc("get_series", GetSeries, Series, raises=(SeriesNotFound,))
list_seasons = domain.rpc("list_seasons", GetSeries, list[Season], raises=(SeriesNotFound,))
list_episodes = domain.rpc("list_episodes", GetSeries, list[Episode], raises=(SeriesNotFound,))
list_genres = domain.rpc("list_genres", GetSeries, list[SeriesGenre], raises=(SeriesNotFound,))
get_watch_stats = domain.rpc(
    "get_watch_stats", GetSeries, SeriesWatchStats, raises=(SeriesNotFound,)
)
get_next_episode = domain.rpc(
    "get_next_episode", GetSeries, Episode, raises=(SeriesNotFound, NoNextEpisode)
)
refresh_series = domain.rpc("refresh_series", GetSeries, Nothing, raises=(SeriesNotFound,))
get_season = domain.rpc("get_season", GetSeason, Season, raises=(SeasonNotFound,))
list_season_episodes = domain.rpc(
    "list_season_episodes", GetSeason, list[Episode], raises=(SeasonNotFound,)
)
get_episode = domain.rpc("get_episode", GetEpisode, Episode, raises=(EpisodeNotFound,))
list_episode_files = domain.rpc(
    "list_episode_files", GetEpisode, list[EpisodeFile], raises=(EpisodeNotFound,)
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
get_series_documents = domain.rpc("get_series_documents", GetSeriesDocuments, SeriesDocuments)
get_episode_documents = domain.rpc("get_episode_documents", GetEpisodeDocuments, EpisodeDocuments)

series_added = domain.event(
    "series_added", SeriesEvent, type="tvshow.added", audience=Audience.LIBRARIES
)
series_updated = domain.event(
    "series_updated", SeriesEvent, type="tvshow.updated", audience=Audience.LIBRARIES
)
series_deleted = domain.event(
    "series_deleted", SeriesEvent, type="tvshow.deleted", audience=Audience.LIBRARIES
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
