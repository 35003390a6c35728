"""What `revenge up` shows: a line for everything that changes, with colours on a terminal."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from revenge.embedded.suite.room import Room
from revenge.embedded.supervisor import (
    Ailing,
    Change,
    Died,
    Ready,
    Restarting,
    Starting,
    Stopped,
)

if TYPE_CHECKING:
    from revenge.embedded.suite.running import Suite

MIB = 1024**2
NO_SPACE = "no space left on device"  # strerror(3) of ENOSPC, which is what all servers quote
console = Console(highlight=False, soft_wrap=True)


class Unheard(io.TextIOWrapper):
    """The output of a server: it goes on where a terminal was closed or the log's disk is full."""

    def write(self, text: str, /) -> int:
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def speak_to_whoever_listens() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = sys.stdout.encoding
        sys.stdout = Unheard(sys.stdout.detach(), encoding, "backslashreplace", write_through=True)


def say(text: str) -> None:
    console.print(text)


def show(change: Change | Room) -> None:
    """One line for each change that a person wants to know of."""
    match change:
        case Starting():
            return
        case Ready(name, after):
            say(f"  [green]✔[/] {name:<16} [dim]{after.total_seconds():.1f} s[/]")
        case Died():
            _show_death(change)
        case Ailing(name, reason):
            say(f"  [yellow]![/] {name} is started again: {reason}")
        case Restarting(name, after):
            say(f"  [yellow]↻[/] {name} starts again in {after.total_seconds():.1f} s")
        case Stopped(name):
            say(f"  [dim]■ {name} stopped[/]")
        case Room():
            _show_room(change)


def _show_death(died: Died) -> None:
    say(f"  [red]✘[/] {died.name} died: {_why(died.code)}")
    for line in died.last_lines[-5:]:
        say(f"      [dim]{escape(line)}[/]")
    if any(NO_SPACE in line.lower() for line in died.last_lines):
        say("      the disk is full: make room, and it goes on by itself")


def _show_room(room: Room) -> None:
    place, free = escape(str(room.place)), f"{room.free // MIB} MiB"
    if room.is_enough:
        say(f"  [green]✔[/] the disk of {place} has room again: {free}")
    else:
        say(f"  [red]✘[/] the disk of {place} is full: {free} are free;")
        say("      make room, and all goes on by itself")


def _why(code: int | None) -> str:
    """In words: of an exit code as `subprocess` has it, or of none."""
    if code is None:
        return "it did not become ready"
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def show_ready(suite: Suite, took_s: float, setup_token: str | None) -> None:
    url = suite.settings.url
    say(f"\n[bold green]Revenge is ready[/] after {took_s:.1f} s:  [bold]{url}[/]")
    say(f"  documentation  {url}/api/docs")
    say(f"  logs           {suite.data.logs}")
    if setup_token is not None:
        say("\n[bold]There is no administrator yet.[/] Make one with this one-time token:")
        say(
            f"  curl -X POST {url}/api/v1/setup -H 'content-type: application/json' \\\n"
            f'    -d \'{{"token": "{setup_token}", "username": "admin", '
            '"password": "..."}\''
        )
    say("\n[dim]Ctrl-C stops everything.[/]\n")


@contextmanager
def bar(what: str) -> Generator[Callable[[int, int], None]]:
    """A bar that moves by `(done, total)`; nothing where there is no terminal."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
