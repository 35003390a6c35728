"""Libraries: made, changed, shown, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from psycopg.errors import UniqueViolation

from revenge.contracts import LibraryId, Nothing, library
from revenge.kit import Database, Reading, Router, Tx, caller
from revenge.library_scanner import folders, rules
from revenge.library_scanner.ordering import order_scan
from revenge.library_scanner.store import libraries, scans

reads = Router[Reading]()
writes = Router[Tx]()
checked = Router[Database]()  # they look at the disk before they begin


@reads.rpc(library.list_libraries)
async def list_libraries(_: library.ListLibraries, rows: Reading) -> library.LibraryList:
    found = (
        await libraries.list_all(rows)
        if caller().is_admin
        else await libraries.list_viewed_by(rows, caller().user_id)
    )
    latest = await scans.latest(rows, [item.id for item in found])
    by_library = {scan.library_id: scan for scan in latest}
    shown = [msgspec.structs.replace(i, latest_scan=by_library.get(i.id)) for i in found]
    return library.LibraryList(tuple(shown), len(shown))


@reads.rpc(library.get_library)
async def get_library(request: library.GetLibrary, rows: Reading) -> library.Library:
    found = await visible(rows, request.library_id)
    latest = await scans.latest(rows, [found.id])
    return msgspec.structs.replace(found, latest_scan=latest[0] if latest else None)


@checked.rpc(library.create_library)
async def create_library(request: library.CreateLibrary, db: Database) -> library.Library:
    wanted = rules.normalised(request)
    await asyncio.to_thread(folders.check_usable, wanted.paths)
    real = await _real_paths(db, wanted.paths)
    async with db.begin() as tx:
        await libraries.take_turns(tx)
        others = await libraries.others(tx, None)
        rules.check_collisions(wanted.name, wanted.paths, others, real)
        try:
            made = await libraries.add(tx, wanted)
        except UniqueViolation as error:
            raise library.LibraryNameTaken from error
        await tx.emit(library.library_created, library.LibraryEvent(made, (made.id,)))
        await order_scan(tx, made)
    return made


@checked.rpc(library.update_library)
async def update_library(request: library.UpdateLibrary, db: Database) -> library.Library:
    paths = () if request.paths is msgspec.UNSET else tuple(map(rules.normal, request.paths))
    await asyncio.to_thread(folders.check_usable, paths)
    real = await _real_paths(db, paths)
    async with db.begin() as tx:
        await libraries.take_turns(tx)
        found = await existing(tx, request.library_id)
        wanted = rules.changed(found, request)
        others = await libraries.others(tx, found.id)
        rules.check_collisions(wanted.name, wanted.paths, others, real)
        try:
            made = await libraries.change(tx, wanted)
        except UniqueViolation as error:
            raise library.LibraryNameTaken from error
        await tx.emit(library.library_updated, library.LibraryEvent(made, (made.id,)))
        if wanted.paths != found.paths:
            await order_scan(tx, made)
    return made


@writes.rpc(library.delete_library)
async def delete_library(request: library.DeleteLibrary, tx: Tx) -> Nothing:
    found = await existing(tx, request.library_id)
    await libraries.remove(tx, found.id)
    gone = library.LibraryDeleted(found.id, found.name, (found.id,))
    await tx.emit(library.library_deleted, gone)
    return Nothing()


async def _real_paths(db: Database, paths: Sequence[str]) -> dict[str, str]:
    """Where these and the paths of all libraries lead to: the disk is asked outside of any lock."""
    async with db.read() as rows:
        known = [path for item in await libraries.list_all(rows) for path in item.paths]
    return await asyncio.to_thread(folders.real_paths, [*paths, *known])


async def existing(rows: Reading, library_id: LibraryId) -> library.Library:
    """Raises `LibraryNotFound`."""
    found = await libraries.find(rows, library_id)
    if found is None:
        raise library.LibraryNotFound
    return found


async def visible(rows: Reading, library_id: LibraryId) -> library.Library:
    """The same, as far as the caller may see it."""
    found = await existing(rows, library_id)
    if caller().is_admin:
        return found
    held = await libraries.held_by(rows, library_id, caller().user_id)
    if not found.enabled or library.Permission.VIEW not in held:
        raise library.LibraryNotFound
    return found
