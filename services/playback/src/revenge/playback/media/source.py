"""A file as it is now, so that what was made of another version of it is never taken for it."""

import asyncio
import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from revenge.playback import faults


class Source(NamedTuple):
    path: str
    key: str  # differs when the file does


async def identify(path: str) -> Source:
    """Raises `FileUnreadable` for what is no readable file."""
    try:
        status = await asyncio.to_thread(os.stat, path)
    except OSError as error:
        raise faults.FileUnreadable from error
    if not stat.S_ISREG(status.st_mode) or not Path(path).is_absolute():
        raise faults.FileUnreadable
    version = f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}"
    digest = hashlib.sha256(version.encode("utf-8", "surrogateescape")).hexdigest()
    return Source(path, digest[:24])
