"""PostgreSQL: made, asked, killed, found again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from revenge.embedded import leftovers
from revenge.embedded.ports import free_ports
from revenge.embedded.servers import Postgres, Server
from revenge.embedded.supervisor import State, Status, Supervisor

Start = Callable[[Server], Awaitable[Status]]


@pytest.fixture
def postgres(own_folder: Path) -> Postgres:
    (port,) = free_ports(1)
    return Postgres(own_folder / "data" / "postgres", port, "se/cr:et@1", is_lasting=False)


@pytest.fixture
def closed_folder(own_folder: Path) -> Path:
    folder = own_folder / "closed"
    folder.mkdir(mode=0o700)
    return folder


def mode_of(path: Path) -> int:
    return path.stat().st_mode


def owner_of(path: Path) -> int:
    return path.stat().st_uid


async def until_restarted(supervisor: Supervisor, server: Server) -> None:
    async with asyncio.timeout(60):
        while not supervisor.statuses()[0].restarts:  # noqa: ASYNC110  another process: no event
            await asyncio.sleep(0.05)
    await until_ready(server)


async def until_ready(server: Server) -> None:
    async with asyncio.timeout(60):
        while not await server.is_ready():  # noqa: ASYNC110  the same
            await asyncio.sleep(0.05)


async def answer(url: str, query: str) -> str:
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    async with connection:
        row = await (await connection.execute(query.encode())).fetchone()
    return str(row[0]) if row else ""


async def until_gone(folder: Path) -> None:
    async with asyncio.timeout(60):
        while leftovers.working_in(folder):  # noqa: ASYNC110  another process sets no event
            await asyncio.sleep(0.02)


async def test_it_sorts_and_encodes_alike_on_every_machine(
    postgres: Postgres, start: Start
) -> None:
    await start(postgres)

    query = (
        "select concat(datlocprovider, datlocale, pg_encoding_to_char(encoding)) from pg_database"
    )
    assert await answer(postgres.url, query) == "bC.UTF-8UTF8"


async def test_it_is_the_version_that_it_says(postgres: Postgres, start: Start) -> None:
    await start(postgres)

    assert await answer(postgres.url, "show server_version") == postgres.version
    assert postgres.version.startswith("18")


async def test_it_lets_no_one_in_without_the_password(postgres: Postgres, start: Start) -> None:
    await start(postgres)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        await answer(replace(postgres, password="guessed").url, "select 1")


async def test_lasting_data_is_synced(postgres: Postgres, start: Start) -> None:
    lasting = replace(postgres, is_lasting=True)

    await start(lasting)

    assert await answer(lasting.url, "show fsync") == "on"
    assert await answer(lasting.url, "show full_page_writes") == "on"


async def test_it_is_no_readier_than_it_says(postgres: Postgres) -> None:
    assert not await postgres.is_ready()


async def test_its_address_tells_no_password(postgres: Postgres) -> None:
    assert "se/cr" not in postgres.address
    assert "se%2Fcr%3Aet%401" in postgres.url


async def test_a_start_after_a_kill_just_works(
    postgres: Postgres, start: Start, supervisor: Supervisor
) -> None:
    # throw-away data may lose the last transactions, on purpose
    postgres = replace(postgres, is_lasting=True)
    status = await start(postgres)
    connection = await psycopg.AsyncConnection.connect(postgres.url, autocommit=True)
    async with connection:
        await connection.execute("create table kept as select 7 as n")

    os.kill(status.pid or 0, signal.SIGKILL)
    await until_restarted(supervisor, postgres)

    assert await answer(postgres.url, "select n from kept") == "7"


async def test_a_stale_pid_that_belongs_to_someone_now_is_no_obstacle(
    postgres: Postgres, start: Start, supervisor: Supervisor
) -> None:
    status = await start(postgres)
    lines = (postgres.folder / "postmaster.pid").read_text().splitlines()
    await supervisor.stop()
    assert lines[0] == str(status.pid)
    stale = postgres.folder / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    owner = postgres.folder.stat()
    os.chown(stale, owner.st_uid, owner.st_gid)

    await start(postgres)

    assert await postgres.is_ready()


async def test_an_initdb_that_was_cut_short_is_done_again(postgres: Postgres, start: Start) -> None:
    half = postgres.folder.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    half.with_name("postgres.new.0a1b2c3d").write_text(postgres.password)

    await start(postgres)

    assert await postgres.is_ready()
    assert [path.name for path in half.parent.iterdir()] == ["postgres"]


async def test_no_password_is_left_lying_about(postgres: Postgres, start: Start) -> None:
    await start(postgres)

    beside = [path.name for path in postgres.folder.parent.iterdir()]
    assert beside == ["postgres"]
    assert postgres.password not in " ".join(postgres.command().argv)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
async def test_root_can_keep_its_data_where_only_root_may_go(
    postgres: Postgres, start: Start, closed_folder: Path
) -> None:
    status = await start(replace(postgres, folder=closed_folder / "data" / "postgres"))

    assert status.state == State.READY
    assert mode_of(closed_folder) & 0o007 == 0
    assert owner_of(Path(f"/proc/{status.pid}")) != 0


PARENT = """
import asyncio, sys
from pathlib import Path
from revenge.embedded.servers import Postgres, program
from revenge.embedded.supervisor import Supervisor

async def main():
    postgres = Postgres(Path(sys.argv[1]), int(sys.argv[2]), "x", is_lasting=False)
    async with Supervisor(Path(sys.argv[1]).parent / "logs") as supervisor:
        await supervisor.start(program(postgres))
        print("ready", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_it_does_not_outlive_a_parent_that_was_killed(postgres: Postgres) -> None:
    argv = [sys.executable, "-c", PARENT, str(postgres.folder), str(postgres.port)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as parent:  # noqa: ASYNC220  it is killed
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        assert len(leftovers.working_in(postgres.folder)) > 3

        parent.kill()

    await until_gone(postgres.folder)


async def test_what_outlived_everything_is_ended_before_the_next_start(
    postgres: Postgres, start: Start, supervisor: Supervisor
) -> None:
    postgres.prepare()
    command = postgres.command()
    argv = [f"--reuid={command.account.uid}", "--clear-groups"] if command.account else []
    setpriv = ["/usr/bin/setpriv", *argv] if argv else []
    orphan = subprocess.Popen(  # noqa: ASYNC220  nobody waits for an orphan
        [*setpriv, *command.argv], stderr=subprocess.DEVNULL
    )
    await until_ready(postgres)

    await start(postgres)

    assert orphan.wait(5) is not None
    assert supervisor.statuses()[0].restarts == 0
