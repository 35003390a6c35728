"""`revenge doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import rich_click as click
from msgspec import Struct

from revenge.contracts import Fault
from revenge.contracts.jobs import JobState, ListJobs, list_jobs
from revenge.contracts.library import ListLibraries, list_libraries
from revenge.embedded.cli import asking
from revenge.embedded.cli.screen import say
from revenge.embedded.datadir import Data
from revenge.embedded.errors import EmbeddedError
from revenge.embedded.ports import require_free
from revenge.embedded.servers._probe import is_well
from revenge.embedded.servers.ffmpeg import Ffmpeg
from revenge.embedded.suite import operator, state
from revenge.embedded.suite.settings import SuiteSettings

PROBLEMS = 1
OLDEST_PYTHON = (3, 11)
SPACE_WANTED = 2 * 1024**3
WATCHES_WANTED = 65_536
WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")


class Finding(Struct, frozen=True):
    """`mend` is empty where all is well."""

    what: str
    mend: str = ""


@click.command()
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it. Exits with 1 if anything is."""
    settings = asking.load()
    findings = [*_machine(settings), *asking.run(_suite(settings))]
    for finding in findings:
        mark = "[red]✘[/]" if finding.mend else "[green]✔[/]"
        say(f"  {mark} {finding.what}")
        if finding.mend:
            say(f"      {finding.mend}")
    troubles = sum(1 for finding in findings if finding.mend)
    say(f"\n{troubles} problems found" if troubles else "\nEverything is well.")
    sys.exit(PROBLEMS if troubles else 0)


def _machine(settings: SuiteSettings) -> Iterator[Finding]:
    version = platform.python_version()
    old = sys.version_info[:2] < OLDEST_PYTHON
    yield Finding(f"Python {version}", "install Python 3.11 or newer" if old else "")
    yield _space(settings.root)
    yield _ffmpeg()
    yield _watches()


def _space(root: Path) -> Finding:
    if root.exists() and not (root.is_dir() and os.access(root, os.W_OK | os.X_OK)):
        return Finding(f"{root} cannot be written to", "mend it, or set REVENGE_DATA_DIR")
    place = next(path for path in (root.absolute(), *root.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    what = f"{free // 1024**3} GiB are free in {place}"
    mend = "make room, or move REVENGE_DATA_DIR to a larger disk" if free < SPACE_WANTED else ""
    return Finding(what, mend)


def _ffmpeg() -> Finding:
    try:
        return Finding(f"ffmpeg {Ffmpeg.bundled().version}")
    except EmbeddedError as error:
        return Finding("ffmpeg", str(error))


def _watches() -> Finding:
    """inotify(7): each watched folder takes one."""
    if not WATCHES.exists():
        return Finding("no inotify here: folders are compared every so often instead")
    limit = int(WATCHES.read_text())
    few = limit < WATCHES_WANTED
    mend = f"sysctl fs.inotify.max_user_watches={8 * WATCHES_WANTED}" if few else ""
    return Finding(f"up to {limit} folders can be watched", mend)


async def _suite(settings: SuiteSettings) -> list[Finding]:
    try:
        data = asking.existing_data(str(settings.root))
        running = state.read(data)
    except state.NotRunning:
        return [Finding("Revenge does not run"), *_ports(settings)]
    components = [_component(component) for component in running.components]
    healthy = await asyncio.gather(*components)
    return [*healthy, *[finding async for finding in _inside(data)]]


def _ports(settings: SuiteSettings) -> Iterator[Finding]:
    for port in (settings.server.port, settings.metrics_port):
        try:
            require_free(port, settings.server.host)
            yield Finding(f"port {port} is free")
        except EmbeddedError as error:
            what, _, mend = str(error).partition("; ")
            yield Finding(what, mend)


async def _component(component: state.Component) -> Finding:
    well = (
        await is_well(component.health_url) if component.health_url else component.state == "ready"
    )
    what = f"{component.name} {component.version}"
    return Finding(what, "" if well else f"it is {component.trouble}; its log says why")


async def _inside(data: Data) -> AsyncIterator[Finding]:
    """What the services themselves complain of."""
    try:
        async with operator.asking(data) as bus:
            for library in (await bus.call(list_libraries, ListLibraries())).libraries:
                yield Finding(f"library {library.name}", library.problem or "")
            dead = (await bus.call(list_jobs, ListJobs(JobState.DEAD, limit=1))).total
            mend = "look at GET /api/v1/admin/jobs, then retry or discard them" if dead else ""
            yield Finding(f"{dead} jobs could not be done", mend)
    except Fault as fault:
        yield Finding("the services", str(fault))
