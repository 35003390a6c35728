"""Events from a committed transaction to a consumer in another process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.house import House

ONE_BY_ONE = 200
IN_BULK = 20_000


def measure(house: House) -> Iterator[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.relaying", str(house.root / "relaying")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    found = json.loads(done.stdout)
    yield Figure(
        what="event from a committed transaction to a consumer elsewhere, median",
        unit="ms",
        value=found["median_ms"],
        floor=found["publish_ms"],
        floor_is="published and pulled, without a database",
        goal=10.0,
    )
    yield Figure(
        what=f"the same in bulk ({IN_BULK:,} events)",
        unit="/s",
        value=found["rate"],
        floor=found["publish_rate"],
        floor_is="published and pulled, without a database",
        goal=20_000,
        more_is_better=True,
    )
