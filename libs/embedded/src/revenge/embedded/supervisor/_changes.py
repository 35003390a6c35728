"""What the supervisor tells: every change of a process's state, and the state itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from revenge.embedded.errors import EmbeddedError


class State(StrEnum):
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Starting:
    name: str


@dataclass(frozen=True)
class Ready:
    name: str
    after: timedelta


@dataclass(frozen=True)
class Died:
    name: str
    code: int | None
    """As in `subprocess`: negative for a signal. None when it never became ready and was killed."""
    last_lines: tuple[str, ...]


@dataclass(frozen=True)
class Ailing:
    """It runs, but only a new start mends it: it is stopped for that."""

    name: str
    reason: str


@dataclass(frozen=True)
class Restarting:
    name: str
    after: timedelta


@dataclass(frozen=True)
class Stopped:
    name: str


Change = Starting | Ready | Ailing | Died | Restarting | Stopped


@dataclass(frozen=True)
class Status:
    name: str
    state: State
    address: str
    pid: int | None
    restarts: int
    since: datetime


class StartFailed(EmbeddedError):
    """A process did not become ready when the whole was started."""

    def __init__(self, name: str, reason: str, last_lines: tuple[str, ...]) -> None:
        said = "".join(f"\n    {line}" for line in last_lines)
        super().__init__(f"{name} did not start: {reason}{said}")
        self.name = name
        self.reason = reason
        self.last_lines = last_lines
