"""How far users have watched films."""

from __future__ import annotations

from datetime import datetime

from revenge.catalog.movies.store import titles
from revenge.catalog.movies.store import watching as store
from revenge.catalog.movies.store.watching import WATCHES
from revenge.catalog.rules.watching import MOVIE_SECONDS, Position, position, to_the_end
from revenge.catalog.seeing import libraries
from revenge.catalog.watches import Length, Viewing, viewing
from revenge.catalog.watching import tell
from revenge.contracts import MovieId, Nothing, UserId, movies, playback
from revenge.contracts.catalog import MediaType
from revenge.kit import Reading, Router, Tx, caller

reads = Router[Reading]()
writes = Router[Tx]()


@reads.rpc(movies.get_progress)
async def get_progress(request: movies.GetMovie, rows: Reading) -> movies.MovieProgress:
    found = await WATCHES.get(rows, request.id, caller().user_id, libraries())
    if found is not None:
        return found
    if await titles.MOVIES.is_visible(rows, request.id, libraries()):
        raise movies.ProgressNotFound
    raise movies.MovieNotFound


@reads.rpc(movies.get_stats)
async def get_stats(_: movies.GetMovieStats, rows: Reading) -> movies.MovieStats:
    return await store.get_stats(rows, caller().user_id, libraries())


@writes.rpc(movies.set_progress)
async def set_progress(request: movies.SetMovieProgress, tx: Tx) -> movies.MovieProgress:
    if not await titles.MOVIES.is_visible(tx, request.id, libraries()):
        raise movies.MovieNotFound
    at = position(request.progress_seconds, request.duration_seconds)
    (progress,) = await _watched(tx, caller().user_id, viewing(request.id, at))
    return progress


@writes.rpc(movies.mark_watched)
async def mark_watched(request: movies.GetMovie, tx: Tx) -> Nothing:
    lengths = await WATCHES.lengths(tx, [request.id], libraries())
    if not lengths:
        raise movies.MovieNotFound
    await _watched(tx, caller().user_id, viewing(request.id, _end(lengths[0])))
    return Nothing()


@writes.rpc(movies.clear_progress)
async def clear_progress(request: movies.GetMovie, tx: Tx) -> Nothing:
    if not await titles.MOVIES.is_visible(tx, request.id, libraries()):
        raise movies.MovieNotFound
    user_id = caller().user_id
    if await WATCHES.clear(tx, request.id, user_id):
        await tell(tx, MediaType.MOVIE, user_id, [viewing(request.id, Position(0, 0))])
    return Nothing()


async def played(event: playback.PlaybackEvent, tx: Tx) -> None:
    """A player is, or stopped, here. Of a film that is not known, nothing is kept."""
    id = MovieId(event.media_id)
    lengths = await WATCHES.lengths(tx, [id], None)
    if not lengths:
        return
    known = _end(lengths[0]).duration
    at = position(event.position_seconds, event.duration_seconds or known)
    await _watched(tx, event.user_id, viewing(id, at), event.at)


def _end(length: Length) -> Position:
    return to_the_end(length.duration, length.runtime, MOVIE_SECONDS)


async def _watched(
    tx: Tx, user_id: UserId, now: Viewing, seen_at: datetime | None = None
) -> list[movies.MovieProgress]:
    kept = await WATCHES.keep(tx, user_id, [now], seen_at)
    if kept:
        await tell(tx, MediaType.MOVIE, user_id, [now])
    return kept
