"""Whether the disk has room is told when it changes, and only then."""

import asyncio
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from revenge.embedded.suite.room import ENOUGH, LITTLE, Room, watch

HERE = Path("/data")


async def told(monkeypatch: pytest.MonkeyPatch, *amounts: int) -> list[Room]:
    """Of a disk that has these amounts free, one after the other: nobody may fill the real one."""
    left, rooms, all_seen = list(amounts), list[Room](), asyncio.Event()

    def usage(_: Path) -> SimpleNamespace:
        if len(left) == 1:
            all_seen.set()
        return SimpleNamespace(free=left.pop(0) if len(left) > 1 else left[0])

    monkeypatch.setattr(shutil, "disk_usage", usage)
    watching = asyncio.create_task(watch(HERE, rooms.append, every_s=0))
    await asyncio.wait_for(all_seen.wait(), 60)
    watching.cancel()
    return rooms


async def test_room_is_told_of_when_it_goes_and_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rooms = await told(monkeypatch, ENOUGH, LITTLE - 1, 0, ENOUGH, ENOUGH, 0)

    assert rooms == [
        Room(HERE, LITTLE - 1, is_enough=False),
        Room(HERE, ENOUGH, is_enough=True),
        Room(HERE, 0, is_enough=False),
    ]


async def test_a_little_more_room_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = await told(monkeypatch, LITTLE - 1, LITTLE, ENOUGH - 1, LITTLE - 1)

    assert [room.is_enough for room in rooms] == [False]
