"""The supervisor with real processes: order, readiness, restarts, the end, no orphans."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from revenge.embedded.supervisor import (
    Ailing,
    Change,
    Command,
    Died,
    Program,
    Ready,
    Restarting,
    StartFailed,
    State,
    Stopped,
    Supervisor,
)

ProgramFactory = Callable[..., Program]
SLEEP = "import time; time.sleep(600)"


def exists(path: Path) -> Callable[[], Awaitable[bool]]:
    async def is_ready() -> bool:
        return path.exists()  # noqa: ASYNC240  a local file

    return is_ready


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  another process sets no event of ours
            await asyncio.sleep(0.02)


async def test_a_stage_is_ready_when_start_returns(
    supervisor: Supervisor, python: ProgramFactory, tmp_path: Path
) -> None:
    flag = tmp_path / "ready"
    code = f"import time, pathlib; time.sleep(.2); pathlib.Path({str(flag)!r}).touch(); {SLEEP}"

    await supervisor.start(python("slow", code, is_ready=exists(flag)), python("quick", SLEEP))

    assert flag.exists()
    assert [(s.name, s.state) for s in supervisor.statuses()] == [
        ("slow", State.READY),
        ("quick", State.READY),
    ]
    assert all(is_alive(status.pid or 0) for status in supervisor.statuses())


async def test_who_dies_is_started_again_and_its_last_words_are_told(
    supervisor: Supervisor, python: ProgramFactory, changes: list[Change]
) -> None:
    code = f"import sys; print('I am here'); sys.stdout.flush(); {SLEEP}"
    await supervisor.start(python("mortal", code))
    (before,) = supervisor.statuses()
    await until(lambda: supervisor.last_lines("mortal") == ("I am here",))

    os.kill(before.pid or 0, signal.SIGKILL)
    await until(lambda: sum(isinstance(c, Ready) for c in changes) == 2)

    (after,) = supervisor.statuses()
    assert Died("mortal", -signal.SIGKILL, ("I am here",)) in changes
    assert any(isinstance(change, Restarting) for change in changes)
    assert after.restarts == 1
    assert after.pid != before.pid
    assert after.since > before.since


async def test_what_a_dead_process_left_behind_dies_before_it_starts_again(
    supervisor: Supervisor, python: ProgramFactory, tmp_path: Path
) -> None:
    file = tmp_path / "child"
    code = (
        "import subprocess, sys, pathlib, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"pathlib.Path({str(file)!r}).write_text(str(child.pid))\n"
        "time.sleep(600)"
    )
    await supervisor.start(python("parent", code, is_ready=exists(file)))
    await until(lambda: file.read_text() != "")
    child = int(file.read_text())
    (status,) = supervisor.statuses()

    os.kill(status.pid or 0, signal.SIGKILL)

    await until(lambda: not is_alive(child))


async def test_who_does_not_become_ready_fails_the_start_with_what_it_said(
    supervisor: Supervisor, python: ProgramFactory, tmp_path: Path
) -> None:
    code = "import sys; print('no such setting: colour'); sys.exit(3)"

    with pytest.raises(StartFailed, match=r"exit code 3(.|\n)*no such setting: colour"):
        await supervisor.start(python("broken", code, is_ready=exists(tmp_path / "never")))


async def test_wrong_settings_are_said_once(
    supervisor: Supervisor, python: ProgramFactory, changes: list[Change], tmp_path: Path
) -> None:
    code = "import sys; print('REVENGE_COLOUR: is not one'); sys.exit(78)"

    with pytest.raises(StartFailed, match=r"its settings are wrong(.|\n)*REVENGE_COLOUR"):
        await supervisor.start(python("misled", code, is_ready=exists(tmp_path / "never")))

    assert not [change for change in changes if isinstance(change, Restarting)]


async def test_who_hangs_before_it_is_ready_fails_the_start_in_time(
    supervisor: Supervisor, python: ProgramFactory, tmp_path: Path
) -> None:
    program = python("hanging", SLEEP, is_ready=exists(tmp_path / "never"), ready_within_s=0.2)

    with pytest.raises(StartFailed, match=r"not ready within 0\.2 s"):
        await supervisor.start(program)


async def test_a_program_that_is_missing_is_named(supervisor: Supervisor) -> None:
    program = Program(
        name="ghost",
        command=Command(argv=("/nowhere/ghost",)),
        address="",
        is_ready=exists(Path("/nowhere/flag")),
    )

    with pytest.raises(StartFailed, match="cannot run /nowhere/ghost: No such file"):
        await supervisor.start(program)


async def test_stages_stop_in_the_reverse_order(
    supervisor: Supervisor, python: ProgramFactory, changes: list[Change]
) -> None:
    await supervisor.start(python("database", SLEEP))
    await supervisor.start(python("service", SLEEP))

    await supervisor.stop()

    assert [c for c in changes if isinstance(c, Stopped)] == [
        Stopped("service"),
        Stopped("database"),
    ]


async def test_who_does_not_want_to_stop_is_killed_after_its_grace(
    supervisor: Supervisor, python: ProgramFactory, tmp_path: Path
) -> None:
    flag = tmp_path / "deaf"
    code = (
        "import signal, pathlib, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(flag)!r}).touch()\n"
        "time.sleep(600)"
    )
    await supervisor.start(python("deaf", code, is_ready=exists(flag), grace_s=0.2))
    (status,) = supervisor.statuses()

    await supervisor.stop()

    assert not is_alive(status.pid or 0)


async def test_output_without_line_ends_does_not_stop_the_reading(
    supervisor: Supervisor, python: ProgramFactory, tmp_path: Path
) -> None:
    flag = tmp_path / "written"
    code = f"import pathlib; print('x' * 3_000_000); pathlib.Path({str(flag)!r}).touch(); {SLEEP}"

    await supervisor.start(python("chatty", code, is_ready=exists(flag)))

    await until(lambda: (tmp_path / "logs" / "chatty.log").stat().st_size == 3_000_001)


PARENT = """
import asyncio, sys
from pathlib import Path
from revenge.embedded.accounts import Account
from revenge.embedded.supervisor import Command, Program, Supervisor

