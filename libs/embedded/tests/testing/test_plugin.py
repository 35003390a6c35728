"""The plugin in real runs of pytest: one server for all workers, and none that stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ASK = """
import os, pathlib, time
import pytest

@pytest.mark.parametrize("n", range(4))
def test_asks(valkey_server, postgres_server, n):
    urls = valkey_server.url + " " + postgres_server.url
    pathlib.Path(os.environ["SEEN"], str(n)).write_text(urls)
    time.sleep(float(os.environ["SLEEP"]))
"""
SETTINGS = """
[pytest]
filterwarnings = error
asyncio_default_fixture_loop_scope = session
"""
UNIT = "def test_adds():\n    assert 1 + 1 == 2\n"


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    folder = tmp_path / "seen"
    folder.mkdir()
    return folder


@pytest.fixture
def start(tmp_path: Path, seen: Path) -> Callable[..., subprocess.Popen[str]]:
    def run(code: str, *options: str, sleep: float = 0) -> subprocess.Popen[str]:
        file = tmp_path / "test_inner.py"
        file.write_text(code)
        (tmp_path / "pytest.ini").write_text(SETTINGS)
        plugin = ("-p", "revenge.embedded.testing")
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *plugin, *options, str(file)],
            cwd=tmp_path,
            env={**os.environ, "SEEN": str(seen), "SLEEP": str(sleep)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return run


def processes_of(run: int) -> list[int]:
    """The host by its arguments, the servers by the folder that they work in."""
    mark = f"revenge-test-{run}-"
    return [int(p.name) for p in Path("/proc").glob("[0-9]*") if mark in traces_of(p)]


def traces_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_text() + str((process / "cwd").readlink())
    except OSError:  # it is gone
        return ""


def folders_of(run: int) -> list[Path]:
    return [p for root in ("/dev/shm", "/tmp") for p in Path(root).glob(f"revenge-test-{run}-*")]  # noqa: S108  where the plugin puts them


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_all_workers_share_one_server(
    start: Callable[..., subprocess.Popen[str]], seen: Path
) -> None:
    with start(ASK, "-n", "2") as run:
        output, _ = run.communicate(timeout=60)

    assert "4 passed" in output
    assert len({path.read_text() for path in seen.iterdir()}) == 1


def test_nothing_is_left_after_a_run(start: Callable[..., subprocess.Popen[str]]) -> None:
    with start(ASK) as run:
        output, _ = run.communicate(timeout=60)

    assert "4 passed" in output
    assert processes_of(run.pid) == []
    assert folders_of(run.pid) == []


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_nothing_is_left_after_a_run_that_was_killed(
    start: Callable[..., subprocess.Popen[str]], seen: Path, options: tuple[str, ...]
) -> None:
    with start(ASK, *options, sleep=60) as run:
        assert until(lambda: any(seen.iterdir()))
        assert len(processes_of(run.pid)) >= 3

        run.send_signal(signal.SIGKILL)
        run.wait()

        assert until(lambda: processes_of(run.pid) == [] and folders_of(run.pid) == [])


def test_a_run_that_wants_no_server_starts_none(
    start: Callable[..., subprocess.Popen[str]],
) -> None:
    with start(UNIT) as run:
        output, _ = run.communicate(timeout=60)

    assert "1 passed" in output
    assert folders_of(run.pid) == []
