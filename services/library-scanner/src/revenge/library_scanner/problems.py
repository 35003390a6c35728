"""What is wrong with a library: kept where it is shown, and told once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from revenge.contracts import library
from revenge.contracts.library import Library, LibraryWarning
from revenge.kit import Tx
from revenge.library_scanner.store import libraries


class Problem(NamedTuple):
    """`code` is that of the warning."""

    code: str
    reason: str


def together(found: Sequence[Problem]) -> Problem | None:
    """As one, with the code of the first."""
    if not found:
        return None
    return Problem(found[0].code, "; ".join(problem.reason for problem in found))


async def keep(tx: Tx, of: Library, problem: Problem | None) -> None:
    """None when nothing is wrong any more."""
    is_news = await libraries.set_problem(tx, of.id, problem.reason if problem else None)
    if is_news and problem is not None:
        await warn(tx, of, problem)


async def warn(tx: Tx, of: Library, problem: Problem) -> None:
    warning = LibraryWarning(of.id, of.name, problem.code, problem.reason)
    await tx.emit(library.library_warned, warning)
