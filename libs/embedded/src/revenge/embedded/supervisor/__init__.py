"""Runs processes that need each other: in order, until they are stopped, and never orphaned."""

from revenge.embedded.supervisor._changes import (
    Ailing,
    Change,
    Died,
    Ready,
    Restarting,
    StartFailed,
    Starting,
    State,
    Status,
    Stopped,
)
from revenge.embedded.supervisor._program import (
    BARE,
    Command,
    Program,
    Variables,
    inherited,
    nothing_ails,
)
from revenge.embedded.supervisor._supervisor import Supervisor

__all__ = [
    "BARE",
    "Ailing",
    "Change",
    "Command",
    "Died",
    "Program",
    "Ready",
    "Restarting",
    "StartFailed",
    "Starting",
    "State",
    "Status",
    "Stopped",
    "Supervisor",
    "Variables",
    "inherited",
    "nothing_ails",
]
