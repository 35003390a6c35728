"""The folder that holds everything which must survive: one owner, one start at a time."""

import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import msgspec

from revenge.embedded.errors import EmbeddedError
from revenge.embedded.files import write_whole
from revenge.embedded.passage import has_passages
from revenge.embedded.ports import free_ports, hold, is_free

OWNER_ONLY = 0o700
PASSAGE = 0o010
SECRET_BYTES = 32
LOOKS, BETWEEN_LOOKS_S = 25, 0.02
SECRET_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


class DataUnusable(EmbeddedError):
    def __init__(self, root: Path, error: OSError) -> None:
        super().__init__(
            f"the data folder {root} cannot be used: {error.strerror}; "
            "mend it, or choose another with REVENGE_DATA_DIR"
        )


class DataInUse(EmbeddedError):
    def __init__(self, root: Path, pid: str) -> None:
        holder = f"pid {pid}" if pid else "another process"
        super().__init__(f"{root} is in use: revenge runs on it already ({holder})")
        self.pid = pid


class NoSpace(EmbeddedError):
    def __init__(self, root: Path, free: int, wanted: int) -> None:
        super().__init__(
            f"the disk of {root} is full: {free // 2**20} MiB are free, "
            f"{wanted // 2**20} MiB are needed; make room, or move REVENGE_DATA_DIR"
        )


class Data(msgspec.Struct, frozen=True):
    root: Path

    @classmethod
    def at(cls, root: Path) -> Self:
        """Makes the folder and those in it where they are missing; raises DataUnusable."""
        data = cls(root.expanduser().absolute())
        folders = (data.root, data.secrets, data.logs, data.cache, data.run)
        try:
            for folder in folders:
                folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
                _close_to_others(folder)
        except OSError as error:
            raise DataUnusable(data.root, error) from error
        return data

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        return self.root / "nats"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def typesense(self) -> Path:
        return self.root / "typesense"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def cache(self) -> Path:
        """May be deleted at any time."""
        return self.root / "cache"

    @property
    def run(self) -> Path:
        """What concerns the present start only."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    def secret(self, name: str) -> str:
        """Made at random on first use, the same ever after."""
        if not SECRET_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a secret")
        path = self.secrets / name
        if not path.exists():
            write_whole(path, secrets.token_urlsafe(SECRET_BYTES).encode())
        return path.read_text()

    def ports(self, *names: str) -> tuple[int, ...]:
        """The ports that had these names last time, so far as they are free; others if not.

        Typesense needs 12 s instead of 3 to start where its ports have changed.
        """
        kept = _read_ports(self._ports)
        for name in names:
            if name not in kept or not (hold(kept[name]) or is_free(kept[name])):
                (kept[name],) = free_ports(1, besides=frozenset(kept.values()))
        write_whole(self._ports, msgspec.json.encode(kept))
        return tuple(kept[name] for name in names)

    @property
    def _ports(self) -> Path:
        return self.root / "ports.json"

    def require_space(self, wanted: int) -> None:
        """`wanted` in bytes; raises NoSpace."""
        free = shutil.disk_usage(self.root).free
        if free < wanted:
            raise NoSpace(self.root, free, wanted)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Held until the end, however that comes; raises DataInUse when another start holds it."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _take(descriptor):
                raise DataInUse(self.root, os.read(descriptor, 20).decode().strip())
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def holder(self) -> int | None:
        """The process that holds the lock, if one does. A number in a file proves nothing: after a
        power cut it may be anybody's.
        """
        try:
            with self._lock.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(self._lock.read_text() or 0)
        except FileNotFoundError:
            return None
        return None

    @property
    def _lock(self) -> Path:
        return self.run / "lock"


def _take(lock: int) -> bool:
    """Tried again for a moment: `holder` may be looking just now."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(BETWEEN_LOOKS_S)
        else:
            return True
    return False


def _close_to_others(folder: Path) -> None:
    """0700; a passage that was opened stays, which shows as the group's `x` (acl(5))."""
    mode = OWNER_ONLY | PASSAGE if has_passages(folder) else OWNER_ONLY
    if folder.stat().st_mode & 0o777 & ~mode:
        folder.chmod(mode)


def _read_ports(path: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.DecodeError):  # the first start, or a file cut short
        return {}
