"""Where a suite runs, and that a power cut does not make it look as if it did."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from revenge.embedded.datadir import Data, DataInUse
from revenge.embedded.suite import state
from revenge.kit.settings import Nats


@pytest.fixture
def data(tmp_path: Path) -> Data:
    found = Data.at(tmp_path)
    state.write(found, state.begin("http://localhost:1", Nats(), ()))
    return found


def test_a_suite_that_runs_is_found(data: Data) -> None:
    with data.locked():
        assert state.read(data).pid == os.getpid()


def test_what_a_power_cut_has_left_is_no_suite_even_if_the_number_is_taken_again(
    data: Data,
) -> None:
    with data.locked():
        pass

    assert Path(f"/proc/{os.getpid()}").exists()
    with pytest.raises(state.NotRunning):
        state.read(data)


def test_nothing_runs_while_only_migrations_do(data: Data) -> None:
    code = (
        "import sys, time; from pathlib import Path; from revenge.embedded.datadir import Data\n"
        "with Data.at(Path(sys.argv[1])).locked(): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(data.root)], stdout=subprocess.PIPE
    ) as migrating:
        assert migrating.stdout is not None
        migrating.stdout.readline()

        with pytest.raises(state.NotRunning):
            state.read(data)
        with pytest.raises(DataInUse, match=f"pid {migrating.pid}"), data.locked():
            pass
        migrating.kill()


def test_looking_whether_something_runs_keeps_nothing_from_starting(data: Data) -> None:
    looking = (data.run / "lock").open("ab")
    fcntl.flock(looking, fcntl.LOCK_SH)
    Timer(0.03, looking.close).start()

    with data.locked():
        assert data.holder() == os.getpid()
