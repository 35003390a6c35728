"""How long a start takes, and how much memory the services need when nothing happens."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.house import House

from revenge.contracts.services import SERVICES

SETTLED_S = 20.0  # after which worker processes that were needed have ended
GIBI = 1024.0


def measure(house: House) -> Iterator[Figure]:
    yield _second_start(house)
    yield _memory(house)


def _second_start(house: House) -> Figure:
    house.suite.stop()
    began = time.monotonic()
    (house.root / "output").write_text("")
    house.suite.start()
    took = time.monotonic() - began
    return Figure(
        what="second start to all ready",
        unit="s",
        value=took,
        floor=_imports(),
        floor_is="eight interpreters that import their service, side by side",
        goal=10.0,
    )


def _imports() -> float:
    began = time.monotonic()
    running = [
        subprocess.Popen([sys.executable, "-c", f"import {service.package}.__main__"])
        for service in SERVICES
    ]
    for process in running:
        process.wait()
    return time.monotonic() - began


def _memory(house: House) -> Figure:
    time.sleep(SETTLED_S)
    pids = [house.suite.pid_of(service.name) for service in SERVICES]
    return Figure(
        what="memory of all services, idle (PSS)",
        unit="MB",
        value=sum(_pss(pid) for pid in pids),
        floor=_bare_memory(),
        floor_is="eight interpreters that import the kit",
        goal=500.0,
    )


def _pss(pid: int) -> float:
    """proc_pid_smaps_rollup(5), in MB: shared pages count in part for each who shares them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / GIBI


def _bare_memory() -> float:
    code = "import revenge.kit, sys; print('ready', flush=True); sys.stdin.read()"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in SERVICES
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    total = sum(_pss(process.pid) for process in running)
    for process in running:
        process.communicate()
    return total
