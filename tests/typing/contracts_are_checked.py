"""Lines that must not type-check. Where one ever does, mypy reports an unused ignore.

This file is not run: `make types` reads it.
"""

from typing import assert_type
from uuid import uuid4

from revenge.contracts import FileId, LibraryId, MovieId, library, movies
from revenge.kit import Bus, Reading, Router, Tx

reads = Router[Reading]()
writes = Router[Tx]()
gone = library.FilesGone(library_id=LibraryId(uuid4()), files={})


async def calls(bus: Bus, tx: Tx) -> None:
    reply = await bus.call(movies.get_movie, movies.GetMovie(id=MovieId(uuid4())))
    assert_type(reply, movies.Movie)
    await bus.call(movies.get_movie, gone)  # type: ignore[misc]
    await tx.emit(library.files_gone, movies.GetMovie(id=MovieId(uuid4())))  # type: ignore[misc]
    await tx.emit(library.scan_library, gone)  # type: ignore[arg-type]
    await tx.enqueue(library.files_gone, gone)  # type: ignore[arg-type]
    movies.GetMovie(id=FileId(uuid4()))  # type: ignore[arg-type]


async def a_reader_cannot_write(rows: Reading) -> None:
    await rows.run("delete from movie")  # type: ignore[attr-defined]
    await rows.emit(library.files_gone, gone)  # type: ignore[attr-defined]


@reads.rpc(movies.get_movie)  # type: ignore[arg-type]
async def wrong_request(request: library.FilesGone, rows: Reading) -> movies.Movie:
    raise movies.MovieNotFound


@reads.rpc(movies.get_movie)  # type: ignore[arg-type]
async def wrong_reply(request: movies.GetMovie, rows: Reading) -> library.FilesGone:
    return gone


@writes.on(library.files_gone)  # type: ignore[arg-type]
async def wrong_context(message: library.FilesGone, bus: Bus) -> None: ...


@writes.on_many(library.files_gone)  # type: ignore[arg-type]
async def one_instead_of_many(message: library.FilesGone, tx: Tx) -> None: ...
