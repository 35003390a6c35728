"""Walk the folders of a library: fast, in a bounded way, and without ever failing as a whole."""

from revenge.library_scanner.walk.ignore import Patterns
from revenge.library_scanner.walk.kinds import FileKind, file_kind
from revenge.library_scanner.walk.listing import File, Folder, Problem
from revenge.library_scanner.walk.walker import Cancelled, RootMissing, RootUnreadable, walk

__all__ = [
    "Cancelled",
    "File",
    "FileKind",
    "Folder",
    "Patterns",
    "Problem",
    "RootMissing",
    "RootUnreadable",
    "file_kind",
    "walk",
]
