import asyncio

import pytest

from revenge.kit import Bus, cancelling
from revenge.kit.following import follow


async def test_a_cancellation_in_the_moment_of_the_reply_is_not_lost() -> None:
    reply = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(asyncio.wait_for(reply, 10))
    await asyncio.sleep(0)

    reply.set_result("here")
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize("seconds", [0.01, 0, -1])
async def test_what_does_not_come_in_time_is_given_up(seconds: float) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


async def test_a_reply_comes_to_a_task_that_cleans_up_after_its_cancellation() -> None:
    async def work() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return await asyncio.wait_for(asyncio.sleep(0, "released"), 10)
        return "never"

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    working.cancel()

    assert await working == "released"


async def test_who_follows_ends_in_the_midst_of_events(bus: Bus) -> None:
    for turn in range(100):
        following = asyncio.create_task(_read(bus))
        await asyncio.sleep(0.01)
        for _ in range(turn % 10):
            await bus.js.publish("event.toys.made", b"{}")
        following.cancel()
        done, _ = await asyncio.wait([following], timeout=5)

        assert done, turn


async def _read(bus: Bus) -> None:
    async for _ in follow(bus, "event.toys.>"):
        pass


async def test_a_task_that_misses_its_cancellation_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cancelling, "FAREWELL", 0.05)
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

    await cancelling.end([task])

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

    await cancelling.end([task])

    assert done == ["tidied"]
