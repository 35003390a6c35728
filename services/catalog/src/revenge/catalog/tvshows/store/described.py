"""What is known of shows, seasons and episodes, and where they are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from revenge.catalog.described import Described
from revenge.catalog.tvshows.changes import EpisodeChange, SeriesChange
from revenge.contracts import SeasonId, SeriesId
from revenge.kit import Tx


class SeasonChange(Struct, frozen=True):
    id: SeasonId
    series_id: SeriesId


SERIES = Described(
    SeriesChange,
    table="tvshows.series",
    columns="""
        title, sort_title, search_title, search_original, original_title, tagline, overview,
        status, year, premiered, vote_average, vote_count, poster_path, backdrop_path,
        tmdb_id, tvdb_id, imdb_id, genres, genre_slugs, networks, external_ratings, description,
        description_revision
    """,
    told="series.id, series.title, series.year, series.poster_path",
    placed="library_ids, total_seasons, total_episodes, first_air_date, last_air_date",
    counts="tvshows.series_count",
)
SEASONS = Described(
    SeasonChange,
    table="tvshows.season",
    columns="""
        name, overview, poster_path, air_date, vote_average, tmdb_id, description,
        description_revision
    """,
    told="season.id, season.series_id",
    placed="library_ids, episode_count",
)
EPISODES = Described(
    EpisodeChange,
    table="tvshows.episode",
    columns="""
        title, overview, air_date, runtime, vote_average, vote_count, still_path, tmdb_id, tvdb_id,
        imdb_id, description, description_revision
    """,
    told="""
        episode.id, episode.series_id, episode.season_id, episode.season_number,
        episode.episode_number, episode.title,
        (
            select series.title
            from tvshows.series
            where series.id = episode.series_id
        ) as series_title
    """,
)


async def shown_series(tx: Tx, series_ids: Collection[SeriesId]) -> list[SeriesChange]:
    """These shows, for telling that something in them changed."""
    return await tx.all(
        SeriesChange,
        "select "  # noqa: S608 - literals
        + SERIES.told
        + """, library_ids as libraries_before, library_ids
        from tvshows.series
        where id = any(%(series_ids)s::uuid[])
        """,
        series_ids=list(series_ids),
    )


async def shown_episodes(tx: Tx, series_ids: Collection[SeriesId]) -> list[EpisodeChange]:
    """All episodes of these shows, for the same."""
    return await tx.all(
        EpisodeChange,
        "select "  # noqa: S608 - literals
        + EPISODES.told
        + """, library_ids as libraries_before, library_ids
        from tvshows.episode
        where series_id = any(%(series_ids)s::uuid[]) and library_ids <> '{}'
        """,
        series_ids=list(series_ids),
    )


async def date_series(tx: Tx, series_ids: Collection[SeriesId]) -> set[SeriesId]:
    """These shows aired as is told of them, or else as their episodes here did.

    Returns those of which that changed.
    """
    changed = await tx.all(
        UUID,
        """
        update tvshows.series
        set first_air_date = place.first_air_date, last_air_date = place.last_air_date
        from tvshows.series_place as place
        where series.id = any(%(series_ids)s::uuid[])
        and place.id = series.id
        and (series.first_air_date, series.last_air_date)
            is distinct from (place.first_air_date, place.last_air_date)
        returning series.id
        """,
        series_ids=list(series_ids),
    )
    return {SeriesId(id) for id in changed}
