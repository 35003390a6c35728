"""Cancellations that arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def heeding(awaited: Awaitable[T]) -> T:
    """The result, unless this task was cancelled meanwhile.

    Before Python 3.12, `asyncio.wait_for`, in which the bus waits for every reply, loses a
    cancellation that comes in the same moment as the reply (python/cpython issue 86296): a task
    group whose task lost one waits for it for ever.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    result = await awaited
    if task and task.cancelling() > before:
        raise asyncio.CancelledError
    return result
