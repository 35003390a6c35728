"""Pictures by ids that cannot be guessed: an id is the proof that one was told of the picture."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable

from msgspec import Struct

from revenge.contracts.paths import to_os

LARGEST = 30 * 1024 * 1024  # bytes


class Picture(Struct, frozen=True):
    """A file as it was when it was registered: if it changes, it is another picture."""

    id: str
    path: str  # as the library service writes it
    modified_ns: int
    size: int  # bytes

    @property
    def url_path(self) -> str:
        """What the fields of a description hold; which format it is, the request decides."""
        return f"/{self.id}.jpg"


def look(secret: str, paths: Iterable[str]) -> dict[str, Picture]:
    """Those of the files that can be pictures, by path. Reads the disk."""
    key = hashlib.blake2b(secret.encode()).digest()
    found = ((path, _picture(key, path)) for path in paths)
    return {path: picture for path, picture in found if picture is not None}


def _picture(key: bytes, path: str) -> Picture | None:
    try:
        status = os.stat(to_os(path))  # noqa: PTH116 - the path may be odd bytes
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode) or not 0 < status.st_size <= LARGEST:
        return None
    named = f"{path}\0{status.st_mtime_ns}\0{status.st_size}".encode()
    id = hashlib.blake2b(named, key=key, digest_size=16).hexdigest()
    return Picture(id, path, status.st_mtime_ns, status.st_size)
