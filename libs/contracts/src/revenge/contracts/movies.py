"""Films: what the catalog holds of them, and how far each user has watched."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from revenge.contracts._faults import NotFound
from revenge.contracts._ids import FileId, LibraryId, MovieId, UserId
from revenge.contracts._kinds import Audience, Domain, Message, Nothing
from revenge.contracts._pages import Limit, Offset, Seconds
from revenge.contracts.catalog import CreditList
from revenge.contracts.media import Media

domain = Domain("movies")


class MovieNotFound(NotFound):
    """No film has this id, or it is in no library that you may see."""


class ProgressNotFound(NotFound):
    """You have not watched any of this yet."""


class ExternalRating(Message, frozen=True):
    """`value` as its source writes it; `score` from 0 to 100."""

    source: str
    value: str
    score: float


class Movie(Message, frozen=True):
    id: MovieId
    title: str
    library_added_at: datetime
    created_at: datetime
    updated_at: datetime
    tmdb_id: int | None = None
    imdb_id: str | None = None
    original_title: str | None = None
    year: int | None = None
    release_date: str | None = None  # YYYY-MM-DD
    runtime: int | None = None  # minutes
    overview: str | None = None
    tagline: str | None = None
    status: str | None = None
    original_language: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    trailer_url: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    popularity: float | None = None
    budget: int | None = None
    revenue: int | None = None
    metadata_updated_at: datetime | None = None
    radarr_id: int | None = None
    external_ratings: tuple[ExternalRating, ...] = ()


class MovieFile(Message, frozen=True):
    """A file of a film. The columns are the original's; `media` has every stream."""

    id: FileId
    movie_id: MovieId
    library_id: LibraryId
    file_path: str
    file_size: int
    file_name: str
    created_at: datetime
    updated_at: datetime
    resolution: str | None = None
    quality_profile: str | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    container: str | None = None
    duration_seconds: int | None = None
    bitrate_kbps: int | None = None
    framerate: float | None = None
    dynamic_range: str | None = None
    color_space: str | None = None
    audio_channels: str | None = None
    audio_languages: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    edition: str | None = None
    part: int | None = None
    radarr_file_id: int | None = None
    last_scanned_at: datetime | None = None
    is_monitored: bool = True
    media: Media | None = None


class MovieOrder(enum.StrEnum):
    TITLE = "title"
    YEAR = "year"
    ADDED = "added"
    RATING = "rating"


class ListMovies(Message, frozen=True):
    order_by: MovieOrder = MovieOrder.ADDED
    genre: Annotated[str, Meta(max_length=100)] | None = None  # a genre's slug
    library_id: LibraryId | None = None
    limit: Limit = 20
    offset: Offset = 0


class MovieList(Message, frozen=True):
    items: tuple[Movie, ...]
    total: int
    page: int
    page_size: int


class FindMovies(Message, frozen=True):
    query: Annotated[str, Meta(min_length=1, max_length=200)]
    limit: Limit = 20
    offset: Offset = 0


class ListRecentMovies(Message, frozen=True):
    limit: Limit = 20
    offset: Offset = 0


class ListTopRatedMovies(Message, frozen=True):
    min_votes: Annotated[int, Meta(ge=0)] = 100
    limit: Limit = 20
    offset: Offset = 0


class GetMovie(Message, frozen=True):
    id: MovieId


class MovieGenre(Message, frozen=True):
    movie_id: MovieId
    slug: str
    name: str


class ListMovieCredits(Message, frozen=True):
    id: MovieId
    limit: Limit = 50
    offset: Offset = 0


class ContinueMovies(Message, frozen=True):
    limit: Annotated[int, Meta(ge=1, le=50)] = 10


class MovieInProgress(Movie, frozen=True, kw_only=True):
    progress_seconds: int
    duration_seconds: int
    progress_percent: int
    last_watched_at: datetime


class ListWatchedMovies(Message, frozen=True):
    limit: Limit = 20
    offset: Offset = 0


class WatchedMovie(Movie, frozen=True, kw_only=True):
    watch_count: int
    last_watched_at: datetime


class GetMovieStats(Message, frozen=True):
    pass


class MovieStats(Message, frozen=True):
    watched_count: int
    in_progress_count: int
    total_watches: int


