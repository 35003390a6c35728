"""Answers that go on: they end with their client, and with the server."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from revenge.gateway.asgi import Receive


class Connections:
    def __init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()

    async def hold(self, receive: Receive, work: Coroutine[Any, Any, None]) -> None:
        """Work until that is done, the client has left, or the server stops."""
        working = asyncio.create_task(work)
        leaving = asyncio.create_task(_left(receive))  # a send to one who left does not fail
        self._open.add(working)
        try:
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                await working
        finally:
            self._open.discard(working)
            working.cancel()
            leaving.cancel()
            await asyncio.gather(working, leaving, return_exceptions=True)

    def close(self) -> None:
        """Break off all that is still going on."""
        for working in self._open:
            working.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
