"""How far users have watched shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from revenge.catalog.rules.watching import EPISODE_SECONDS, Position, position, to_the_end
from revenge.catalog.seeing import libraries
from revenge.catalog.tvshows.store import episodes
from revenge.catalog.tvshows.store import watching as store
from revenge.catalog.tvshows.store.watching import WATCHES
from revenge.catalog.watches import Length, Viewing, viewing
from revenge.catalog.watching import tell
from revenge.contracts import EpisodeId, Nothing, UserId, playback, tvshows
from revenge.contracts.catalog import MediaType
from revenge.contracts.movies import ProgressNotFound
from revenge.kit import Reading, Router, Tx, caller

reads = Router[Reading]()
writes = Router[Tx]()


@reads.rpc(tvshows.get_progress)
async def get_progress(request: tvshows.GetEpisode, rows: Reading) -> tvshows.EpisodeProgress:
    found = await WATCHES.get(rows, request.id, caller().user_id, libraries())
    if found is not None:
        return found
    if await episodes.EPISODES.is_visible(rows, request.id, libraries()):
        raise ProgressNotFound
    raise tvshows.EpisodeNotFound


@reads.rpc(tvshows.list_in_progress)
async def list_in_progress(
    request: tvshows.ContinueSeries, rows: Reading
) -> list[tvshows.SeriesInProgress]:
    return await store.list_in_progress(rows, caller().user_id, libraries(), request.limit)


@reads.rpc(tvshows.get_watch_stats)
async def get_watch_stats(request: tvshows.GetSeries, rows: Reading) -> tvshows.SeriesWatchStats:
    found = await store.get_watch_stats(rows, request.id, caller().user_id, libraries())
    if found is None:
        raise tvshows.SeriesNotFound
    return found


@reads.rpc(tvshows.get_stats)
async def get_stats(_: tvshows.GetTvStats, rows: Reading) -> tvshows.TvStats:
    return await store.get_stats(rows, caller().user_id, libraries())


@writes.rpc(tvshows.set_progress)
async def set_progress(request: tvshows.SetEpisodeProgress, tx: Tx) -> tvshows.EpisodeProgress:
    if not await episodes.EPISODES.is_visible(tx, request.id, libraries()):
        raise tvshows.EpisodeNotFound
    at = position(request.progress_seconds, request.duration_seconds)
    (progress,) = await _watched(tx, caller().user_id, [viewing(request.id, at)])
    return progress


@writes.rpc(tvshows.mark_watched)
async def mark_watched(request: tvshows.MarkEpisodeWatched, tx: Tx) -> Nothing:
    """The length that the client names is for an episode whose own nobody knows."""
    lengths = await WATCHES.lengths(tx, [request.id], libraries())
    if not lengths:
        raise tvshows.EpisodeNotFound
    end = _end(lengths[0], request.duration_seconds or EPISODE_SECONDS)
    await _watched(tx, caller().user_id, [viewing(request.id, end)])
    return Nothing()


@writes.rpc(tvshows.mark_many_watched)
async def mark_many_watched(request: tvshows.MarkEpisodesWatched, tx: Tx) -> tvshows.EpisodesMarked:
    """Those that are not to be seen are left out, and not counted."""
    lengths = await WATCHES.lengths(tx, request.episode_ids, libraries())
    viewings = [viewing(length.id, _end(length, EPISODE_SECONDS)) for length in lengths]
    marked = await _watched(tx, caller().user_id, viewings)
    return tvshows.EpisodesMarked(len(marked))


@writes.rpc(tvshows.clear_progress)
async def clear_progress(request: tvshows.GetEpisode, tx: Tx) -> Nothing:
    if not await episodes.EPISODES.is_visible(tx, request.id, libraries()):
        raise tvshows.EpisodeNotFound
    user_id = caller().user_id
    if await WATCHES.clear(tx, request.id, user_id):
        await tell(tx, MediaType.EPISODE, user_id, [viewing(request.id, Position(0, 0))])
    return Nothing()


async def played(event: playback.PlaybackEvent, tx: Tx) -> None:
    """A player is, or stopped, here. Of an episode that is not known, nothing is kept.

    Whoever comes to the end of a file has seen all episodes that it holds.
    """
    lengths = await WATCHES.lengths(tx, [EpisodeId(event.media_id)], None)
    if not lengths:
        return
    known = _end(lengths[0], EPISODE_SECONDS).duration
    at = position(event.position_seconds, event.duration_seconds or known)
    seen: set[UUID] = {event.media_id}
    if at.is_completed:
        seen.update(await store.list_in_file(tx, event.file_id))
    await _watched(tx, event.user_id, [viewing(id, at) for id in seen], event.at)


def _end(length: Length, otherwise: int) -> Position:
    return to_the_end(length.duration, length.runtime, otherwise)


async def _watched(
    tx: Tx, user_id: UserId, viewings: Sequence[Viewing], seen_at: datetime | None = None
) -> list[tvshows.EpisodeProgress]:
    kept = await WATCHES.keep(tx, user_id, viewings, seen_at)
    moved = {progress.episode_id for progress in kept}
    await tell(tx, MediaType.EPISODE, user_id, [each for each in viewings if each.id in moved])
    return kept
