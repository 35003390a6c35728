"""Whoever holds the data folder is an administrator: how the command line asks services."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from revenge.contracts import EVERYTHING, Caller, UserId
from revenge.embedded.datadir import Data
from revenge.embedded.suite import state
from revenge.kit import Bus, acting_as

OPERATOR = Caller(UserId(UUID(int=0)), "operator", "admin", frozenset({EVERYTHING}), None)


@asynccontextmanager
async def asking(data: Data) -> AsyncGenerator[Bus]:
    """A bus on which requests are an administrator's. Raises NotRunning."""
    async with Bus.connect(state.bus_settings(data), "revenge-cli") as bus:
        with acting_as(OPERATOR):
            yield bus
