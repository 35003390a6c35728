"""What is answered about films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from revenge.catalog.files import FileRow
from revenge.catalog.movies.store import files
from revenge.catalog.movies.store import titles as store
from revenge.catalog.rules import people
from revenge.catalog.rules.files import labels
from revenge.catalog.rules.titles import wanted
from revenge.catalog.seeing import libraries
from revenge.catalog.titles import Filter
from revenge.contracts import MovieId, movies
from revenge.contracts.catalog import CreditList
from revenge.contracts.library import Person
from revenge.contracts.movies import MovieOrder
from revenge.kit import Reading, Router, caller

router = Router[Reading]()


@router.rpc(movies.get_movie)
async def get_movie(request: movies.GetMovie, rows: Reading) -> movies.Movie:
    movie = await store.MOVIES.get(rows, request.id, libraries())
    if movie is None:
        raise movies.MovieNotFound
    return movie


@router.rpc(movies.list_movies)
async def list_movies(request: movies.ListMovies, rows: Reading) -> movies.MovieList:
    which = Filter(libraries(), request.genre, request.library_id)
    return await _page(rows, which, request.order_by, request.limit, request.offset)


@router.rpc(movies.list_recent)
async def list_recent(request: movies.ListRecentMovies, rows: Reading) -> movies.MovieList:
    which = Filter(libraries())
    return await _page(rows, which, MovieOrder.ADDED, request.limit, request.offset)


@router.rpc(movies.list_top_rated)
async def list_top_rated(request: movies.ListTopRatedMovies, rows: Reading) -> movies.MovieList:
    which = Filter(libraries(), min_votes=request.min_votes)
    return await _page(rows, which, MovieOrder.RATING, request.limit, request.offset)


@router.rpc(movies.find_movies)
async def find_movies(request: movies.FindMovies, rows: Reading) -> list[movies.Movie]:
    query = wanted(request.query)
    if not query.text:
        return []
    return await store.MOVIES.find(rows, query, libraries(), request.limit, request.offset)


@router.rpc(movies.list_in_progress)
async def list_in_progress(
    request: movies.ContinueMovies, rows: Reading
) -> list[movies.MovieInProgress]:
    return await store.list_in_progress(rows, caller().user_id, libraries(), request.limit)


@router.rpc(movies.list_watched)
async def list_watched(
    request: movies.ListWatchedMovies, rows: Reading
) -> list[movies.WatchedMovie]:
    return await store.list_watched(
        rows, caller().user_id, libraries(), request.limit, request.offset
    )


@router.rpc(movies.list_files)
async def list_files(request: movies.GetMovie, rows: Reading) -> list[movies.MovieFile]:
    found = await files.FILES.of_title(rows, request.id, libraries())
    if not found:  # a film that is to be seen has a file that is
        raise movies.MovieNotFound
    return [movie_file(request.id, file) for file in found]


@router.rpc(movies.list_genres)
async def list_genres(request: movies.GetMovie, rows: Reading) -> list[movies.MovieGenre]:
    found = await store.MOVIES.get_genres(rows, request.id, libraries())
    if found is None:
        raise movies.MovieNotFound
    return [
        movies.MovieGenre(request.id, slug, name)
        for slug, name in zip(found.genre_slugs, found.genres, strict=True)
    ]


@router.rpc(movies.list_cast)
async def list_cast(request: movies.ListMovieCredits, rows: Reading) -> CreditList:
    found = await _people(request, rows)
    return people.page(people.cast(found), request.limit, request.offset)


@router.rpc(movies.list_crew)
async def list_crew(request: movies.ListMovieCredits, rows: Reading) -> CreditList:
    found = await _people(request, rows)
    return people.page(people.crew(found), request.limit, request.offset)


@router.rpc(movies.get_documents)
async def get_documents(request: movies.GetMovieDocuments, rows: Reading) -> movies.MovieDocuments:
    found = await store.DOCUMENTS.get(rows, request.ids, request.after, request.limit)
    return movies.MovieDocuments(tuple(found))


def movie_file(id: MovieId, row: FileRow) -> movies.MovieFile:
    told = labels(row.media)
    return movies.MovieFile(
        id=row.id,
        movie_id=id,
        library_id=row.library_id,
        file_path=row.path,
        file_size=row.size,
        file_name=PurePath(row.path).name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolution=told.resolution,
        quality_profile=row.quality,
        video_codec=told.video_codec,
        audio_codec=told.audio_codec,
        container=told.container,
        duration_seconds=told.duration_seconds,
        bitrate_kbps=told.bitrate_kbps,
        framerate=told.framerate,
        dynamic_range=told.dynamic_range,
        color_space=told.color_space,
        audio_channels=told.audio_channels,
        audio_languages=told.audio_languages,
        subtitle_languages=told.subtitle_languages,
        edition=row.edition,
        part=row.part,
        last_scanned_at=row.updated_at,
        media=row.media,
    )


async def _people(request: movies.ListMovieCredits, rows: Reading) -> Sequence[Person]:
    found = await store.MOVIES.get_people(rows, request.id, libraries())
    if found is None:
        raise movies.MovieNotFound
    return found.people


async def _page(
    rows: Reading, which: Filter, order: MovieOrder, limit: int, offset: int
) -> movies.MovieList:
    found = await store.MOVIES.page(rows, which, store.ORDERS[order], limit, offset)
    total = await store.MOVIES.count(rows, which)
    return movies.MovieList(tuple(found), total, page=offset // limit + 1, page_size=limit)
