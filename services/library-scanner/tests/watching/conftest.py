"""Watching folders: the whole service, on a real bus, and what it tells."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from revenge.contracts import Event, library
from revenge.contracts.library import FoundFile, Watch
from revenge.kit import Bus, settings
from revenge.kit.following import follow
from revenge.kit.testing import eventually, running
from revenge.library_scanner.__main__ import ScannerSettings, start

Shelf = Any  # one library and its folder: see conftest.py, which cannot be imported
MakeShelf = Callable[..., Awaitable[Shelf]]


@pytest.fixture
async def scanner(database_url: str, nats: settings.Nats) -> AsyncGenerator[None]:
    configured = ScannerSettings(
        nats=nats, database=settings.Database(url=database_url, max_conns=4)
    )
    async with running("library-scanner", configured, start):
        yield


@pytest.fixture
async def unwatched(make_shelf: MakeShelf, scanner: None) -> Shelf:
    """A library with a film, which is scanned."""
    shelf = await make_shelf()
    shelf.video("Heat (1995)/Heat (1995).mkv")
    await shelf.scan()
    assert scanner is None
    return shelf


@pytest.fixture
async def watched(unwatched: Shelf) -> Shelf:
    """The same, and its folder is being watched."""
    shelf = unwatched
    await shelf.set_realtime_monitoring(on=True)
    await eventually(lambda: shelf.is_watched(Watch.EVENTS))
    await eventually(shelf.is_idle)
    return shelf


class Heard:
    """What the bus tells from the beginning."""

    def __init__(self) -> None:
        self.events: list[tuple[str, bytes]] = []

    def of(self, event: Event[Any]) -> list[Any]:
        return [
            msgspec.json.decode(payload, type=event.payload)
            for subject, payload in self.events
            if subject == event.subject
        ]

    def files(self, below: Path | None = None) -> list[FoundFile]:
        files = [file for event in self.of(library.files_found) for file in event.files]
        return [file for file in files if below is None or file.path.startswith(f"{below}/")]

    async def file(self, path: Path) -> FoundFile | None:
        return next((file for file in reversed(self.files()) if file.path == str(path)), None)

    async def warnings_of(self, shelf: Shelf) -> list[library.LibraryWarning]:
        told = self.of(library.library_warned)
        return [warning for warning in told if warning.library_id == shelf.library.id]


@pytest.fixture
async def heard(bus: Bus) -> AsyncGenerator[Heard]:
    told = Heard()

    async def listen() -> None:
        async for event in follow(bus, "event.library.>", after=0):
            told.events.append((event.subject, event.payload))

    listening = asyncio.create_task(listen())
    yield told
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
