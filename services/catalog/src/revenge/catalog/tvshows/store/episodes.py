# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Seasons and episodes as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from msgspec import Struct

from revenge.catalog.store import PlayableRow
from revenge.contracts import EpisodeId, FileId, LibraryId, SeasonId, SeriesId, UserId
from revenge.contracts.media import Media
from revenge.contracts.tvshows import Episode, EpisodeDocument, EpisodeOfSeries, Season
from revenge.kit import Reading

Libraries = Sequence[LibraryId] | None

SEASON: LiteralString = """
    season.id, season.series_id, season.season_number, season.name, season.episode_count,
    season.created_at, season.updated_at, season.tmdb_id, season.overview, season.poster_path,
    season.air_date::text as air_date, season.vote_average
"""

EPISODE: LiteralString = """
    episode.id, episode.series_id, episode.season_id, episode.season_number,
    episode.episode_number, episode.title, episode.created_at, episode.updated_at,
    episode.tmdb_id, episode.tvdb_id, episode.imdb_id, episode.overview,
    episode.air_date::text as air_date, episode.runtime, episode.vote_average,
    episode.vote_count, episode.still_path, episode.production_code
"""


class FileRow(Struct, frozen=True):
    """A file that an episode is in."""

    id: FileId
    library_id: LibraryId
    path: str
    size: int
    quality: str | None
    created_at: datetime
    updated_at: datetime
    media: Media


