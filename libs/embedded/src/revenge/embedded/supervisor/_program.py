"""What the supervisor is told about a process: how to start it, know it is ready and stop it."""

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from revenge.embedded import launch
from revenge.embedded.accounts import Account

Variables = tuple[tuple[str, str], ...]
"""Names and values of environment variables."""


def inherited(*names: str) -> Variables:
    """Those of our own environment, by name; all of it when none is named."""
    return tuple((k, v) for k, v in os.environ.items() if not names or k in names)


BARE: Variables = inherited("PATH", "HOME", "LANG", "TZ", "TMPDIR")
"""For servers: nothing of ours may steer them by accident (PGDATA, TYPESENSE_..., ...)."""


@dataclass(frozen=True, kw_only=True)
class Command:
    argv: tuple[str, ...]
    """The first is the absolute path of the program."""
    environment: Variables = BARE
    account: Account | None = None
    directory: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends when we die without stopping it."""
    grace: timedelta = timedelta(seconds=10)
    """How long it may take to stop before it is killed."""

    def launcher(self) -> tuple[str, ...]:
        """The same, with its life tied to that of the process that runs it (see `launch`)."""
        account = f"{self.account.uid}:{self.account.gid}" if self.account else "-"
        options = (str(os.getpid()), str(int(self.death_signal)), account)
        directory = str(self.directory) if self.directory else "-"
        return (sys.executable, "-I", "-S", launch.__file__, *options, directory, *self.argv)


def nothing_to_prepare() -> None:
    pass


async def nothing_ails() -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Program:
    name: str
    command: Command
    address: str
    """Where it answers, for people; without a password."""
    is_ready: Callable[[], Awaitable[bool]]
    prepare: Callable[[], None] = field(default=nothing_to_prepare)
    """Runs in a thread before every start, and so has to be idempotent."""
    ready_within: timedelta = timedelta(seconds=30)
    ailment: Callable[[], Awaitable[str]] = nothing_ails
    """What only a new start mends; empty when nothing does. Asked for as long as it runs."""
    examined_every: timedelta = timedelta(seconds=5)
