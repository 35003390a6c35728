"""A service that is told to stop does."""

import asyncio

import pytest

from revenge.kit import service


async def test_a_task_that_misses_its_cancellation_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "FAREWELL", 0.05)
    missed = 0

    async def deaf() -> None:
        nonlocal missed
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                missed += 1
                if missed > 2:
                    raise

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)

    await service.end([task])

    assert task.cancelled()


async def test_what_a_task_still_has_to_do_is_done() -> None:
    done = list[str]()

    async def tidy() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)
            done.append("tidied")

    task = asyncio.create_task(tidy())
    await asyncio.sleep(0)

    await service.end([task])

    assert done == ["tidied"]
