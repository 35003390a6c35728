"""From a candidate to what is stored and told of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

import msgspec
from loguru import logger

from revenge.contracts import FileId
from revenge.contracts.library import FoundFile, Nfo
from revenge.contracts.media import Media
from revenge.contracts.paths import to_os, to_text
from revenge.library_scanner.nfo import NfoUnreadable, read_nfo
from revenge.library_scanner.probe.fingerprint import fingerprint
from revenge.library_scanner.probe.prober import ProbeFailed, Prober
from revenge.library_scanner.scanning.comparing import Candidate
from revenge.library_scanner.store.files import Seen


class Found(NamedTuple):
    """`told` is None for a file that cannot be read."""

    stored: Seen
    told: FoundFile | None
    is_new: bool


async def read(candidate: Candidate, prober: Prober, kept: Media | None) -> Found:
    """`kept` is what an earlier probe found, if the file itself has not changed."""
    reason, media, mark = None, kept, ""
    try:
        if media is None:
            media = await _probe(candidate, prober)
        mark = await _fingerprint(candidate)
    except ProbeFailed as error:
        reason, media = error.reason, None
    except OSError as error:
        reason, media = (error.strerror or "cannot be read").lower(), None
    stored = _stored(candidate, media, reason, mark)
    told = None if media is None else await asyncio.to_thread(_told, candidate, stored, media)
    was_readable = candidate.known is not None and candidate.known.is_readable
    return Found(stored, told, not was_readable)


async def _probe(candidate: Candidate, prober: Prober) -> Media:
    if candidate.file.size == 0:
        raise ProbeFailed("the file is empty")
    return await prober.probe(candidate.path)


async def _fingerprint(candidate: Candidate) -> str:
    known = candidate.known
    if known is not None and known.fingerprint and not candidate.needs_probe:
        return known.fingerprint
    return await asyncio.to_thread(fingerprint, candidate.path)


def _stored(candidate: Candidate, media: Media | None, reason: str | None, mark: str) -> Seen:
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
        media=media,
        reason=reason,
    )


def _told(candidate: Candidate, stored: Seen, media: Media) -> FoundFile:
    """Reads the NFO files: call it in a thread."""
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
