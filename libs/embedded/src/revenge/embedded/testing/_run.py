"""One run of pytest, shared by its controller and its workers; starts the host on first use."""

import fcntl
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

MEMORY = Path("/dev/shm")  # noqa: S108  ours is a private folder in it, with a random name
MEMORY_WANTED = 1024**3
"""Containers often have 64 MiB there: too little for a database."""

PREFIX = "revenge-test-"
HOST_STARTS_WITHIN_S = 20.0
SERVER_STARTS_WITHIN_S = 90.0
STOP = "stop"


class Started(msgspec.Struct, frozen=True, tag="started"):
    url: str
    secret: str = ""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    reason: str


Reply = Started | Refused


class ServerUnavailable(Exception):
    """A server that a test wants did not start."""


@dataclass(frozen=True)
class Run:
    folder: Path
    """Does not exist until the first server is wanted."""
    controller: int
    """The process with which everything has to end."""

    @classmethod
    def begun_here(cls) -> "Run":
        name = f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        return cls(_root() / name, os.getpid())

    @classmethod
    def decode(cls, text: str) -> "Run":
        controller, _, folder = text.partition(":")
        return cls(Path(folder), int(controller))

    def encode(self) -> str:
        return f"{self.controller}:{self.folder}"

    @property
    def address(self) -> Path:
        return self.folder / "host.sock"

    def server(self, name: str) -> Started:
        """Started when nobody has asked before; raises ServerUnavailable."""
        self._ensure_host()
        reply = self._ask(name)
        if isinstance(reply, Refused):
            raise ServerUnavailable(reply.reason)
        return reply

    def end(self) -> None:
        """Called everywhere, acts in the controller: workers come and go."""
        if os.getpid() != self.controller or not self.folder.exists():
            return
        if self._is_host_there():
            with self._connected() as connection:
                connection.sendall(f"{STOP}\n".encode())
                connection.recv(1)  # nothing comes but the end: the servers are gone
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ask(self, name: str) -> Reply:
        with self._connected() as connection:
            connection.sendall(f"{name}\n".encode())
            answer = connection.makefile("rb")
            with answer:
                line = answer.readline()
        if not line:
            raise ServerUnavailable(f"the host ended: {self._host_log().read_text()}")
        return msgspec.json.decode(line, type=Started | Refused)

    @contextmanager
    def _connected(self) -> Generator[socket.socket]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SERVER_STARTS_WITHIN_S)
            connection.connect(str(self.address))
            yield connection

    def _ensure_host(self) -> None:
        """By whichever worker comes first; the others wait for it."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._is_host_there():
                return
            self._spawn_host()
            deadline = time.monotonic() + HOST_STARTS_WITHIN_S
            while not self._is_host_there():
                if time.monotonic() > deadline:
                    raise ServerUnavailable(f"no host: {self._host_log().read_text()}")
                time.sleep(0.02)

    def _is_host_there(self) -> bool:
        try:
            with self._connected():
                return True
        except OSError:
            return False

    def _spawn_host(self) -> None:
        """In a session of its own: Ctrl-C is for pytest, which still has fixtures to tear down.

        Not with `subprocess`: whoever starts it may end before it, which Popen would complain of.
        """
        program = "revenge.embedded.testing._host"
        argv = [sys.executable, "-m", program, str(self.folder), str(self.controller)]
        log = os.open(self._host_log(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        to_log = [(os.POSIX_SPAWN_DUP2, log, output) for output in (1, 2)]
        from_nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
        os.posix_spawn(
            sys.executable, argv, os.environ, file_actions=[from_nothing, *to_log], setsid=True
        )
        os.close(log)

    def _host_log(self) -> Path:
        return self.folder / "host.log"


def _root() -> Path:
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_WANTED:
        return MEMORY
    return Path(tempfile.gettempdir())
