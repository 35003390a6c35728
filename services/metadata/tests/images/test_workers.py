"""Images are drawn in other processes."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from revenge.kit import Database
from revenge.kit.testing import eventually
from revenge.metadata.images.images import Images
from revenge.metadata.images.wanted import Wanted
from revenge.metadata.images.workers import Workers

Make = Callable[..., Path]
Register = Callable[[Path], Awaitable[str]]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_processes_that_draw_leave_when_idle(
    db: Database, picture: Make, registered: Register, tmp_path: Path
) -> None:
    id = await registered(picture("poster.jpg"))
    async with Workers.open(idle=1.0) as workers, Images.open(db, tmp_path / "i", 10**6) as images:
        images._workers = workers
        stored = await images.get(Wanted(id, "w185", webp=False))
        stored.file.close()
        (pid,) = workers.pids

        async def gone() -> bool:
            return not is_running(pid)

        assert await eventually(gone)
        assert workers.pids == []


async def test_a_process_that_is_killed_costs_one_image_and_no_more(
    db: Database, picture: Make, registered: Register, tmp_path: Path
) -> None:
    first, second = await registered(picture("a.jpg")), await registered(picture("b.jpg"))
    async with Images.open(db, tmp_path / "i", 10**6) as images:
        (await images.get(Wanted(first, "w185", webp=False))).file.close()
        os.kill(images._workers.pids[0], 9)

        stored = await images.get(Wanted(second, "w185", webp=False))

    with stored.file as file:
        assert file.read(2) == b"\xff\xd8"
