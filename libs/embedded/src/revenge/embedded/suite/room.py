"""Watches whether the disk of the data has room, and says when there is none, or some again."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LITTLE = 64 * 1024**2  # bytes: below this, servers begin to refuse
ENOUGH = 2 * LITTLE
LOOK_EVERY_S = 5.0


@dataclass(frozen=True)
class Room:
    """What has changed: there is none left, or there is some again."""

    place: Path
    free: int  # bytes
    is_enough: bool


async def watch(place: Path, tell: Callable[[Room], None], every_s: float = LOOK_EVERY_S) -> None:
    """Until it is cancelled."""
    was_enough = True
    while True:
        free = shutil.disk_usage(place).free
        is_enough = free >= (LITTLE if was_enough else ENOUGH)
        if is_enough != was_enough:
            tell(Room(place, free, is_enough))
        was_enough = is_enough
        await asyncio.sleep(every_s)
