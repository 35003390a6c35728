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
from revenge.library_scanner.neighbours import Neighbours
from revenge.library_scanner.nfo import NfoUnreadable, read_nfo
from revenge.library_scanner.probe.prober import ProbeFailed, Prober, ProbeTooLong
from revenge.library_scanner.scanning.comparing import Candidate
from revenge.library_scanner.store.files import Seen
from revenge.library_scanner.walk.listing import clamped


class Found(NamedTuple):
    """`told` is None for a file that cannot be read."""

    stored: Seen
    told: FoundFile | None
    is_new: bool
    has_moved: bool
    was_gone: bool

    @property
    def place(self) -> str:
        return f"{self.stored.folder}/{self.stored.name}"


async def read(
    candidate: Candidate, prober: Prober, kept: Media | None, scan_id: ScanId | None
) -> Found | None:
    """None if the file is not any more what the walk saw: the next scan looks at it.

    `kept` is what an earlier probe found, if the file itself has not changed.
    """
    reading = await _read(candidate, prober, kept)
    if reading is None:
        return None
    stored = _stored(candidate, reading, scan_id)
    told = None
    if reading.media is not None:
        nfos = _Nfos()
        if _has_nfo(candidate.neighbours):
            nfos = await asyncio.to_thread(_read_nfos, candidate.neighbours)
        told = _told(candidate, stored, reading.media, nfos)
    known = candidate.known
    return Found(
        stored=stored,
        told=told,
        is_new=known is None or not known.is_readable,
        has_moved=known is not None
        and not known.has_gone
        and (known.folder, known.name) != (stored.folder, stored.name),
        was_gone=known is not None and known.has_gone,
    )


class _Reading(NamedTuple):
    media: Media | None = None
    fingerprint: str = ""
    reason: str | None = None


async def _read(candidate: Candidate, prober: Prober, kept: Media | None) -> _Reading | None:
    known, file = candidate.known, candidate.file
    if kept is not None and known is not None:
        return _Reading(kept, known.fingerprint)
    if file.size == 0:
        return _Reading(reason="the file is empty")
    try:
        media, identity = await prober.identify(candidate.path)
    except ProbeFailed as error:
        if await _says_nothing(error, candidate):
            logger.info("{} stays as it was: {}", to_text(candidate.path), error)
            return None
        return _Reading(reason=error.reason)
    if (identity.size, clamped(identity.mtime_ns)) != (file.size, file.mtime_ns):
        return None
    return _Reading(media, identity.fingerprint)


async def _says_nothing(error: ProbeFailed, candidate: Candidate) -> bool:
    """Of the file that the walk saw; the next scan looks at it."""
    if isinstance(error, ProbeTooLong):  # who asks more of that disk waits as well
        return _was_read_before(candidate)
    return not await asyncio.to_thread(_is_as_walked, candidate)


def _was_read_before(candidate: Candidate) -> bool:
    """As it is now: then a slow disk says nothing about the file."""
    known, file = candidate.known, candidate.file
    if known is None or not known.is_readable:
        return False
    return (known.size, known.mtime_ns) == (file.size, file.mtime_ns)


def _is_as_walked(candidate: Candidate) -> bool:
    """False for a file that was written to, replaced or deleted meanwhile."""
    try:
        now = os.stat(candidate.path)  # noqa: PTH116 the path may be odd bytes
    except FileNotFoundError:
        return False
    except OSError:
        return True
    file = candidate.file
    return (now.st_size, clamped(now.st_mtime_ns)) == (file.size, file.mtime_ns)


def _stored(candidate: Candidate, reading: _Reading, scan_id: ScanId | None) -> Seen:
    known, file = candidate.known, candidate.file
    return Seen(
        id=known.id if known else FileId(uuid4()),
        folder=to_text(candidate.folder.path),
        name=to_text(file.name),
        size=file.size,
        mtime_ns=file.mtime_ns,
        surrounded=candidate.surrounded,
        fingerprint=reading.fingerprint,
        revision=known.revision + 1 if known else 1,
        scan_id=scan_id,
        media=reading.media,
        reason=reading.reason,
    )


class _Nfos(NamedTuple):
    own: tuple[Nfo, ...] = ()
    series: Nfo | None = None
    season: Nfo | None = None


def _told(candidate: Candidate, stored: Seen, media: Media, nfos: _Nfos) -> FoundFile:
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
        nfo=nfos.own,
        series_nfo=nfos.series,
        season_nfo=nfos.season,
        art=around.art,
        series_art=around.series_art,
    )


def _has_nfo(around: Neighbours) -> bool:
    return any((around.nfo, around.series_nfo, around.season_nfo))


def _read_nfos(around: Neighbours) -> _Nfos:
    return _Nfos(_nfos(around.nfo), _nfo(around.series_nfo), _nfo(around.season_nfo))


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
