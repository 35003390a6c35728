"""Keeps one program running: starts it, waits until it is ready, starts it again when it dies."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from revenge.embedded.errors import EmbeddedError
from revenge.embedded.supervisor._backoff import Backoff
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
from revenge.embedded.supervisor._child import Child
from revenge.embedded.supervisor._log import ProcessLog
from revenge.embedded.supervisor._program import Program

FIRST_ATTEMPTS = 3
"""A left-over of a crash may need a moment to go; what is broken should not need minutes."""
PROBE_EVERY_S = 0.03


class Keeper:
    def __init__(self, program: Program, log: ProcessLog, tell: Callable[[Change], None]) -> None:
        self._program = program
        self._log = log
        self._tell = tell
        self._child: Child | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._backoff = Backoff()
        self._ready_at: float | None = None
        self._restarts = 0
        self._ails = False
        self._enter(State.STOPPED)

    @property
    def name(self) -> str:
        return self._program.name

    def status(self) -> Status:
        running = self._child is not None and not self._child.has_exited
        return Status(
            name=self.name,
            state=self._state,
            address=self._program.address,
            pid=self._child.pid if self._child and running else None,
            restarts=self._restarts,
            since=self._since,
        )

    def last_lines(self) -> tuple[str, ...]:
        return self._log.last_lines()

    async def start(self) -> None:
        """Raises StartFailed when it does not become ready in a few attempts.

        In one, where its settings are wrong: they do not mend themselves.
        """
        for attempt in range(1, FIRST_ATTEMPTS + 1):
            died = await self._attempt()
            if died is None:
                self._keeping = asyncio.create_task(self._keep(), name=f"keep {self.name}")
                return
            if attempt == FIRST_ATTEMPTS or died.code == os.EX_CONFIG:
                raise StartFailed(self.name, self._reason(died), died.last_lines)
            await self._pause()

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        self._enter(State.STOPPING)
        if self._child is not None:
            await self._child.stop(self._program.command)
        self._log.close()
        self._enter(State.STOPPED)
        self._tell(Stopped(self.name))
        if self._keeping is not None and not self._keeping.cancelled():
            self._keeping.result()  # raises what ended it: keeping never ends by itself

    async def _keep(self) -> None:
        await self._end()
        while True:
            await self._pause()
            self._restarts += 1
            if await self._attempt() is None:
                await self._end()

    async def _end(self) -> None:
        """Until it has died, of itself or because only a new start mends it."""
        examining = asyncio.create_task(self._examine(), name=f"examine {self.name}")
        try:
            code = await self._started().wait()
        finally:
            examining.cancel()
            await asyncio.wait([examining])
        if not self._ails:  # which was told already
            self._died(code, self._log.last_lines())

    async def _examine(self) -> None:
        while not (reason := await self._program.ailment()):  # noqa: ASYNC110  another process
            await asyncio.sleep(self._program.examined_every.total_seconds())
        self._ails = True
        self._tell(Ailing(self.name, reason))
        await self._started().end(self._program.command)

    def _started(self) -> Child:
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._child

    async def _attempt(self) -> Died | None:
        """None when it is ready."""
        begun = time.monotonic()
        self._enter(State.STARTING)
        self._tell(Starting(self.name))
        self._ready_at, self._ails = None, False
        self._log.forget()
        try:
            await asyncio.to_thread(self._program.prepare)
            self._child = await Child.spawn(self._program.command, self._log)
        except (EmbeddedError, OSError) as error:
            return self._died(None, (str(error),))
        if not await self._becomes_ready(self._child):
            return await self._unready(self._child)
        self._ready_at = time.monotonic()
        self._enter(State.READY)
        self._tell(Ready(self.name, timedelta(seconds=self._ready_at - begun)))
        return None

    async def _becomes_ready(self, child: Child) -> bool:
        limit = self._program.ready_within.total_seconds()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                # polled: another process can set no event of ours
                while not (child.has_exited or await self._program.is_ready()):  # noqa: ASYNC110
                    await asyncio.sleep(PROBE_EVERY_S)
        # asked last: whoever answered in its place does not make a dead process ready
        return not child.has_exited and await self._program.is_ready()

    async def _unready(self, child: Child) -> Died:
        code = await child.wait() if child.has_exited else None
        if code is None:
            await child.kill()
        return self._died(code, self._log.last_lines())

    async def _pause(self) -> None:
        lived = time.monotonic() - self._ready_at if self._ready_at else 0.0
        pause = self._backoff.after(timedelta(seconds=lived))
        self._enter(State.RESTARTING)
        self._tell(Restarting(self.name, pause))
        await asyncio.sleep(pause.total_seconds())

    def _died(self, code: int | None, last_lines: tuple[str, ...]) -> Died:
        died = Died(self.name, code, last_lines)
        self._tell(died)
        return died

    def _reason(self, died: Died) -> str:
        if died.code is None:
            return f"not ready within {self._program.ready_within.total_seconds():g} s"
        if died.code == os.EX_CONFIG:
            return "its settings are wrong"
        return f"it ended with exit code {died.code}"

    def _enter(self, state: State) -> None:
        self._state = state
        self._since = datetime.now(UTC)