async def always(): return True

async def main():
    account = Account("nobody", 65534, 65534) if sys.argv[2] == "nobody" else None
    command = Command(argv=("/bin/sleep", "600"), account=account)
    program = Program(name="child", command=command, address="", is_ready=always)
    async with Supervisor(Path(sys.argv[1])) as supervisor:
        await supervisor.start(program)
        print(supervisor.statuses()[0].pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("who", ["ourselves", "nobody"])
async def test_no_process_outlives_a_parent_that_was_killed(tmp_path: Path, who: str) -> None:
    if who == "nobody" and os.geteuid() != 0:
        pytest.skip("only root can become someone else")
    argv = [sys.executable, "-c", PARENT, str(tmp_path), who]
    with subprocess.Popen(  # noqa: ASYNC220  it is killed, not waited for
        argv, stdout=subprocess.PIPE, text=True
    ) as parent:
        pid = int(parent.stdout.readline()) if parent.stdout else 0
        await until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n")

        parent.kill()

    try:
        await until(lambda: not is_alive(pid), seconds=5)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def test_a_restart_waits_longer_each_time(
    supervisor: Supervisor, python: ProgramFactory, changes: list[Change], tmp_path: Path
) -> None:
    begun = time.monotonic()

    with pytest.raises(StartFailed):
        await supervisor.start(
            python("hopeless", "raise SystemExit(1)", is_ready=exists(tmp_path / "never"))
        )

    pauses = [change.after for change in changes if isinstance(change, Restarting)]
    assert len(pauses) == 2
    assert pauses[1] == 2 * pauses[0]
    assert time.monotonic() - begun >= sum(pause.total_seconds() for pause in pauses)


async def test_who_ails_is_stopped_and_started_again(
    supervisor: Supervisor, python: ProgramFactory, changes: list[Change]
) -> None:
    ailments = ["", "it forgets", ""]

    async def ailment() -> str:
        return ailments.pop(0) if ailments else ""

    often = timedelta(milliseconds=20)
    program = replace(python("old", SLEEP), ailment=ailment, examined_every=often)
    await supervisor.start(program)
    await until(lambda: supervisor.statuses()[0].restarts == 1)
    await until(lambda: supervisor.statuses()[0].state is State.READY)

    assert Ailing("old", "it forgets") in changes
    assert not any(isinstance(change, Died) for change in changes)
