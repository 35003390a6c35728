"""What is known of shows, seasons and episodes, as it is merged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.rules.descriptions import Held
from revenge.catalog.tvshows.changes import EpisodeChange, SeriesChange
from revenge.catalog.tvshows.rules import EpisodeFields, SeasonFields, SeriesFields
from revenge.contracts import SeasonId, SeriesId
from revenge.kit import Tx


class SeasonChange(Struct, frozen=True):
    id: SeasonId
    series_id: SeriesId


async def hold_series(tx: Tx, series_ids: Sequence[UUID]) -> list[Held]:
    """These shows as they are, until this transaction ends."""
    return await tx.all(
        Held,
        """
        select id, description, description_revision, locked
        from tvshows.series
        where id = any(%(series_ids)s::uuid[])
        order by id
        for no key update
        """,
        series_ids=list(series_ids),
    )


async def hold_seasons(tx: Tx, season_ids: Sequence[UUID]) -> list[Held]:
    return await tx.all(
        Held,
        """
        select id, description, description_revision, locked
        from tvshows.season
        where id = any(%(season_ids)s::uuid[])
        order by id
        for no key update
        """,
        season_ids=list(season_ids),
    )


async def hold_episodes(tx: Tx, episode_ids: Sequence[UUID]) -> list[Held]:
    return await tx.all(
        Held,
        """
        select id, description, description_revision, locked
        from tvshows.episode
        where id = any(%(episode_ids)s::uuid[])
        order by id
        for no key update
        """,
        episode_ids=list(episode_ids),
    )


async def change_series(tx: Tx, series: Sequence[SeriesFields]) -> list[SeriesChange]:
    """The shows before and after, of which the libraries stay the same."""
    return await tx.all(
        SeriesChange,
        """
        update tvshows.series
        set title = row.title,
            sort_title = row.sort_title,
            search_title = row.search_title,
            search_original = row.search_original,
            original_title = row.original_title,
            tagline = row.tagline,
            overview = row.overview,
            status = row.status,
            year = row.year,
            first_air_date = row.first_air_date,
            vote_average = row.vote_average,
            vote_count = row.vote_count,
            poster_path = row.poster_path,
            backdrop_path = row.backdrop_path,
            tmdb_id = row.tmdb_id,
            tvdb_id = row.tvdb_id,
            imdb_id = row.imdb_id,
            genres = row.genres,
            genre_slugs = row.genre_slugs,
            networks = row.networks,
            external_ratings = row.external_ratings,
            description = row.description,
            description_revision = row.description_revision,
            metadata_updated_at = now(),
            updated_at = now()
        from jsonb_to_recordset(%(rows)s) as row (
            id uuid, title text, sort_title text, search_title text, search_original text,
            original_title text, tagline text, overview text, status text, year int,
            first_air_date date, vote_average double precision, vote_count int, poster_path text,
            backdrop_path text, tmdb_id int, tvdb_id int, imdb_id text, genres text[],
            genre_slugs text[], networks text[], external_ratings jsonb, description jsonb,
            description_revision bigint
        )
        where series.id = row.id
        returning
            series.id, series.title, series.year, series.poster_path,
            old.library_ids as libraries_before, new.library_ids as library_ids
        """,
        rows=Jsonb(series),
    )


async def change_seasons(tx: Tx, seasons: Sequence[SeasonFields]) -> list[SeasonChange]:
    return await tx.all(
        SeasonChange,
        """
        update tvshows.season
        set name = row.name,
            overview = row.overview,
            poster_path = row.poster_path,
            air_date = row.air_date,
            vote_average = row.vote_average,
            tmdb_id = row.tmdb_id,
            description = row.description,
            description_revision = row.description_revision,
            updated_at = now()
        from jsonb_to_recordset(%(rows)s) as row (
            id uuid, name text, overview text, poster_path text, air_date date,
            vote_average double precision, tmdb_id int, description jsonb,
            description_revision bigint
        )
        where season.id = row.id
        returning season.id, season.series_id
        """,
        rows=Jsonb(seasons),
    )


async def change_episodes(tx: Tx, episodes: Sequence[EpisodeFields]) -> list[EpisodeChange]:
    return await tx.all(
        EpisodeChange,
        """
        update tvshows.episode
        set title = row.title,
            overview = row.overview,
            air_date = row.air_date,
            runtime = row.runtime,
            vote_average = row.vote_average,
            vote_count = row.vote_count,
            still_path = row.still_path,
            tmdb_id = row.tmdb_id,
            tvdb_id = row.tvdb_id,
            imdb_id = row.imdb_id,
            description = row.description,
            description_revision = row.description_revision,
            updated_at = now()
        from jsonb_to_recordset(%(rows)s) as row (
            id uuid, title text, overview text, air_date date, runtime int,
            vote_average double precision, vote_count int, still_path text, tmdb_id int,
            tvdb_id int, imdb_id text, description jsonb, description_revision bigint
        ), tvshows.series
        where episode.id = row.id and series.id = episode.series_id
        returning
            episode.id, episode.series_id, episode.season_id, series.title as series_title,
            episode.season_number, episode.episode_number, episode.title,
            old.library_ids as libraries_before, new.library_ids as library_ids
        """,
        rows=Jsonb(episodes),
    )


async def shown_series(tx: Tx, series_ids: Collection[SeriesId]) -> list[SeriesChange]:
    """These shows, for telling that something in them changed."""
    return await tx.all(
        SeriesChange,
        """
        select
            id, title, year, poster_path, library_ids as libraries_before, library_ids
        from tvshows.series
        where id = any(%(series_ids)s::uuid[])
        """,
        series_ids=list(series_ids),
    )


async def shown_episodes(tx: Tx, series_ids: Collection[SeriesId]) -> list[EpisodeChange]:
    """All episodes of these shows, for the same."""
    return await tx.all(
        EpisodeChange,
        """
        select
            episode.id, episode.series_id, episode.season_id, series.title as series_title,
            episode.season_number, episode.episode_number, episode.title,
            episode.library_ids as libraries_before, episode.library_ids
        from tvshows.episode
        join tvshows.series on series.id = episode.series_id
        where episode.series_id = any(%(series_ids)s::uuid[]) and episode.library_ids <> '{}'
        """,
        series_ids=list(series_ids),
    )


async def date_series(tx: Tx, series_ids: Collection[SeriesId]) -> None:
    """The last air date of these shows is that of their last episode here."""
    await tx.run(
        """
        update tvshows.series
        set last_air_date = aired.last
        from (
            select series_id, max(air_date) as last
            from tvshows.episode
            where series_id = any(%(series_ids)s::uuid[])
            and library_ids <> '{}'
            and season_number > 0
            group by series_id
        ) as aired
        where series.id = aired.series_id and series.last_air_date is distinct from aired.last
        """,
        series_ids=list(series_ids),
    )
