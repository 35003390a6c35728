"""Starts programs stage by stage, keeps them running and stops them in the reverse order."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from revenge.embedded.supervisor._changes import Change, StartFailed, Status
from revenge.embedded.supervisor._keeper import Keeper
from revenge.embedded.supervisor._log import ProcessLog
from revenge.embedded.supervisor._program import Program


def tell_no_one(_: Change) -> None:
    pass


class Supervisor:
    """Use it in the main thread: the kernel ties a child's life to the thread that started it."""

    def __init__(self, logs: Path, tell: Callable[[Change], None] = tell_no_one) -> None:
        self._logs = logs
        self._tell = tell
        self._stages: list[tuple[Keeper, ...]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, *programs: Program) -> None:
        """One stage: its programs start side by side, and all are ready when this returns.

        Raises StartFailed for the first that does not become ready. What else was started runs
        on until `stop`.
        """
        stage = tuple(self._keeper(program) for program in programs)
        self._stages.append(stage)
        try:
            async with asyncio.TaskGroup() as starting:
                for keeper in stage:
                    starting.create_task(keeper.start())
        except ExceptionGroup as group:
            failures, others = group.split(StartFailed)
            if others is not None or failures is None:
                raise
            raise failures.exceptions[0] from None

    async def stop(self) -> None:
        while self._stages:
            stage = self._stages.pop()
            await asyncio.gather(*(keeper.stop() for keeper in stage))

    def statuses(self) -> tuple[Status, ...]:
        return tuple(keeper.status() for stage in self._stages for keeper in stage)

    def last_lines(self, name: str) -> tuple[str, ...]:
        """What the process last wrote; nothing when there is none of that name."""
        keepers = (keeper for stage in self._stages for keeper in stage)
        return next((keeper.last_lines() for keeper in keepers if keeper.name == name), ())

    def _keeper(self, program: Program) -> Keeper:
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = ProcessLog(self._logs / f"{program.name}.log")
        return Keeper(program, log, self._tell)
