"""What a walk yields."""

from typing import NamedTuple

from revenge.library_scanner.walk.kinds import FileKind


class File(NamedTuple):
    """A file in a folder; of a link, all but the name is its target's."""

    name: str  # as `os` gives it: undecodable bytes are surrogates
    kind: FileKind
    size: int  # bytes
    mtime_ns: int
    inode: int
    device: int


class Folder(NamedTuple):
    """One folder. `relative` is its path below the root, with `/`, empty for the root itself."""

    path: str
    relative: str
    mtime_ns: int
    files: tuple[File, ...]
    folders: tuple[str, ...]  # names of those that are visited too
    skipped: bool = False  # it was said to be unchanged: its files were not looked at


class Problem(NamedTuple):
    """A file or folder that could not be read. Nothing is known about it or what it holds."""

    path: str
    relative: str
    reason: str
