"""What all kinds of titles share: their files, their genres, and what is to be played."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.catalog import store
from revenge.catalog.files import PlayableRow
from revenge.catalog.movies import files as movie_files
from revenge.catalog.movies import watching as movie_watching
from revenge.catalog.movies.store import watching as movie_watches
from revenge.catalog.movies.store.files import FILES as MOVIE_FILES
from revenge.catalog.seeing import libraries
from revenge.catalog.tvshows import files as episode_files
from revenge.catalog.tvshows import watching as episode_watching
from revenge.catalog.tvshows.store import watching as episode_watches
from revenge.catalog.tvshows.store.files import FILES as EPISODE_FILES
from revenge.contracts import (
    FileId,
    auth,
    catalog,
    library,
    playback,
)
from revenge.contracts.catalog import MediaType
from revenge.kit import Reading, Router, Tx, caller

reads = Router[Reading]()
writes = Router[Tx]()


@reads.rpc(catalog.list_genres)
async def list_genres(_: catalog.ListGenres, rows: Reading) -> list[catalog.Genre]:
    return await store.list_genres(rows, libraries())


@reads.rpc(catalog.find_media)
async def find_media(request: catalog.FindMedia, rows: Reading) -> catalog.PlayableFile:
    found = await _find_playable(request, rows)
    if found is None:
        raise catalog.MediaNotFound
    return found.playable(request.media_type, request.media_id)


async def _find_playable(request: catalog.FindMedia, rows: Reading) -> PlayableRow | None:
    files = MOVIE_FILES if request.media_type is MediaType.MOVIE else EPISODE_FILES
    return await files.find_playable(
        rows, request.media_id, request.file_id, caller().user_id, libraries()
    )


@writes.on(library.files_found)
async def take_in(event: library.FilesFound, tx: Tx) -> None:
    """Files make and extend titles; those that are known as they are change nothing."""
    await store.take_turn(tx)
    newest = {file.id: file for file in sorted(event.files, key=lambda file: file.revision)}
    kept = await store.keep_files(tx, event.library_id, list(newest.values()))
    news = [newest[id] for id in sorted(kept)]
    if news:
        await movie_files.take_in(tx, news)
        await episode_files.take_in(tx, news)


@writes.on(library.files_gone)
async def let_go(event: library.FilesGone, tx: Tx) -> None:
    await store.take_turn(tx)
    await _let_go(tx, await store.files_gone(tx, event.library_id, event.files))
    await store.remember_gone(tx, event.files)


@writes.on(library.files_moved)
async def move(event: library.FilesMoved, tx: Tx) -> None:
    """Whoever plays a file finds it, even while what else the scan found still waits its turn."""
    await store.take_turn(tx)
    await store.move_files(tx, event)


@writes.on(library.library_deleted)
async def close_library(event: library.LibraryDeleted, tx: Tx) -> None:
    await store.take_turn(tx)
    await store.close_library(tx, event.library_id)
    await _let_go(tx, await store.files_of_library(tx, event.library_id))


@writes.on(auth.user_deleted)
async def forget_user(event: auth.UserEvent, tx: Tx) -> None:
    await movie_watches.WATCHES.forget_user(tx, event.user_id)
    await episode_watches.WATCHES.forget_user(tx, event.user_id)


@writes.on(playback.progressed)
@writes.on(playback.paused)
@writes.on(playback.stopped)
async def keep_position(event: playback.PlaybackEvent, tx: Tx) -> None:
    """A player that never got going does not take anybody's place away."""
    if event.position_seconds == 0:
        return
    if event.media_type is MediaType.MOVIE:
        await movie_watching.played(event, tx)
    else:
        await episode_watching.played(event, tx)


async def _let_go(tx: Tx, file_ids: Sequence[FileId]) -> None:
    await movie_files.let_go(tx, file_ids)
    await episode_files.let_go(tx, file_ids)
    await store.remove_files(tx, file_ids)
