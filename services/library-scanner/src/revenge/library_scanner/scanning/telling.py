"""What was read is stored and told, and what has gone: each batch in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from loguru import logger
from prometheus_client import Counter

from revenge.contracts import FileId, library
from revenge.kit import Tx
from revenge.library_scanner.scanning.finding import Found
from revenge.library_scanner.scanning.progress import Counts, Progress
from revenge.library_scanner.store import files, folders
from revenge.library_scanner.store.files import Known
from revenge.library_scanner.store.folders import Signature

TOGETHER = 100  # files stored and told in one transaction
PARCEL = 512 * 1024  # bytes of files in one event; NATS takes messages of 1 MiB
FEW = 20  # of each kind of what comes with a file that has more than a message carries

SCANNED = Counter("revenge_library_files_scanned", "Videos looked at")
ERRORS = Counter("revenge_library_scan_errors", "What could not be read", ["library_id"])


@dataclass(frozen=True)
class Teller:
    """Of one look at a library."""

    of: library.Library
    progress: Progress
    moved: set[FileId] = field(default_factory=set[FileId])  # those whose new place is stored

    async def store(self, found: Sequence[Found], complete: Mapping[str, Signature]) -> None:
        """`complete` are the folders all of whose files are stored by now."""
        for item in found:
            if item.told is None:
                logger.warning("{}: {}", item.place, item.stored.reason)
                ERRORS.labels(str(self.of.id)).inc()
        SCANNED.inc(len(found))
        self.progress.seen += len(found)  # with what is new of them
        async with self.progress.counting(_counts(found)) as tx:
            await self._store(tx, found)
            if complete:
                await folders.sign(tx, self.of.id, complete)
        self.moved.update(item.stored.id for item in found if item.has_moved)

    async def let_go(self, known: Sequence[Known]) -> None:
        for first in range(0, len(known), TOGETHER):
            gone = {row.id: row.revision for row in known[first : first + TOGETHER]}
            async with self.progress.counting(Counts(removed=len(gone))) as tx:
                await files.bury(tx, list(gone))
                await tx.emit(library.files_gone, library.FilesGone(self.of.id, gone))

    async def settle(self, complete: Mapping[str, Signature], lost: Sequence[str]) -> None:
        """The last of a look: folders from which files went are known as they are now."""
        if not complete and not lost:
            return
        async with self.progress.counting(Counts()) as tx:
            if complete:
                await folders.sign(tx, self.of.id, complete)
            if lost:
                await folders.forget(tx, self.of.id, lost)

    async def _store(self, tx: Tx, found: Sequence[Found]) -> None:
        if not found:
            return
        await files.save(tx, self.of.id, [item.stored for item in found])
        back = [item.stored.id for item in found if item.was_gone]
        if back:
            await files.unbury(tx, back)
        moved = [item for item in found if item.has_moved]
        if moved:
            await tx.emit(library.files_moved, self._moved(moved))
        for parcel in _parcels([item.told for item in found if item.told is not None]):
            event = library.FilesFound(self.of.id, parcel, self.progress.scan_id)
            await tx.emit(library.files_found, event)
        unread = {
            item.stored.id: item.stored.revision
            for item in found
            if item.told is None and not item.is_new
        }
        if unread:
            await tx.emit(library.files_gone, library.FilesGone(self.of.id, unread))

    def _moved(self, found: Sequence[Found]) -> library.FilesMoved:
        return library.FilesMoved(
            self.of.id,
            {item.stored.id: item.place for item in found},
            {item.stored.id: item.stored.revision for item in found},
        )


def _counts(found: Sequence[Found]) -> Counts:
    told = [item for item in found if item.told is not None]
    added = sum(item.is_new for item in told)
    return Counts(added=added, updated=len(told) - added, failed=len(found) - len(told))


def _parcels(told: Sequence[library.FoundFile]) -> Iterator[tuple[library.FoundFile, ...]]:
    """As many together as the bus carries in one message."""
    parcel: list[library.FoundFile] = []
    size = 0
    for file, its_size in map(_portable, told):
        if parcel and size + its_size > PARCEL:
            yield tuple(parcel)
            parcel, size = [], 0
        parcel.append(file)
        size += its_size
    if parcel:
        yield tuple(parcel)


def _portable(file: library.FoundFile) -> tuple[library.FoundFile, int]:
    """A file that one message carries, and its size in bytes: nobody's film has so much with it."""
    size = len(msgspec.json.encode(file))
    if size <= PARCEL:
        return file, size
    logger.warning("{} has too much with it: its NFOs and most of the rest is left out", file.path)
    least = _least(file)
    return least, len(msgspec.json.encode(least))


def _least(file: library.FoundFile) -> library.FoundFile:
    media = msgspec.structs.replace(
        file.media,
        video=file.media.video[:FEW],
        audio=file.media.audio[:FEW],
        subtitles=file.media.subtitles[:FEW],
        chapters=(),
        attachments=(),
    )
    return msgspec.structs.replace(
        file,
        media=media,
        nfo=(),
        series_nfo=None,
        season_nfo=None,
        art=file.art[:FEW],
        series_art=file.series_art[:FEW],
    )
