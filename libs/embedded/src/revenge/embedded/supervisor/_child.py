"""One running process: its output, its end, and the end of everything that it started itself."""

import asyncio
import contextlib
import os
import signal

from revenge.embedded.supervisor._log import ProcessLog
from revenge.embedded.supervisor._program import Command

READ_BYTES = 64 * 1024
LAST_OUTPUT_S = 1.0


class Child:
    def __init__(self, process: asyncio.subprocess.Process, output: int, log: ProcessLog) -> None:
        self._process = process
        self._reading = asyncio.create_task(_read(output, log))

    @classmethod
    async def spawn(cls, command: Command, log: ProcessLog) -> "Child":
        """The pipe is ours: with asyncio's own, `wait` lasts until the last one who inherited it
        has ended too, and what a dead process left behind would hold up its restart.
        """
        output, written = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *command.launcher(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                env=dict(command.environment),
                start_new_session=True,
            )
        except BaseException:
            os.close(output)
            raise
        finally:
            os.close(written)
        return cls(process, output, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_exited(self) -> bool:
        return self._process.returncode is not None

    async def wait(self) -> int:
        """Its exit code, once nothing of its process group is left."""
        code = await self._process.wait()
        self._kill_group()
        await asyncio.wait([self._reading], timeout=LAST_OUTPUT_S)
        self._reading.cancel()
        await asyncio.wait([self._reading])
        return code

    async def stop(self, command: Command) -> int:
        await self.end(command)
        return await self.wait()

    async def end(self, command: Command) -> None:
        """For whom somebody else waits."""
        if not self.has_exited:
            self._process.send_signal(command.stop_signal)
        try:
            async with asyncio.timeout(command.grace.total_seconds()):
                await self._process.wait()
        except TimeoutError:
            self._kill_group()

    async def kill(self) -> int:
        self._kill_group()
        return await self.wait()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


async def _read(output: int, log: ProcessLog) -> None:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(output, "rb", buffering=0)
    )
    try:
        while part := await reader.read(READ_BYTES):
            log.write(part)
    finally:
        transport.close()
