"""Free ports on loopback, and who sits on one that is taken."""

import errno
import random
import socket
from contextlib import suppress
from pathlib import Path

from revenge.embedded.errors import EmbeddedError

LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 20_000, 32_000
"""Below the range that Linux gives to outgoing connections (32768 and up): a port found free here
is not taken by the next connection before its server listens on it."""


class PortTaken(EmbeddedError):
    def __init__(self, port: int, holder: str | None) -> None:
        by = f" by {holder}" if holder else ""
        super().__init__(
            f"port {port} is taken{by}; stop it, or choose others with REVENGE_SERVER_PORT"
        )
        self.port = port
        self.holder = holder


class AddressUnusable(EmbeddedError):
    def __init__(self, host: str, port: int, error: OSError) -> None:
        mend = (
            "choose a port of 1024 or more with REVENGE_SERVER_PORT"
            if error.errno == errno.EACCES
            else "set REVENGE_SERVER_HOST to an address of this machine, or to 0.0.0.0 for all"
        )
        super().__init__(f"cannot listen on {host}, port {port}: {error.strerror}; {mend}")


def free_ports(count: int, *, besides: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Different ones, none of `besides`, and nobody else's who chooses at the same time."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(LOWEST, HIGHEST)
        if port not in besides and hold(port):
            found.append(port)
    return tuple(found)


def hold(port: int) -> bool:
    """Keep a port for a server that this process will start; False if it is somebody's.

    It stays bound, never listening, until this process ends: whoever else chooses a port passes it
    by, while a server that sets SO_REUSEADDR, as all of ours do, may listen on it.
    """
    holder = socket.socket()
    try:
        holder.bind((LOOPBACK, port))
    except OSError:
        holder.close()
        return False
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        holder.setsockopt(socket.SOL_SOCKET, option, 1)
    holder.detach()
    return True


def is_free(port: int, host: str = LOOPBACK) -> bool:
    try:
        _listen(port, host)
    except OSError:
        return False
    return True


def require_free(port: int, host: str = LOOPBACK) -> None:
    """Raises PortTaken, naming the process that holds the port where we may know it, or
    AddressUnusable.
    """
    try:
        _listen(port, host)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port, _holder(port)) from error
        raise AddressUnusable(host, port, error) from error


def _listen(port: int, host: str) -> None:
    """For a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)


def _holder(port: int) -> str | None:
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        if sockets & set(_open_files(process)):
            return f"{_command(process)} (pid {process.name})"
    return None


def _listening_inodes(port: int) -> tuple[str, ...]:
    """proc_pid_net(5): the second column is the local address, the fourth 0A when listening."""
    lines: list[str] = []
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            lines += Path("/proc/net", table).read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return tuple(r[9] for r in rows if r[3] == "0A" and int(r[1].rpartition(":")[2], 16) == port)


def _open_files(process: Path) -> tuple[str, ...]:
    targets: list[str] = []
    with suppress(OSError):  # not ours to look into, or gone
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                targets.append(str(descriptor.readlink()))
    return tuple(targets)


def _command(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "a process"
