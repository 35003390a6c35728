"""How far users have watched films."""

from __future__ import annotations

from datetime import datetime

from revenge.catalog.movies.store import titles
from revenge.catalog.movies.store import watching as store
from revenge.catalog.rules.watching import MOVIE_SECONDS, Position, position, to_the_end
from revenge.catalog.seeing import libraries
from revenge.contracts import MovieId, Nothing, UserId, catalog, movies, playback
from revenge.kit import Reading, Router, Tx, caller

reads = Router[Reading]()
writes = Router[Tx]()


@reads.rpc(movies.get_progress)
async def get_progress(request: movies.GetMovie, rows: Reading) -> movies.MovieProgress:
    found = await store.get_progress(rows, request.id, caller().user_id, libraries())
    if found is not None:
        return found
    if await titles.is_visible(rows, request.id, libraries()):
        raise movies.ProgressNotFound
    raise movies.MovieNotFound


@reads.rpc(movies.get_stats)
async def get_stats(_: movies.GetMovieStats, rows: Reading) -> movies.MovieStats:
    return await store.get_stats(rows, caller().user_id, libraries())


@writes.rpc(movies.set_progress)
async def set_progress(request: movies.SetMovieProgress, tx: Tx) -> movies.MovieProgress:
    if not await titles.is_visible(tx, request.id, libraries()):
        raise movies.MovieNotFound
    at = position(request.progress_seconds, request.duration_seconds)
    (progress,) = await _watched(tx, request.id, caller().user_id, at)
    return progress


@writes.rpc(movies.mark_watched)
async def mark_watched(request: movies.GetMovie, tx: Tx) -> Nothing:
    length = await store.get_length(tx, request.id, libraries())
    if length is None:
        raise movies.MovieNotFound
    end = to_the_end(length.duration, length.runtime, MOVIE_SECONDS)
    await _watched(tx, request.id, caller().user_id, end)
    return Nothing()


@writes.rpc(movies.clear_progress)
async def clear_progress(request: movies.GetMovie, tx: Tx) -> Nothing:
    if not await titles.is_visible(tx, request.id, libraries()):
        raise movies.MovieNotFound
    if await store.clear_progress(tx, request.id, caller().user_id):
        await _tell(tx, request.id, caller().user_id, Position(0, 0))
    return Nothing()


async def played(event: playback.PlaybackEvent, tx: Tx) -> None:
    """A player is, or stopped, here. Of a film that is not known, nothing is kept."""
    id = MovieId(event.media_id)
    length = await store.get_length(tx, id, None)
    if length is None:
        return
    known = to_the_end(length.duration, length.runtime, MOVIE_SECONDS).duration
    at = position(event.position_seconds, event.duration_seconds or known)
    await _watched(tx, id, event.user_id, at, event.at)


async def _watched(
    tx: Tx, id: MovieId, user_id: UserId, at: Position, seen_at: datetime | None = None
) -> list[movies.MovieProgress]:
    kept = await store.set_progress(tx, id, user_id, at, seen_at)
    if kept:
        await _tell(tx, id, user_id, at)
    return kept


async def _tell(tx: Tx, id: MovieId, user_id: UserId, at: Position) -> None:
    await tx.emit(
        catalog.watch_changed,
        catalog.WatchChanged(
            user_id=user_id,
            media_type=catalog.MediaType.MOVIE,
            media_id=id,
            progress_seconds=at.progress,
            duration_seconds=at.duration,
            is_completed=at.is_completed,
        ),
    )
