"""What is answered about shows, seasons and episodes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import LiteralString

from revenge.catalog.files import FileRow
from revenge.catalog.rules import people
from revenge.catalog.rules.files import labels
from revenge.catalog.rules.titles import wanted
from revenge.catalog.seeing import libraries
from revenge.catalog.titles import Filter
from revenge.catalog.tvshows.store import episodes, files, series
from revenge.contracts import EpisodeId, tvshows
from revenge.contracts.catalog import CreditList
from revenge.contracts.library import Person
from revenge.kit import Reading, Router, caller

router = Router[Reading]()


@router.rpc(tvshows.get_series)
async def get_series(request: tvshows.GetSeries, rows: Reading) -> tvshows.Series:
    found = await series.SHOWS.get(rows, request.id, libraries())
    if found is None:
        raise tvshows.SeriesNotFound
    return found


@router.rpc(tvshows.list_series)
async def list_series(request: tvshows.ListSeries, rows: Reading) -> tvshows.SeriesList:
    which = Filter(libraries(), request.genre, request.library_id)
    return await _page(rows, which, series.ORDERS[request.order_by], request.limit, request.offset)


@router.rpc(tvshows.list_recent)
async def list_recent(request: tvshows.ListRecentSeries, rows: Reading) -> tvshows.SeriesList:
    return await _page(rows, Filter(libraries()), series.RECENT, request.limit, request.offset)


@router.rpc(tvshows.find_series)
async def find_series(request: tvshows.FindSeries, rows: Reading) -> list[tvshows.Series]:
    query = wanted(request.query)
    if not query.text:
        return []
    return await series.SHOWS.find(rows, query, libraries(), request.limit, request.offset)


@router.rpc(tvshows.list_recent_episodes)
async def list_recent_episodes(
    request: tvshows.ListRecentEpisodes, rows: Reading
) -> list[tvshows.EpisodeOfSeries]:
    return await episodes.list_recent(rows, libraries(), request.limit, request.offset)


@router.rpc(tvshows.list_seasons)
async def list_seasons(request: tvshows.GetSeries, rows: Reading) -> list[tvshows.Season]:
    found = await episodes.list_seasons(rows, request.id, libraries())
    if not found:  # a show that is to be seen has a season that is
        raise tvshows.SeriesNotFound
    return found


@router.rpc(tvshows.list_episodes)
async def list_episodes(request: tvshows.GetSeries, rows: Reading) -> list[tvshows.Episode]:
    found = await episodes.list_episodes(rows, request.id, libraries())
    if not found:
        raise tvshows.SeriesNotFound
    return found


@router.rpc(tvshows.list_genres)
async def list_genres(request: tvshows.GetSeries, rows: Reading) -> list[tvshows.SeriesGenre]:
    found = await series.SHOWS.get_genres(rows, request.id, libraries())
    if found is None:
        raise tvshows.SeriesNotFound
    return [
        tvshows.SeriesGenre(request.id, slug, name)
        for slug, name in zip(found.genre_slugs, found.genres, strict=True)
    ]


@router.rpc(tvshows.list_cast)
async def list_cast(request: tvshows.ListSeriesCredits, rows: Reading) -> CreditList:
    found = await _people(request, rows)
    return people.page(people.cast(found), request.limit, request.offset)


@router.rpc(tvshows.list_crew)
async def list_crew(request: tvshows.ListSeriesCredits, rows: Reading) -> CreditList:
    found = await _people(request, rows)
    return people.page(people.crew(found), request.limit, request.offset)


@router.rpc(tvshows.get_next_episode)
async def get_next_episode(request: tvshows.GetSeries, rows: Reading) -> tvshows.Episode:
    found = await episodes.get_next_episode(rows, request.id, caller().user_id, libraries())
    if found is not None:
        return found
    if await series.SHOWS.is_visible(rows, request.id, libraries()):
        raise tvshows.NoNextEpisode
    raise tvshows.SeriesNotFound


@router.rpc(tvshows.get_season)
async def get_season(request: tvshows.GetSeason, rows: Reading) -> tvshows.Season:
    found = await episodes.SEASONS.get(rows, request.id, libraries())
    if found is None:
        raise tvshows.SeasonNotFound
    return found


@router.rpc(tvshows.list_season_episodes)
async def list_season_episodes(request: tvshows.GetSeason, rows: Reading) -> list[tvshows.Episode]:
    found = await episodes.list_season_episodes(rows, request.id, libraries())
    if not found:
        raise tvshows.SeasonNotFound
    return found


@router.rpc(tvshows.get_episode)
async def get_episode(request: tvshows.GetEpisode, rows: Reading) -> tvshows.Episode:
    found = await episodes.EPISODES.get(rows, request.id, libraries())
    if found is None:
        raise tvshows.EpisodeNotFound
    return found


@router.rpc(tvshows.list_episode_files)
async def list_episode_files(
    request: tvshows.GetEpisode, rows: Reading
) -> list[tvshows.EpisodeFile]:
    found = await files.FILES.of_title(rows, request.id, libraries())
    if not found:
        raise tvshows.EpisodeNotFound
    return [episode_file(request.id, file) for file in found]


@router.rpc(tvshows.get_series_documents)
async def get_series_documents(
    request: tvshows.GetSeriesDocuments, rows: Reading
) -> tvshows.SeriesDocuments:
    found = await series.DOCUMENTS.get(rows, request.ids, request.after, request.limit)
    return tvshows.SeriesDocuments(tuple(found))


@router.rpc(tvshows.get_episode_documents)
async def get_episode_documents(
    request: tvshows.GetEpisodeDocuments, rows: Reading
) -> tvshows.EpisodeDocuments:
    found = await episodes.DOCUMENTS.get(rows, request.ids, request.after, request.limit)
    return tvshows.EpisodeDocuments(tuple(found))


def episode_file(id: EpisodeId, row: FileRow) -> tvshows.EpisodeFile:
    told = labels(row.media)
    return tvshows.EpisodeFile(
        id=row.id,
        episode_id=id,
        library_id=row.library_id,
        file_path=row.path,
        file_name=PurePath(row.path).name,
        file_size=row.size,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolution=told.resolution,
        quality_profile=row.quality,
        video_codec=told.video_codec,
        audio_codec=told.audio_codec,
        container=told.container,
        duration_seconds=told.duration_seconds,
        bitrate_kbps=told.bitrate_kbps,
        dynamic_range=told.dynamic_range,
        audio_languages=told.audio_languages,
        subtitle_languages=told.subtitle_languages,
        media=row.media,
    )


async def _people(request: tvshows.ListSeriesCredits, rows: Reading) -> Sequence[Person]:
    found = await series.SHOWS.get_people(rows, request.id, libraries())
    if found is None:
        raise tvshows.SeriesNotFound
    return found.people


async def _page(
    rows: Reading, which: Filter, order: LiteralString, limit: int, offset: int
) -> tvshows.SeriesList:
    found = await series.SHOWS.page(rows, which, order, limit, offset)
    total = await series.SHOWS.count(rows, which)
    return tvshows.SeriesList(tuple(found), total, page=offset // limit + 1, page_size=limit)
