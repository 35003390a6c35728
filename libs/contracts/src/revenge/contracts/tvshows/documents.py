"""Shows and episodes as the search index holds them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from revenge.contracts._ids import EpisodeId, LibraryId, SeasonId, SeriesId
from revenge.contracts._kinds import Message
from revenge.contracts.tvshows._domain import domain


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


get_series_documents = domain.rpc("get_series_documents", GetSeriesDocuments, SeriesDocuments)
get_episode_documents = domain.rpc("get_episode_documents", GetEpisodeDocuments, EpisodeDocuments)
