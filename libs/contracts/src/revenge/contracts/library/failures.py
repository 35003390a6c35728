"""Files that could not be read."""

from __future__ import annotations

from datetime import datetime

from revenge.contracts._ids import FileId, LibraryId
from revenge.contracts._kinds import Message
from revenge.contracts._pages import Limit, Offset
from revenge.contracts.library._domain import domain
from revenge.contracts.library.faults import LibraryNotFound, ScanRunning
from revenge.contracts.library.scans import LibraryScan


class FailedFile(Message, frozen=True):
    id: FileId
    path: str
    reason: str
    failed_at: datetime


class ListFailures(Message, frozen=True):
    library_id: LibraryId
    limit: Limit = 20
    offset: Offset = 0


class FailureList(Message, frozen=True):
    files: tuple[FailedFile, ...]
    total: int


class RetryFailures(Message, frozen=True):
    """Read again what could not be read: these files, or all where none are named."""

    library_id: LibraryId
    files: tuple[FileId, ...] = ()


list_failures = domain.rpc("list_failures", ListFailures, FailureList, raises=(LibraryNotFound,))
retry_failures = domain.rpc(
    "retry_failures", RetryFailures, LibraryScan, raises=(LibraryNotFound, ScanRunning)
)
