"""From a candidate to what is stored and told of it."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

import msgspec
from loguru import logger

from revenge.contracts import FileId, ScanId
from revenge.contracts.library import FoundFile, Nfo
from revenge.contracts.media import Media
from revenge.contracts.paths import to_os, to_text
from revenge.library_scanner.nfo import NfoUnreadable, read_nfo
from revenge.library_scanner.probe.fingerprint import fingerprint
from revenge.library_scanner.probe.prober import ProbeFailed, Prober
from revenge.library_scanner.scanning.comparing import Candidate
from revenge.library_scanner.store.files import Seen
from revenge.library_scanner.walk.listing import MAX_NS


class Found(NamedTuple):
    """`told` is None for a file that cannot be read."""

    stored: Seen
    told: FoundFile | None
    is_new: bool
    has_moved: bool

    @property
    def place(self) -> str:
        return f"{self.stored.folder}/{self.stored.name}"


async def read(
    candidate: Candidate, prober: Prober, kept: Media | None, scan_id: ScanId | None
) -> Found | None:
    """None if the file is not any more what the walk saw: the next scan looks at it.

    `kept` is what an earlier probe found, if the file itself has not changed.
    """
    reason, media = None, kept
    try:
        if media is None:
            media = await _probe(candidate, prober)
    except ProbeFailed as error:
        reason = error.reason
    return await asyncio.to_thread(_found, candidate, media, reason, scan_id)


async def _probe(candidate: Candidate, prober: Prober) -> Media:
    if candidate.file.size == 0:
        raise ProbeFailed("the file is empty")
    return await prober.probe(candidate.path)


def _found(
    candidate: Candidate, media: Media | None, reason: str | None, scan_id: ScanId | None
) -> Found | None:
    """Reads the file's pieces, and the NFO files."""
    mark = ""
    try:
        if not _is_as_walked(candidate):
            return None
        if media is not None:
            mark = _fingerprint(candidate)
    except OSError as error:
        reason, media = (error.strerror or "cannot be read").lower(), None
    known = candidate.known
    stored = _stored(candidate, media, reason, mark, scan_id)
    return Found(
        stored=stored,
        told=None if media is None else _told(candidate, stored, media),
        is_new=known is None or not known.is_readable,
        has_moved=known is not None and (known.folder, known.name) != (stored.folder, stored.name),
    )


def _is_as_walked(candidate: Candidate) -> bool:
    """False for a file that was written to, replaced or deleted meanwhile. Raises OSError."""
    try:
        now = os.stat(candidate.path)  # noqa: PTH116 the path may be odd bytes
    except FileNotFoundError:
        return False
    clamped = max(-MAX_NS, min(MAX_NS, now.st_mtime_ns))
    return (now.st_size, clamped) == (candidate.file.size, candidate.file.mtime_ns)


def _fingerprint(candidate: Candidate) -> str:
    known = candidate.known
    if known is not None and known.fingerprint and not candidate.needs_probe:
        return known.fingerprint
    return fingerprint(candidate.path)


def _stored(
    candidate: Candidate,
    media: Media | None,
    reason: str | None,
    mark: str,
    scan_id: ScanId | None,
) -> Seen:
    known, file = candidate.known, candidate.file
    return Seen(
        id=known.id if known else FileId(uuid4()),
        folder=to_text(candidate.folder.path),
        name=to_text(file.name),
        size=file.size,
        mtime_ns=file.mtime_ns,
        surrounded=candidate.surrounded,
        fingerprint=mark,
        revision=known.revision + 1 if known else 1,
        scan_id=scan_id,
        media=media,
        reason=reason,
    )


def _told(candidate: Candidate, stored: Seen, media: Media) -> FoundFile:
    around = candidate.neighbours
    return FoundFile(
        id=stored.id,
        revision=stored.revision,
        path=f"{stored.folder}/{stored.name}",
        size=stored.size,
        modified_at=datetime.fromtimestamp(stored.mtime_ns / 1e9, UTC),
        kind=candidate.name.kind,
        parsed=candidate.name.parsed(),
        media=msgspec.structs.replace(
            media,
            subtitles=(
                *(track for track in media.subtitles if track.path is None),
                *around.subtitles,
            ),
        ),
        nfo=_nfos(around.nfo),
        series_nfo=_nfo(around.series_nfo),
        season_nfo=_nfo(around.season_nfo),
        art=around.art,
        series_art=around.series_art,
    )


def _nfo(path: str | None) -> Nfo | None:
    return next(iter(_nfos(path)), None)


def _nfos(path: str | None) -> tuple[Nfo, ...]:
    """An NFO that cannot be read is as good as none; the log says so."""
    if path is None:
        return ()
    try:
        return read_nfo(to_os(path))
    except (NfoUnreadable, OSError) as error:
        logger.warning("the NFO {} is left out: {}", path, error)
        return ()
