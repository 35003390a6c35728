"""`make bench`: every number beside its floor, as a table and in bench.json."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from tests.bench import browser, events, figure, names, playing, reads, scans, start, titles
from tests.bench.figure import Figure
from tests.bench.house import House

console = Console(highlight=False, width=150)

MEASUREMENTS: tuple[Callable[[House], Iterator[Figure]], ...] = (
    start.measure,
    reads.measure,
    titles.measure,
    scans.measure,
    names.measure,
    events.measure,
    browser.measure,
    playing.measure,
)


def main() -> None:
    wanted = set(sys.argv[1:])
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="revenge-bench-") as folder,
        House.open(Path(folder)) as house,
    ):
        for measure in MEASUREMENTS:
            name = measure.__module__.rpartition(".")[2]
            if wanted and name not in wanted:
                continue
            console.print(f"measuring {name} ...")
            figures += measure(house)
    figure.show(figures, console)
    figure.write(figures, Path("bench.json"))
    console.print("The same is in bench.json.")


main()
