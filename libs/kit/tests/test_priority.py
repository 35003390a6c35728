"""Who makes way for whom."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from revenge.kit.priority import AUTOGROUP, SCHED_SETATTR, TURN

LOWERED = 7
PROGRAM = f"""
import os
from revenge.kit.priority import AUTOGROUP, make_way

make_way({LOWERED})
print(os.nice(0))
print(AUTOGROUP.read_text() if AUTOGROUP.exists() else "")
"""


def after_making_way(*, in_a_session_of_its_own: bool) -> tuple[int, str]:
    """Its niceness, and what the kernel says of its session."""
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=in_a_session_of_its_own,
    )
    niceness, session, *_ = done.stdout.split("\n")
    return int(niceness), session


def test_a_process_makes_way_for_others() -> None:
    niceness, _ = after_making_way(in_a_session_of_its_own=True)

    assert niceness == min(os.nice(0) + LOWERED, 19)


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="this kernel has no autogroups")
def test_a_session_of_its_own_makes_way_too_and_that_of_others_does_not() -> None:
    _, own = after_making_way(in_a_session_of_its_own=True)
    before = Path(AUTOGROUP).read_text()
    after_making_way(in_a_session_of_its_own=False)

    assert own.endswith(f" nice {LOWERED}")
    assert AUTOGROUP.read_text() == before


def turn_of_a_process(statement: str) -> int | None:
    """In nanoseconds, after a statement; None where the kernel does not tell."""
    program = f"""
from pathlib import Path
from revenge.kit import priority

{statement}
lines = Path("/proc/self/sched").read_text().splitlines()
print(next((line.split()[-1] for line in lines if line.startswith("se.slice")), ""))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return int(done.stdout) if done.stdout.strip() else None


@pytest.mark.skipif(not Path("/proc/self/sched").exists(), reason="this kernel tells of no turns")
def test_whoever_wants_the_processor_soon_has_it_for_a_shorter_time() -> None:
    usual, short = turn_of_a_process("pass"), turn_of_a_process("priority.take_short_turns()")

    if usual is None or platform.machine() not in SCHED_SETATTR:
        pytest.skip("this kernel has one length of turns for all")
    assert short == TURN != usual
