"""Whoever holds the data folder is an administrator: how the command line asks services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from revenge.contracts import EVERYTHING, Caller, UserId
from revenge.embedded.datadir import Data
from revenge.embedded.errors import EmbeddedError
from revenge.embedded.suite import state
from revenge.kit import Bus, acting_as

PATIENCE_S = 15.0


class NotAnswering(EmbeddedError):
    def __init__(self, url: str) -> None:
        super().__init__(f"nothing answers at {url}; `revenge status` shows what runs")


OPERATOR = Caller(UserId(UUID(int=0)), "operator", "admin", frozenset({EVERYTHING}), None)


@asynccontextmanager
async def asking(data: Data) -> AsyncGenerator[Bus]:
    """A bus on which requests are an administrator's. Raises NotRunning or NotAnswering."""
    at = state.bus_settings(data)
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(PATIENCE_S):
                bus = await stack.enter_async_context(Bus.connect(at, "revenge-cli"))
        except TimeoutError as error:
            raise NotAnswering(at.url) from error
        with acting_as(OPERATOR):
            yield bus