class MovieProgress(Message, frozen=True):
    user_id: UserId
    movie_id: MovieId
    progress_seconds: int
    duration_seconds: int
    progress_percent: int
    is_completed: bool
    watch_count: int
    last_watched_at: datetime
    created_at: datetime
    updated_at: datetime


class SetMovieProgress(Message, frozen=True):
    id: MovieId
    progress_seconds: Seconds
    duration_seconds: Annotated[int, Meta(ge=1, le=10_000_000)]


class MovieDocument(Message, frozen=True):
    """A film as the search index holds it. Dates are Unix seconds."""

    id: MovieId
    title: str
    library_ids: tuple[LibraryId, ...]
    library_added_at: int
    updated_at: int
    tmdb_id: int | None = None
    imdb_id: str | None = None
    original_title: str | None = None
    year: int | None = None
    release_date: int | None = None
    runtime: int | None = None
    overview: str | None = None
    tagline: str | None = None
    status: str | None = None
    original_language: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    vote_average: float | None = None
    vote_count: int | None = None
    popularity: float | None = None
    genres: tuple[str, ...] = ()
    genre_slugs: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    has_file: bool = True
    resolution: str | None = None
    quality_profile: str | None = None


class GetMovieDocuments(Message, frozen=True):
    """The documents of these films; of all, in order of id, when `ids` is empty."""

    ids: Annotated[tuple[MovieId, ...], Meta(max_length=250)] = ()
    after: MovieId | None = None
    limit: Annotated[int, Meta(ge=1, le=250)] = 250


class MovieDocuments(Message, frozen=True):
    """Films that are asked for and not here are in no library any more."""

    documents: tuple[MovieDocument, ...]


class MovieEvent(Message, frozen=True):
    movie_id: MovieId
    title: str
    library_ids: tuple[LibraryId, ...]
    year: int | None = None
    poster_path: str | None = None


list_movies = domain.rpc("list_movies", ListMovies, MovieList)
find_movies = domain.rpc("find_movies", FindMovies, list[Movie])
list_recent = domain.rpc("list_recent", ListRecentMovies, MovieList)
list_top_rated = domain.rpc("list_top_rated", ListTopRatedMovies, MovieList)
list_in_progress = domain.rpc("list_in_progress", ContinueMovies, list[MovieInProgress])
list_watched = domain.rpc("list_watched", ListWatchedMovies, list[WatchedMovie])
get_stats = domain.rpc("get_stats", GetMovieStats, MovieStats)
get_movie = domain.rpc("get_movie", GetMovie, Movie, raises=(MovieNotFound,))
list_files = domain.rpc("list_files", GetMovie, list[MovieFile], raises=(MovieNotFound,))
list_genres = domain.rpc("list_genres", GetMovie, list[MovieGenre], raises=(MovieNotFound,))
list_cast = domain.rpc("list_cast", ListMovieCredits, CreditList, raises=(MovieNotFound,))
list_crew = domain.rpc("list_crew", ListMovieCredits, CreditList, raises=(MovieNotFound,))
get_progress = domain.rpc(
    "get_progress", GetMovie, MovieProgress, raises=(MovieNotFound, ProgressNotFound)
)
set_progress = domain.rpc("set_progress", SetMovieProgress, MovieProgress, raises=(MovieNotFound,))
clear_progress = domain.rpc("clear_progress", GetMovie, Nothing, raises=(MovieNotFound,))
mark_watched = domain.rpc("mark_watched", GetMovie, Nothing, raises=(MovieNotFound,))
refresh_movie = domain.rpc("refresh_movie", GetMovie, Nothing, raises=(MovieNotFound,))
get_documents = domain.rpc("get_documents", GetMovieDocuments, MovieDocuments)

movie_added = domain.event("added", MovieEvent, type="movie.added", audience=Audience.LIBRARIES)
movie_available = domain.event(
    "available", MovieEvent, type="movie.available", audience=Audience.LIBRARIES
)
movie_updated = domain.event(
    "updated", MovieEvent, type="movie.updated", audience=Audience.LIBRARIES
)
movie_deleted = domain.event(
    "deleted", MovieEvent, type="movie.deleted", audience=Audience.LIBRARIES
)
