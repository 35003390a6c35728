import asyncio
import errno
from pathlib import Path

import pytest

from revenge.playback.faults import CacheFull, SegmentNotFound
from revenge.playback.segments.cache import SegmentCache


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def write_to_full_disk(path: Path) -> None:
    """/dev/full is the kernel's own full disk."""
    path.unlink()
    path.symlink_to("/dev/full")
    path.write_bytes(b"x" * 10_000)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_segment_is_made_once_for_all_who_ask(tmp_path: Path) -> None:
    cache, made = SegmentCache(tmp_path, 1000), 0

    async def make(path: Path) -> None:
        nonlocal made
        made += 1
        await asyncio.sleep(0.01)
        write(path, b"segment")

    paths = await asyncio.gather(*(cache.get_or_make("a/0.m4s", make) for _ in range(20)))

    assert made == 1
    assert paths[0].read_bytes() == b"segment"


async def test_the_first_to_ask_may_leave(tmp_path: Path) -> None:
    cache, begun = SegmentCache(tmp_path, 1000), asyncio.Event()

    async def make(path: Path) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        write(path, b"segment")

    first = asyncio.create_task(cache.get_or_make("a/0.m4s", make))
    await begun.wait()
    second = asyncio.create_task(cache.get_or_make("a/0.m4s", make))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).read_bytes() == b"segment"


async def test_the_least_used_goes_first(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path, 250)
    for name in ("a/0", "a/1"):
        await cache.put(name, b"x" * 100)
    cache.find("a/0")

    await cache.put("a/2", b"x" * 100)

    assert cache.find("a/1") is None
    assert cache.find("a/0") is not None
    assert cache.used == 200


async def test_what_failed_is_tried_again_and_leaves_nothing(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path, 1000)

    async def fail(path: Path) -> None:
        write(path, b"half")
        raise SegmentNotFound

    for _ in range(2):
        with pytest.raises(SegmentNotFound):
            await cache.get_or_make("a/0.m4s", fail)

    assert files(tmp_path) == []


async def test_what_an_earlier_run_left_is_used_and_half_segments_are_not(tmp_path: Path) -> None:
    await SegmentCache(tmp_path, 1000).put("a/0.m4s", b"whole")
    (tmp_path / "a" / "1.m4s.abc.part").write_bytes(b"half")

    cache = SegmentCache(tmp_path, 1000)

    assert cache.find("a/0.m4s") is not None
    assert cache.used == 5
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["0.m4s"]


async def test_a_smaller_budget_holds_from_the_start(tmp_path: Path) -> None:
    before = SegmentCache(tmp_path, 1000)
    for number in range(5):
        await before.put(f"a/{number}", b"x" * 100)

    assert SegmentCache(tmp_path, 250).used == 200


async def test_a_full_disk_costs_half_of_the_segments_and_then_works(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path, 1000)
    for number in range(4):
        await cache.put(f"a/{number}", b"x" * 100)

    async def need_room(path: Path) -> None:
        if cache.used > 200:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, b"fits")

    assert (await cache.get_or_make("b/0", need_room)).read_bytes() == b"fits"


async def test_a_disk_that_stays_full_is_said_to_be(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path, 1000)

    async def make(path: Path) -> None:
        write_to_full_disk(path)

    with pytest.raises(CacheFull):
        await cache.get_or_make("a/0", make)


async def test_a_folder_that_somebody_cleared_is_filled_again(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path, 1000)
    path = await cache.put("a/0", b"one")
    path.unlink()
    path.parent.rmdir()

    assert cache.find("a/0") is None
    assert (await cache.put("a/0", b"two")).read_bytes() == b"two"
    assert cache.used == 3
