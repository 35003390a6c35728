"""Libraries of real files, in a real database, scanned by the real scanner."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from revenge.contracts import Event, Job, ScanId, library, services
from revenge.contracts.library import Library, LibraryScan, LibraryType, ScanType, Watch
from revenge.embedded.testing._videos import Videos
from revenge.kit import Bus, Database
from revenge.library_scanner import jobs
from revenge.library_scanner.handlers import libraries as handlers
from revenge.library_scanner.jobs import Scanning
from revenge.library_scanner.ordering import order_scan
from revenge.library_scanner.probe.prober import Prober
from revenge.library_scanner.scanning.scan import Scanner
from revenge.library_scanner.store import files, libraries, scans
from revenge.library_scanner.watching import status

AN_HOUR = 3600.0


@pytest.fixture(scope="session")
def service() -> services.Service:
    return services.LIBRARY_SCANNER


@pytest.fixture(scope="session")
async def shared_prober() -> AsyncGenerator[Prober]:
    async with Prober(2) as prober:
        yield prober


@pytest.fixture
async def scanning(bus: Bus, db: Database, shared_prober: Prober) -> AsyncGenerator[Scanning]:
    """Whatever a test has made is gone after it: a service that runs would look after it."""
    yield Scanning(bus, db, Scanner(db, shared_prober))
    async with db.begin() as tx:
        await tx.run("delete from library")
        await tx.run("delete from outbox")


@pytest.fixture
async def ordinary_threads(ordinary_rights: None) -> AsyncGenerator[None]:
    """Ordinary rights also where a test only asks for what happens in threads.

    Those that there are already have the rights that there were when they were started.
    """
    assert ordinary_rights is None
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor())
    yield
    loop.set_default_executor(ThreadPoolExecutor())


@dataclass(frozen=True)
class HangingDisk:
    """A disk with one folder that holds one file; see hanging_disk.py."""

    root: Path
    file: Path
    process: subprocess.Popen[str]

    def hang(self) -> None:
        """From now on whoever asks it waits, and cannot be killed, until the test is over."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


@pytest.fixture
def hanging_disk(tmp_path: Path) -> Generator[HangingDisk]:
    root = tmp_path / "disk"
    root.mkdir()
    command = [sys.executable, str(Path(__file__).with_name("hanging_disk.py")), str(root)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        if not process.stdout.readline():
            pytest.skip("nothing can be mounted here: that takes a privilege")
        yield HangingDisk(root, root / "Film (2000)/Film (2000).mkv", process)
        process.stdin.close()


@dataclass(frozen=True)
class Shelf:
    """One library of one folder, and what happens to it."""

    root: Path
    library: Library
    app: Scanning
    videos: Videos

    def video(self, relative: str, *, title: str = "", seconds: float = 1.0) -> Path:
        """A video that has lain there for an hour; another title makes another content."""
        path = self.videos.make(self.root / relative, title=title or relative, seconds=seconds)
        return self.age(path)

    def write(self, relative: str, content: bytes | str) -> Path:
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.age(path)

    def age(self, path: Path, seconds: float = AN_HOUR) -> Path:
        """As if it had been written that long ago: what is younger may still grow."""
        then = time.time() - seconds
        os.utime(path, (then, then))
        return path

    async def ordered(self, kind: ScanType = ScanType.INCREMENTAL) -> library.ScanLibrary:
        """A scan that is asked for, and not begun."""
        async with self.app.db.begin() as tx:
            scan = await order_scan(tx, self.library, kind)
        assert scan is not None, "another scan is going on"
        return library.ScanLibrary(self.library.id, scan.id, kind)

    async def scan(self, kind: ScanType = ScanType.INCREMENTAL) -> LibraryScan:
        order = await self.ordered(kind)
        await jobs.scan_library(order, self.app)
        return await self.state_of(order.scan_id)

    async def state_of(self, scan: ScanId) -> LibraryScan:
        async with self.app.db.read() as rows:
            found = await scans.find(rows, scan)
        assert found is not None
        return found

    async def now(self) -> Library:
        async with self.app.db.read() as rows:
            found = await libraries.find(rows, self.library.id)
        assert found is not None
        return found

    async def told(self, contract: Event[Any] | Job[Any]) -> list[Any]:
        """What was committed to be sent of this library: nothing relays the outbox here."""
        async with self.app.db.read() as rows:
            written = await rows.all(
                bytes,
                "select payload from outbox where subject = %(subject)s order by id",
                subject=contract.subject,
            )
        payloads = [msgspec.json.decode(payload, type=contract.payload) for payload in written]
        return [payload for payload in payloads if self._concerns(payload)]

    async def subjects(self) -> list[str]:
        """Of all that was told, in its order."""
        async with self.app.db.read() as rows:
            return await rows.all(str, "select subject from outbox order by id")

    async def found(self) -> list[library.FoundFile]:
        """Every file that was told of, in the order of the telling."""
        events = await self.told(library.files_found)
        return [file for event in events for file in event.files]

    async def gone(self) -> list[Any]:
        return [id for event in await self.told(library.files_gone) for id in event.files]

    async def failures(self) -> list[library.FailedFile]:
        async with self.app.db.read() as rows:
            return await files.failed(rows, self.library.id, 100, 0)

    async def ids(self) -> list[str]:
        """Of all its files."""
        async with self.app.db.read() as rows:
            return await rows.all(
                str,
                "select id::text from file where library_id = %(id)s order by id",
                id=self.library.id,
            )

    async def is_idle(self) -> bool:
        """Whether no scan waits or runs."""
        async with self.app.db.read() as rows:
            found = await scans.of_library(rows, self.library.id, 9, 0)
        return all(scan.completed_at for scan in found)

    async def set_realtime_monitoring(self, *, on: bool) -> None:
        wanted = library.UpdateLibrary(self.library.id, realtime_monitoring=on)
        await handlers.update_library(wanted, self.app.db)

    async def is_watched(self, how: Watch) -> bool:
        return (await self.now()).watch is how

    async def has_problem(self) -> bool:
        return (await self.now()).problem is not None

    def counted(self) -> str | None:
        """The state of its watch of which the metric says 1."""
        samples = next(iter(status.WATCHED.collect())).samples
        its = [each for each in samples if each.labels["library_id"] == str(self.library.id)]
        return next((each.labels["state"] for each in its if each.value == 1), None)

    def _concerns(self, payload: Any) -> bool:
        ids = getattr(payload, "library_ids", None) or (payload.library_id,)
        return self.library.id in ids


MakeShelf = Callable[..., Awaitable[Shelf]]


@pytest.fixture
async def make_shelf(tmp_path: Path, scanning: Scanning, videos: Videos) -> MakeShelf:
    async def make(
        type: LibraryType = LibraryType.MIXED, *, folder: str | None = None, **fields: Any
    ) -> Shelf:
        root = tmp_path / (folder or f"shelf-{uuid4().hex[:6]}")
        root.mkdir(exist_ok=True)
        wanted = library.CreateLibrary(
            name=f"a library {uuid4()}", type=type, paths=(str(root),), **fields
        )
        async with scanning.db.begin() as tx:
            made = await libraries.add(tx, wanted)
        return Shelf(root, made, scanning, videos)

    return make


@pytest.fixture
async def shelf(make_shelf: MakeShelf) -> Shelf:
    return await make_shelf()
