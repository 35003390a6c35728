"""Who makes way for whom."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from revenge.kit.priority import AUTOGROUP

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
