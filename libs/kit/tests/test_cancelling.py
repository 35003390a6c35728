import asyncio

import pytest

from revenge.kit.cancelling import heeding


async def test_a_cancellation_in_the_moment_of_the_reply_is_not_lost() -> None:
    reply = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(heeding(asyncio.wait_for(reply, 10)))
    await asyncio.sleep(0)

    reply.set_result("here")
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_reply_comes_to_a_task_that_cleans_up_after_its_cancellation() -> None:
    async def work() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return await heeding(asyncio.sleep(0, "released"))
        return "never"

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    working.cancel()

    assert await working == "released"
