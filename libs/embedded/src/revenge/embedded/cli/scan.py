"""`revenge scan`: look for new and changed files, and show how far it is."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

import rich_click as click
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
)

from revenge.contracts import LibraryId
from revenge.contracts.library import (
    Library,
    LibraryScan,
    LibraryType,
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
LATELY = 10  # scans among which the one that is waited for is looked for
GOING = (ScanStatus.PENDING, ScanStatus.RUNNING)


@click.command()
@click.argument("names", nargs=-1, metavar="[LIBRARY]... | FOLDER")
@click.option("--full", is_flag=True, help="Read every file again, not only what changed.")
@click.option("--dry-run", is_flag=True, help="Only show what would be made of a FOLDER.")
@click.option("--probe", is_flag=True, help="With --dry-run: also read what is in the videos.")
@click.option(
    "--type",
    "of_type",
    type=click.Choice([LibraryType.MOVIE.value, LibraryType.TVSHOW.value, LibraryType.MIXED.value]),
    default=LibraryType.MIXED.value,
    show_default=True,
    help="With --dry-run: what the folder is taken to hold.",
)
@asking.data_option
def scan(
    names: tuple[str, ...],
    *,
    full: bool,
    dry_run: bool,
    probe: bool,
    of_type: str,
    folder: str | None,
) -> None:
    """Scan libraries by their names; all of them without any.

    Exits with 1 when a scan did not complete. With --dry-run nothing needs to run and nothing is
    changed; it exits with 1 when something could not be read, and with 3 when there is no video.
    """
    if dry_run:
        if len(names) != 1:
            raise click.UsageError("--dry-run takes one folder")
        from revenge.embedded.cli import dry_run as preview  # noqa: PLC0415 - only this needs it

        sys.exit(preview.dry_run(Path(names[0]), LibraryType(of_type), with_probe=probe))
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
    bar = progress.add_task(library.name, total=None, counts="", pace="")
    try:
        found = await bus.call(start_scan, StartScan(library.id, kind))
    except ScanRunning:
        progress.update(bar, description=f"{library.name} (joined a scan that was running)")
        found = await _latest(bus, library.id)
    phase = ""
    while found.status in GOING:
        if found.phase not in ("", phase) and not console.is_terminal:
            say(escape(f"{library.name}: {found.phase}"))
        phase = found.phase
        _advance(progress, bar, found)
        await asyncio.sleep(ASK_EVERY_S)
        found = await _the_same(bus, found)
    _advance(progress, bar, found)
    return found


async def _latest(bus: Bus, library_id: LibraryId) -> LibraryScan:
    return (await bus.call(list_scans, ListScans(library_id, limit=1))).scans[0]


async def _the_same(bus: Bus, scan: LibraryScan) -> LibraryScan:
    """As it is now. A later one may have begun meanwhile."""
    found = (await bus.call(list_scans, ListScans(scan.library_id, limit=LATELY))).scans
    return next((now for now in found if now.id == scan.id), scan)


def _advance(progress: Progress, bar: TaskID, scan: LibraryScan) -> None:
    progress.update(
        bar,
        total=scan.items_total or None,
        completed=scan.items_scanned,
        counts=f"{scan.phase or scan.status}: {counts(scan)}",
        pace=pace(scan),
    )


def counts(scan: LibraryScan) -> str:
    return (
        f"{scan.items_scanned} files, {scan.items_added} new, {scan.items_updated} changed, "
        f"{scan.items_removed} gone, {scan.error_count} failed"
    )


def pace(scan: LibraryScan) -> str:
    """Files a second, lately, and how long it may take; of one that is over, all in all."""
    if scan.completed_at is None:
        rate, left = scan.items_per_second, scan.seconds_left
    else:
        rate, left = _whole_rate(scan, scan.completed_at), None
    said = [f"{rate:,.0f}/s"] if rate is not None else []
    return ", ".join([*said, *([f"{timedelta(seconds=round(left))} left"] if left else [])])


def _whole_rate(scan: LibraryScan, completed_at: datetime) -> float | None:
    took = (completed_at - scan.started_at).total_seconds() if scan.started_at else 0.0
    return scan.items_scanned / took if scan.items_scanned and took > 0 else None


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TextColumn("{task.fields[counts]}", style="dim"),
        console=console,
        disable=not console.is_terminal,
    )


def _report(library: Library, scan: LibraryScan) -> None:
    said = (f"{library.name}: {scan.status}", counts(scan), pace(scan))
    say(escape(", ".join(filter(None, said))))
    if scan.error_message:
        say(escape(f"  {scan.error_message}"))
