"""What a walk yields."""

from __future__ import annotations

import hashlib
from array import array
from typing import NamedTuple

from revenge.library_scanner.walk.kinds import FileKind, file_kind

MAX_NS = 2**63 - 1  # what a `bigint` holds: the year 2262


def clamped(mtime_ns: int) -> int:
    """Within what can be stored: some clocks are centuries off."""
    return max(-MAX_NS, min(MAX_NS, mtime_ns))


class File(NamedTuple):
    """A file in a folder; of a link, all but the name is its target's."""

    name: str  # as `os` gives it: undecodable bytes are surrogates
    kind: FileKind
    size: int  # bytes
    mtime_ns: int


class Folder:
    """One folder. `relative` is its path below the root, with `/`, empty for the root itself.

    `is_mount` says that it is on another file system than the folder around it.

    Of most folders nothing but the signature is ever asked, so its files stay packed until then.
    """

    __slots__ = ("_files", "_names", "_numbers", "folders", "is_mount", "path", "relative")

    def __init__(self, path: str, relative: str, *, is_mount: bool = False) -> None:
        self.path = path
        self.relative = relative
        self.is_mount = is_mount
        self.folders: list[str] = []  # names of those that are visited too
        self._names: list[str] = []
        self._numbers = array("q")  # of each file its time and its size
        self._files: tuple[File, ...] | None = None

    def add(self, name: str, size: int, mtime_ns: int) -> None:
        self._names.append(name)
        try:
            self._numbers.append(mtime_ns)
        except OverflowError:
            self._numbers.append(clamped(mtime_ns))
        self._numbers.append(size)

    @property
    def files(self) -> tuple[File, ...]:
        if self._files is None:
            numbers = iter(self._numbers)
            triples = zip(self._names, numbers, numbers, strict=True)
            self._files = tuple(
                File(name, file_kind(name), size, mtime_ns) for name, mtime_ns, size in triples
            )
        return self._files

    def signature(self) -> bytes:
        """A digest of names, sizes and times: the same again means the same files."""
        names = "\0".join([*self._names, "", *self.folders]).encode("utf-8", "surrogateescape")
        return hashlib.blake2b(names + self._numbers.tobytes(), digest_size=16).digest()


class Problem(NamedTuple):
    """A file or folder that could not be read. Nothing is known about it or what it holds."""

    path: str
    relative: str
    reason: str
