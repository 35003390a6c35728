"""A measured figure, its floor from the same run, and what is to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`goal` is met when `value` is at most it, or at least it where more is better."""

    what: str
    unit: str
    value: float
    floor: float
    floor_is: str
    goal: float
    more_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """Of the value to its floor."""
        return self.value / self.floor if self.floor else 0.0

    @property
    def is_reached(self) -> bool:
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal


def show(figures: Iterable[Figure], console: Console) -> None:
    table = Table(title="Revenge, measured beside its floors", title_justify="left")
    for heading in ("what", "measured", "to reach", "floor", "x floor", "floor is", ""):
        table.add_column(heading, overflow="fold")
    for figure in figures:
        sign = "≥" if figure.more_is_better else "≤"
        table.add_row(
            figure.what,
            f"{figure.value:,.4g} {figure.unit}",
            f"{sign} {figure.goal:,.4g}",
            f"{figure.floor:,.4g}",
            f"{figure.ratio:.2f}",
            figure.floor_is,
            "[green]reached[/]" if figure.is_reached else "[red]missed[/]",
        )
    console.print(table)


def write(figures: Iterable[Figure], path: Path) -> None:
    rows = [
        {**msgspec.structs.asdict(f), "ratio": f.ratio, "reached": f.is_reached} for f in figures
    ]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")
