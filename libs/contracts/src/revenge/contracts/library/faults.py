"""What may be wrong with a request about libraries."""

from __future__ import annotations

from revenge.contracts._faults import Conflict, Invalid, NotFound


class LibraryNotFound(NotFound):
    """No library has this id, or it is not one that you may see."""


class LibraryNameTaken(Conflict):
    """Another library has this name already."""


class PathUnusable(Invalid):
    """A path of a library must be an absolute folder that the server can read."""


class PathTaken(Conflict):
    """Another library holds this folder, or one inside or around it, already."""


class ScanRunning(Conflict):
    """Another scan of this library is running; ask again when it has ended."""


class ScanNotFound(NotFound):
    """No scan of this library has this id."""


class UserUnknown(NotFound):
    """No user has this id."""
