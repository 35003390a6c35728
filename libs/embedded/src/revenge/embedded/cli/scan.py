"""`revenge scan`: look for new and changed files, and show how far it is."""

from __future__ import annotations

import asyncio
import sys

import rich_click as click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from revenge.contracts import LibraryId
from revenge.contracts.library import (
    Library,
    LibraryScan,
    ListLibraries,
    ListScans,
    ScanRunning,
    ScanStatus,
    ScanType,
    StartScan,
    list_libraries,
    list_scans,
    start_scan,
)
from revenge.embedded.cli import asking
from revenge.embedded.cli.screen import console, say
from revenge.embedded.datadir import Data
from revenge.embedded.suite import operator
from revenge.kit import Bus

SCAN_FAILED = 1
ASK_EVERY_S = 0.3
GOING = (ScanStatus.PENDING, ScanStatus.RUNNING)


@click.command()
@click.argument("names", nargs=-1, metavar="[LIBRARY]...")
@click.option("--full", is_flag=True, help="Read every file again, not only what changed.")
@asking.data_option
def scan(names: tuple[str, ...], full: bool, folder: str | None) -> None:
    """Scan libraries by their names; all of them without any.

    Exits with 1 when a scan did not complete.
    """
    kind = ScanType.FULL if full else ScanType.INCREMENTAL
    done = asking.run(_scan(asking.existing_data(folder), names, kind))
    sys.exit(0 if all(scan.status is ScanStatus.COMPLETED for scan in done) else SCAN_FAILED)


async def _scan(data: Data, names: tuple[str, ...], kind: ScanType) -> list[LibraryScan]:
    async with operator.asking(data) as bus:
        chosen = _choose((await bus.call(list_libraries, ListLibraries())).libraries, names)
        with _progress() as progress:
            done = await asyncio.gather(
                *(_scan_one(bus, library, kind, progress) for library in chosen)
            )
    for library, result in zip(chosen, done, strict=True):
        _report(library, result)
    return done


def _choose(libraries: tuple[Library, ...], names: tuple[str, ...]) -> list[Library]:
    by_name = {library.name.casefold(): library for library in libraries}
    unknown = [name for name in names if name.casefold() not in by_name]
    if unknown:
        known = ", ".join(library.name for library in libraries) or "none"
        raise asking.Refused(f"there is no library {unknown[0]!r}; there are: {known}")
    return [by_name[name.casefold()] for name in names] if names else list(libraries)


async def _scan_one(bus: Bus, library: Library, kind: ScanType, progress: Progress) -> LibraryScan:
    bar = progress.add_task(library.name, total=None)
    try:
        found = await bus.call(start_scan, StartScan(library.id, kind))
    except ScanRunning:
        progress.update(bar, description=f"{library.name} (joined a scan that was running)")
        found = await _latest(bus, library.id)
    while found.status in GOING:
        _advance(progress, bar, found)
        await asyncio.sleep(ASK_EVERY_S)
        found = await _latest(bus, library.id)
    _advance(progress, bar, found)
    return found


async def _latest(bus: Bus, library_id: LibraryId) -> LibraryScan:
    return (await bus.call(list_scans, ListScans(library_id, limit=1))).scans[0]


def _advance(progress: Progress, bar: TaskID, scan: LibraryScan) -> None:
    progress.update(bar, total=scan.items_total or None, completed=scan.items_scanned)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _report(library: Library, scan: LibraryScan) -> None:
    say(
        f"{library.name}: {scan.status}, {scan.items_scanned} files, {scan.items_added} new, "
        f"{scan.items_updated} changed, {scan.items_removed} gone, {scan.error_count} failed"
    )
    if scan.error_message:
        say(f"  {scan.error_message}")
