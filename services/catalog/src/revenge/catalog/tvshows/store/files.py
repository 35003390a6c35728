"""Which shows, seasons and episodes the files are of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.keys import Keys
from revenge.catalog.tvshows.changes import EpisodeChange, SeriesChange
from revenge.catalog.tvshows.rules import NewEpisode, NewSeason, SeriesFields
from revenge.contracts import EpisodeId, FileId, SeasonId, SeriesId
from revenge.kit import Tx

KEYS = Keys("tvshows.series_key", "series_id")


class Place(Struct, frozen=True):
    """A file, and an episode that is in it."""

    file_id: UUID
    series_id: UUID
    season_number: int
    episode_number: int


async def unlink(tx: Tx, file_ids: Sequence[FileId]) -> set[EpisodeId]:
    """The episodes that were in these files."""
    left = await tx.all(
        UUID,
        """
        delete from tvshows.episode_file
        where file_id = any(%(file_ids)s::uuid[])
        returning episode_id
        """,
        file_ids=list(file_ids),
    )
    return {EpisodeId(id) for id in left}


async def link(tx: Tx, places: Sequence[Place]) -> set[EpisodeId]:
    """The episodes that are in these files now. They must be there."""
    linked = await tx.all(
        UUID,
        """
        insert into tvshows.episode_file (file_id, episode_id)
        select place.file_id, episode.id
        from jsonb_to_recordset(%(places)s) as place (
            file_id uuid, series_id uuid, season_number int, episode_number int
        )
        join tvshows.episode using (series_id, season_number, episode_number)
        on conflict (file_id, episode_id) do nothing
        returning episode_id
        """,
        places=Jsonb(places),
    )
    return {EpisodeId(id) for id in linked}


async def add_series(tx: Tx, series: Sequence[SeriesFields]) -> None:
    """They are in no library until `refresh_series` has looked at their episodes."""
    await tx.run(
        """
        insert into tvshows.series (
            id, title, sort_title, search_title, search_original, original_title, tagline,
            overview, status, year, first_air_date, vote_average, vote_count, tmdb_id, tvdb_id,
            imdb_id, genres, genre_slugs, networks, external_ratings, description
        )
        select
            row.id, row.title, row.sort_title, row.search_title, row.search_original,
            row.original_title, row.tagline, row.overview, row.status, row.year,
            row.first_air_date, row.vote_average, row.vote_count, row.tmdb_id, row.tvdb_id,
            row.imdb_id, row.genres, row.genre_slugs, row.networks, row.external_ratings,
            row.description
        from jsonb_to_recordset(%(rows)s) as row (
            id uuid, title text, sort_title text, search_title text, search_original text,
            original_title text, tagline text, overview text, status text, year int,
            first_air_date date, vote_average double precision, vote_count int, tmdb_id int,
            tvdb_id int, imdb_id text, genres text[], genre_slugs text[], networks text[],
            external_ratings jsonb, description jsonb
        )
        """,
        rows=Jsonb(series),
    )


async def add_seasons(tx: Tx, seasons: Sequence[NewSeason]) -> None:
    """Those that are not there yet."""
    await tx.run(
        """
        insert into tvshows.season (
            series_id, season_number, name, overview, air_date, vote_average, tmdb_id, description
        )
        select
            row.series_id, row.season_number, field.name, field.overview, field.air_date,
            field.vote_average, field.tmdb_id, field.description
        from jsonb_to_recordset(%(rows)s) as row (
            series_id uuid, season_number int, fields jsonb
        )
        cross join lateral jsonb_to_record(row.fields) as field (
            name text, overview text, air_date date, vote_average double precision, tmdb_id int,
            description jsonb
        )
        order by row.series_id, row.season_number
        on conflict (series_id, season_number) do nothing
        """,
        rows=Jsonb(seasons),
    )


async def add_episodes(tx: Tx, episodes: Sequence[NewEpisode]) -> None:
    """Those that are not there yet. Their seasons must be."""
    await tx.run(
        """
        insert into tvshows.episode (
            series_id, season_id, season_number, episode_number, title, overview, air_date,
            runtime, vote_average, vote_count, tmdb_id, tvdb_id, imdb_id, description
        )
        select
            row.series_id, season.id, row.season_number, row.episode_number, field.title,
            field.overview, field.air_date, field.runtime, field.vote_average, field.vote_count,
            field.tmdb_id, field.tvdb_id, field.imdb_id, field.description
        from jsonb_to_recordset(%(rows)s) as row (
            series_id uuid, season_number int, episode_number int, fields jsonb
        )
        cross join lateral jsonb_to_record(row.fields) as field (
            title text, overview text, air_date date, runtime int, vote_average double precision,
            vote_count int, tmdb_id int, tvdb_id int, imdb_id text, description jsonb
        )
        join tvshows.season on season.series_id = row.series_id
            and season.season_number = row.season_number
        order by row.series_id, row.season_number, row.episode_number
        on conflict (series_id, season_number, episode_number) do nothing
        """,
        rows=Jsonb(episodes),
    )


async def refresh_episodes(tx: Tx, episode_ids: Collection[EpisodeId]) -> list[EpisodeChange]:
    """Put the episodes into the libraries that their files are in."""
    return await tx.all(
        EpisodeChange,
        """
        with held as (
            select id
            from tvshows.episode
            where id = any(%(episode_ids)s::uuid[])
            order by id
            for no key update
        ),
        placed as (
            select
                held.id,
                array(
                    select distinct file.library_id
                    from tvshows.episode_file
                    join catalog.file on file.id = episode_file.file_id
                    where episode_file.episode_id = held.id
                    order by file.library_id
                ) as library_ids
            from held
        )
        update tvshows.episode
        set library_ids = placed.library_ids,
            library_added_at = case when episode.library_ids = '{}' then now()
                                    else episode.library_added_at end,
            updated_at = now()
        from placed, tvshows.series
        where episode.id = placed.id and series.id = episode.series_id
        returning
            episode.id, episode.series_id, episode.season_id, series.title as series_title,
            episode.season_number, episode.episode_number, episode.title,
            old.library_ids as libraries_before, new.library_ids as library_ids
        """,
        episode_ids=list(episode_ids),
    )


async def refresh_seasons(tx: Tx, season_ids: Collection[SeasonId]) -> None:
    """Put the seasons into the libraries that their episodes are in, and count these."""
    await tx.run(
        """
        with held as (
            select id
            from tvshows.season
            where id = any(%(season_ids)s::uuid[])
            order by id
            for no key update
        ),
        placed as (
            select
                held.id,
                array(
                    select distinct library_id
                    from tvshows.episode
                    cross join unnest(episode.library_ids) as library_id
                    where episode.season_id = held.id
                    order by library_id
                ) as library_ids,
                (
                    select count(*)
                    from tvshows.episode
                    where episode.season_id = held.id and episode.library_ids <> '{}'
                ) as episode_count
            from held
        )
        update tvshows.season
        set library_ids = placed.library_ids,
            episode_count = placed.episode_count,
            updated_at = now()
        from placed
        where season.id = placed.id
        """,
        season_ids=list(season_ids),
    )


async def refresh_series(tx: Tx, series_ids: Collection[SeriesId]) -> list[SeriesChange]:
    """Put the shows into the libraries that their episodes are in, and count without specials."""
    return await tx.all(
        SeriesChange,
        """
        with held as (
            select id
            from tvshows.series
            where id = any(%(series_ids)s::uuid[])
            order by id
            for no key update
        ),
        placed as (
            select
                held.id,
                array(
                    select distinct library_id
                    from tvshows.episode
                    cross join unnest(episode.library_ids) as library_id
                    where episode.series_id = held.id
                    order by library_id
                ) as library_ids,
                counted.total_seasons, counted.total_episodes, counted.last_air_date
            from held
            cross join lateral (
                select
                    count(distinct episode.season_number) as total_seasons,
                    count(*) as total_episodes,
                    max(episode.air_date) as last_air_date
                from tvshows.episode
                where episode.series_id = held.id
                and episode.library_ids <> '{}'
                and episode.season_number > 0
            ) as counted
        )
        update tvshows.series
        set library_ids = placed.library_ids,
            total_seasons = placed.total_seasons,
            total_episodes = placed.total_episodes,
            last_air_date = placed.last_air_date,
            library_added_at = case when series.library_ids = '{}' then now()
                                    else series.library_added_at end,
            updated_at = now()
        from placed
        where series.id = placed.id
        returning
            series.id, series.title, series.year, series.poster_path,
            old.library_ids as libraries_before, new.library_ids as library_ids
        """,
        series_ids=list(series_ids),
    )
