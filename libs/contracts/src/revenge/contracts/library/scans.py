"""Scans: looking for what changed in the folders of a library."""

from __future__ import annotations

import enum
from datetime import datetime

from revenge.contracts._ids import LibraryId, ScanId
from revenge.contracts._kinds import Audience, Level, Message, Nothing
from revenge.contracts._pages import Limit, Offset
from revenge.contracts.library._domain import domain
from revenge.contracts.library.faults import LibraryNotFound, ScanNotFound, ScanRunning


class ScanType(enum.StrEnum):
    FULL = "full"  # read every file again
    INCREMENTAL = "incremental"  # only what changed
    METADATA = "metadata"  # describe the known files again


class ScanStatus(enum.StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class LibraryScan(Message, frozen=True):
    id: ScanId
    library_id: LibraryId
    scan_type: ScanType
    status: ScanStatus
    created_at: datetime
    phase: str = ""  # walking, reading, removing, done
    items_total: int = 0  # files that are to be looked at; 0 while that is not known
    items_scanned: int = 0
    items_added: int = 0
    items_updated: int = 0
    items_removed: int = 0
    error_count: int = 0
    items_per_second: float | None = None  # lately; None while that is not known, and at the end
    seconds_left: float | None = None  # at that rate; None while the total is not known
    error_message: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None


class StartScan(Message, frozen=True):
    library_id: LibraryId
    scan_type: ScanType = ScanType.INCREMENTAL


class ListScans(Message, frozen=True):
    library_id: LibraryId
    limit: Limit = 20
    offset: Offset = 0


class ScanList(Message, frozen=True):
    scans: tuple[LibraryScan, ...]
    total: int


class CancelScan(Message, frozen=True):
    library_id: LibraryId
    scan_id: ScanId


class ScanEvent(Message, frozen=True):
    scan: LibraryScan
    library_name: str
    library_ids: tuple[LibraryId, ...]


class ScanDue(Message, frozen=True):
    """Begin the scans of the libraries whose `scan_interval` has passed."""


class ScanLibrary(Message, frozen=True):
    library_id: LibraryId
    scan_id: ScanId
    scan_type: ScanType


start_scan = domain.rpc("start_scan", StartScan, LibraryScan, raises=(LibraryNotFound, ScanRunning))
list_scans = domain.rpc("list_scans", ListScans, ScanList, raises=(LibraryNotFound,))
cancel_scan = domain.rpc("cancel_scan", CancelScan, Nothing, raises=(LibraryNotFound, ScanNotFound))
scan_started = domain.event("scan_started", ScanEvent, audience=Audience.LIBRARIES)
scan_progressed = domain.event("scan_progressed", ScanEvent, audience=Audience.LIBRARIES)
scan_done = domain.event("scan_done", ScanEvent, audience=Audience.LIBRARIES)

scan_library = domain.job(
    "scan_library", ScanLibrary, level=Level.BULK, attempts=20, timeout=86_400
)
scan_due = domain.job("scan_due", ScanDue, attempts=1, timeout=60)
