"""`revenge up`: start everything and run until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import rich_click as click
from rich.markup import escape

from revenge.contracts.auth import GetSetup, get_setup
from revenge.contracts.library import Library, ListLibraries, list_libraries
from revenge.embedded.cli import asking, screen
from revenge.embedded.demo import make_demo
from revenge.embedded.servers import Ffmpeg
from revenge.embedded.suite import libraries, operator
from revenge.embedded.suite.libraries import NotMade
from revenge.embedded.suite.running import Suite, running
from revenge.embedded.suite.settings import SuiteSettings
from revenge.kit import Bus


class Folder(click.Path):
    """One that is there and may be read; `~` is home also where no shell has seen to it."""

    name = "folder"

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(Path(value).expanduser(), param, ctx)


@click.command()
@click.option(
    "--media",
    type=Folder(),
    metavar="FOLDER",
    help="Make libraries of this folder. Without it, the first start renders a demo library.",
)
def up(media: Path | None) -> None:
    """Start the servers and all services; run until Ctrl-C."""
    asking.turn_away_strangers()
    asking.run(_up(asking.load(), media.absolute() if media else None))


async def _up(settings: SuiteSettings, media: Path | None) -> None:
    began = time.monotonic()
    screen.speak_to_whoever_listens()
    screen.say(f"[bold]Revenge[/] starts; its data is in {escape(str(settings.root.absolute()))}")
    stopping = asyncio.Event()
    running_ = asyncio.create_task(_run(settings, media, began, stopping))
    _stop_on_signals(running_, stopping)
    await asyncio.wait([running_])
    if not running_.cancelled():
        running_.result()  # raises what is in the way
    screen.say("Everything has stopped.")


def _stop_on_signals(running_: asyncio.Task[None], stopping: asyncio.Event) -> None:
    """Once: a second Ctrl-C must not break off the stopping itself, which takes seconds at most."""

    def stop() -> None:
        if not stopping.is_set():
            stopping.set()
            running_.cancel()

    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sig) is not signal.SIG_IGN:  # `nohup` means it
            asyncio.get_running_loop().add_signal_handler(sig, stop)


async def _run(
    settings: SuiteSettings, media: Path | None, began: float, stopping: asyncio.Event
) -> None:
    """Until it is cancelled, which ends also a start that is under way."""
    async with running(settings, screen.show) as suite:
        await _greet(suite, began)
        await _fill(suite, media)
        await stopping.wait()  # set also when a library has swallowed the cancellation


async def _greet(suite: Suite, began: float) -> None:
    async with operator.asking(suite.data) as bus:
        setup = await bus.call(get_setup, GetSetup())
    token = None if setup.completed else suite.data.secret("setup-token")
    screen.show_ready(suite, time.monotonic() - began, token)


async def _fill(suite: Suite, media: Path | None) -> None:
    """Make the libraries: of the given folder, or of a demo where there is nothing yet."""
    async with operator.asking(suite.data) as bus:
        if media is None and await _has_libraries(bus):
            return
        folder = media or await _demo(suite)
        async with aclosing(libraries.ensure(bus, folder)) as outcomes:
            async for outcome in outcomes:
                _tell(outcome)


async def _has_libraries(bus: Bus) -> bool:
    return (await bus.call(list_libraries, ListLibraries())).total > 0


async def _demo(suite: Suite) -> Path:
    folder = suite.data.root / "demo"
    screen.say("There are no libraries yet: rendering a small one to look at ...")
    with screen.bar("demo library") as advance:
        await make_demo(folder, Ffmpeg.bundled(), lambda made: advance(made.done, made.total))
    return folder


def _tell(outcome: Library | NotMade) -> None:
    match outcome:
        case Library():
            what = escape(f"library {outcome.name} ({outcome.type}): {outcome.paths[0]}")
            screen.say(f"  [green]+[/] {what}")
        case NotMade(wanted, reason):
            screen.say(f"  [red]✘[/] {escape(f'no library was made of {wanted.path}: {reason}')}")
