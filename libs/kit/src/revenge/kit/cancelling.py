"""Cancellations that arrive.

Before Python 3.12, `asyncio.wait_for` loses a cancellation that comes in the same moment as what
it waits for (python/cpython issue 86296): whoever cancelled that task, a task group say, waits
for it for ever. The clients of the bus and of the database wait in it for every reply, so
that it is mended for the whole process.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")

FAREWELL = 5.0  # seconds that a task may take to clean up


async def wait_for(awaited: Awaitable[T], timeout: float | None) -> T:
    """As Python 3.12 has it; raises TimeoutError."""
    async with asyncio.timeout(timeout):
        return await awaited


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel these until they have ended.

    Once is not always enough: before Python 3.13, a task group in which something fails while it is
    cancelled raises what has failed, and not the cancellation.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=FAREWELL)


if sys.version_info < (3, 12):
    asyncio.wait_for = wait_for  # type: ignore[assignment]  # it wants the generators of Python 3.3
