"""Programs to supervise, and a supervisor that is stopped whatever the test did."""

import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from revenge.embedded.supervisor import Change, Command, Program, Supervisor

ProgramFactory = Callable[..., Program]


async def always() -> bool:
    return True


@pytest.fixture
def changes() -> list[Change]:
    return []


@pytest.fixture
async def supervisor(tmp_path: Path, changes: list[Change]) -> AsyncIterator[Supervisor]:
    async with Supervisor(tmp_path / "logs", changes.append) as running:
        yield running


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """For data that another user has to reach: each new run of pytest closes the folders above
    `tmp_path` to all others, also while we are using them.
    """
    with tempfile.TemporaryDirectory(prefix="revenge-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def python() -> ProgramFactory:
    """A program of a few lines of Python."""

    def make(
        name: str,
        code: str,
        *,
        is_ready: Callable[[], Awaitable[bool]] = always,
        ready_within_s: float = 10,
        grace_s: float = 5,
    ) -> Program:
        return Program(
            name=name,
            command=Command(
                argv=(sys.executable, "-u", "-c", code), grace=timedelta(seconds=grace_s)
            ),
            address=f"here://{name}",
            is_ready=is_ready,
            ready_within=timedelta(seconds=ready_within_s),
        )

    return make