async def get_season(rows: Reading, id: SeasonId, libraries: Libraries) -> Season | None:
    return await rows.maybe(
        Season,
        "select "
        + SEASON
        + """
        from tvshows.season
        where season.id = %(id)s and catalog.visible(season.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def list_seasons(rows: Reading, series_id: SeriesId, libraries: Libraries) -> list[Season]:
    """None of a show that is not to be seen; the specials first."""
    return await rows.all(
        Season,
        "select "
        + SEASON
        + """
        from tvshows.season
        where season.series_id = %(series_id)s
        and catalog.visible(season.library_ids, %(libraries)s::uuid[])
        order by season.season_number
        """,
        series_id=series_id,
        libraries=libraries,
    )


async def get_episode(rows: Reading, id: EpisodeId, libraries: Libraries) -> Episode | None:
    return await rows.maybe(
        Episode,
        "select "
        + EPISODE
        + """
        from tvshows.episode
        where episode.id = %(id)s and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        """,
        id=id,
        libraries=libraries,
    )


async def is_visible(rows: Reading, id: EpisodeId, libraries: Libraries) -> bool:
    found = await rows.maybe(
        bool,
        """
        select catalog.visible(library_ids, %(libraries)s::uuid[]) as is_visible
        from tvshows.episode
        where id = %(id)s
        """,
        id=id,
        libraries=libraries,
    )
    return found is True


async def list_episodes(rows: Reading, series_id: SeriesId, libraries: Libraries) -> list[Episode]:
    return await rows.all(
        Episode,
        "select "
        + EPISODE
        + """
        from tvshows.episode
        where episode.series_id = %(series_id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        order by episode.season_number, episode.episode_number
        """,
        series_id=series_id,
        libraries=libraries,
    )


async def list_season_episodes(
    rows: Reading, season_id: SeasonId, libraries: Libraries
) -> list[Episode]:
    return await rows.all(
        Episode,
        "select "
        + EPISODE
        + """
        from tvshows.episode
        where episode.season_id = %(season_id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        order by episode.episode_number
        """,
        season_id=season_id,
        libraries=libraries,
    )


async def list_recent(
    rows: Reading, libraries: Libraries, limit: int, offset: int
) -> list[EpisodeOfSeries]:
    return await rows.all(
        EpisodeOfSeries,
        """
        select
            episode.id, episode.series_id, series.title as series_title, episode.season_id,
            episode.season_number, episode.episode_number, episode.title, episode.created_at,
            series.poster_path as series_poster_path, episode.tmdb_id, episode.tvdb_id,
            episode.overview, episode.air_date::text as air_date, episode.runtime,
            episode.still_path
        from tvshows.episode
        join tvshows.series on series.id = episode.series_id
        where catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        order by episode.library_added_at desc, episode.id desc
        limit %(limit)s offset %(offset)s
        """,
        libraries=libraries,
        limit=limit,
        offset=offset,
    )


async def get_next_episode(
    rows: Reading, series_id: SeriesId, user_id: UserId, libraries: Libraries
) -> Episode | None:
    """The first that is not watched to its end, from the one on that was watched last.

    When there is none after it, the first before it. Specials count only after a special.
    """
    return await rows.maybe(
        Episode,
        """
        with last as (
            select episode.season_number, episode.episode_number
            from tvshows.watch
            join tvshows.episode on episode.id = watch.episode_id
            where watch.user_id = %(user_id)s and episode.series_id = %(series_id)s
            order by watch.last_watched_at desc, episode.season_number desc,
                episode.episode_number desc
            limit 1
        )
        select """
        + EPISODE
        + """
        from tvshows.episode
        left join last on true
        left join tvshows.watch on watch.user_id = %(user_id)s and watch.episode_id = episode.id
        where episode.series_id = %(series_id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        and watch.is_completed is not true
        and (episode.season_number > 0 or last.season_number = 0)
        order by
            ((episode.season_number = 0) = (last.season_number = 0)) desc nulls last,
            (
                (episode.season_number, episode.episode_number)
                >= (last.season_number, last.episode_number)
            ) desc nulls last,
            episode.season_number, episode.episode_number
        limit 1
        """,
        series_id=series_id,
        user_id=user_id,
        libraries=libraries,
    )


async def list_files(rows: Reading, id: EpisodeId, libraries: Libraries) -> list[FileRow]:
    """The best first; none of an episode that is not to be seen."""
    return await rows.all(
        FileRow,
        """
        select
            file.id, file.library_id, file.path, file.size,
            file.facts -> 'parsed' ->> 'quality' as quality,
            file.created_at, file.updated_at, file.media
        from tvshows.episode_file
        join catalog.file on file.id = episode_file.file_id
        where episode_file.episode_id = %(id)s
        and (%(libraries)s::uuid[] is null or file.library_id = any(%(libraries)s::uuid[]))
        order by file.part, file.pixels desc, file.size desc, file.id
        """,
        id=id,
        libraries=libraries,
    )


async def find_playable(
    rows: Reading, id: EpisodeId, file_id: FileId | None, user_id: UserId, libraries: Libraries
) -> PlayableRow | None:
    """The file that is asked for, or the best one: its first part, then size of the picture."""
    return await rows.maybe(
        PlayableRow,
        """
        select
            file.id as file_id,
            format('%%s - S%%sE%%s - %%s', series.title,
                lpad(episode.season_number::text, 2, '0'),
                lpad(episode.episode_number::text, 2, '0'), episode.title) as title,
            file.path, file.size, episode.library_ids, file.media,
            coalesce(watch.progress_seconds, 0) as position_seconds
        from tvshows.episode
        join tvshows.series on series.id = episode.series_id
        join tvshows.episode_file on episode_file.episode_id = episode.id
        join catalog.file on file.id = episode_file.file_id
        left join tvshows.watch on watch.episode_id = episode.id
            and watch.user_id = %(user_id)s
            and not watch.is_completed
        where episode.id = %(id)s
        and catalog.visible(episode.library_ids, %(libraries)s::uuid[])
        and (%(libraries)s::uuid[] is null or file.library_id = any(%(libraries)s::uuid[]))
        and (%(file_id)s::uuid is null or file.id = %(file_id)s::uuid)
        order by file.part, file.pixels desc, file.size desc, file.id
        limit 1
        """,
        id=id,
        file_id=file_id,
        user_id=user_id,
        libraries=libraries,
    )


async def get_documents(
    rows: Reading, ids: Sequence[EpisodeId], after: EpisodeId | None, limit: int
) -> list[EpisodeDocument]:
    """For the index, so without asking who may see them: it filters by library itself."""
    return await rows.all(
        EpisodeDocument,
        """
        select
            episode.id, episode.series_id, episode.season_id, episode.library_ids,
            episode.season_number, episode.episode_number, episode.title,
            series.title as series_title,
            extract(epoch from episode.updated_at)::bigint as updated_at,
            episode.tmdb_id, episode.tvdb_id, episode.imdb_id, episode.overview,
            extract(epoch from episode.air_date)::bigint as air_date,
            episode.runtime, episode.vote_average, episode.vote_count, episode.still_path,
            series.poster_path as series_poster_path
        from tvshows.episode
        join tvshows.series on series.id = episode.series_id
        where episode.library_ids <> '{}'
        and (%(ids)s::uuid[] = '{}' or episode.id = any(%(ids)s::uuid[]))
        and (%(after)s::uuid is null or episode.id > %(after)s::uuid)
        order by episode.id
        limit %(limit)s
        """,
        ids=list(ids),
        after=after,
        limit=limit,
    )
