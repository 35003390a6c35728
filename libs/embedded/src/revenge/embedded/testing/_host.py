"""The process that runs the servers of one test run: asked over a socket, gone with the run.

`python -m revenge.embedded.testing._host FOLDER CONTROLLER`. A client sends the name of a server
and gets its address as a line of JSON; `stop` ends everything. When the controller dies, the
kernel says so at once (pidfd_open(2)); when this process dies, its servers die with it.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import warnings
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import msgspec

from revenge.embedded.datadir import Data
from revenge.embedded.errors import EmbeddedError
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Nats, Postgres, Server, Typesense, Valkey, program
from revenge.embedded.supervisor import Program, Supervisor
from revenge.embedded.testing._cache import cache_folder
from revenge.embedded.testing._run import PREFIX, STOP, Refused, Reply, Run, Started


class Host:
    def __init__(self, run: Run, supervisor: Supervisor) -> None:
        self._data = Data.at(run.folder / "data")
        self._supervisor = supervisor
        self._started: dict[str, Started] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.is_over = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = (await reader.readline()).decode().strip()
        if name == STOP:
            self.is_over.set()
            return
        if name:
            writer.write(msgspec.json.encode(await self._reply(name)) + b"\n")
        writer.close()
        with contextlib.suppress(ConnectionError):  # it may have gone without waiting
            await writer.wait_closed()

    async def _reply(self, name: str) -> Reply:
        async with self._locks[name]:
            if name in self._started:
                return self._started[name]
            try:
                self._started[name] = await self._start(name)
            except EmbeddedError as error:
                return Refused(str(error))
            return self._started[name]

    async def _start(self, name: str) -> Started:
        server = _server(name, self._data)
        await self._supervisor.start(_ending_at_once(program(server)))
        return Started(server.url, self._data.secret(name))


def _server(name: str, data: Data) -> Server:
    one, two = free_ports(2)
    secret = data.secret(name)
    if name == "postgres":
        return Postgres(data.postgres, one, secret, is_lasting=False)
    if name == "nats":
        return Nats(data.nats, one, two)
    if name == "valkey":
        return Valkey(data.valkey, one, secret)
    return Typesense(data.typesense, one, two, secret, cache_folder())


def _ending_at_once(started: Program) -> Program:
    """Nobody misses the data: there is nothing to write before the end."""
    command = started.command
    return replace(started, command=replace(command, stop_signal=command.death_signal))


def sweep(root: Path) -> None:
    """Folders of runs whose host was killed as well, and so could not."""
    for folder in root.glob(f"{PREFIX}*"):
        pid = int(folder.name.removeprefix(PREFIX).partition("-")[0])
        if not Path("/proc", str(pid)).exists():
            shutil.rmtree(folder, ignore_errors=True)


async def main(run: Run) -> None:
    try:
        controller = os.pidfd_open(run.controller)
    except ProcessLookupError:
        return
    sweep(run.folder.parent)
    async with Supervisor(run.folder / "logs") as supervisor:
        host = Host(run, supervisor)
        asyncio.get_running_loop().add_reader(controller, host.is_over.set)
        listening = await asyncio.start_unix_server(host.answer, run.address)
        await host.is_over.wait()
        listening.close()
    shutil.rmtree(run.folder, ignore_errors=True)


if __name__ == "__main__":
    warnings.simplefilter("default")
    asyncio.run(main(Run(Path(sys.argv[1]), int(sys.argv[2]))))
