"""How a library is watched: shown with the library, counted, and told to its administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from prometheus_client import Gauge

from revenge.contracts import LibraryId
from revenge.contracts.library import Library, Watch
from revenge.kit import Database
from revenge.library_scanner import problems
from revenge.library_scanner.problems import Problem
from revenge.library_scanner.store import libraries
from revenge.library_scanner.watching.listening import CannotListen

WATCHED = Gauge("revenge_library_watch_state", "1 for how it is watched", ["library_id", "state"])


class Status(NamedTuple):
    """`code` is that of the warning, where there is something to warn of."""

    watch: Watch
    reason: str | None = None
    code: str | None = None


BY_EVENTS = Status(Watch.EVENTS)


def polling(kinds: Mapping[str, str], seconds: float) -> Status:
    """`kinds` are the file systems of the roots that have no events, by the root."""
    roots = ", ".join(f"{root} (on {kind})" for root, kind in sorted(kinds.items()))
    reason = f"{roots} does not tell of changes, so it is compared every {seconds:.0f} s"
    return Status(Watch.POLLING, reason, "polling")


def deaf(why: CannotListen, seconds: float) -> Status:
    reason = f"{why}, so its folders are compared every {seconds:.0f} s"
    return Status(Watch.POLLING, f"{reason}: {why.advice}" if why.advice else reason, why.code)


async def tell(db: Database, of: Library, status: Status) -> None:
    """Keep it, count it, and warn once."""
    _count(of.id, status.watch)
    async with db.begin() as tx:
        is_news = await libraries.set_watch(tx, of.id, status.watch, status.reason)
        if is_news and status.code and status.reason:
            await problems.warn(tx, of, Problem(status.code, f"{of.name}: {status.reason}"))


async def tell_away(db: Database, of: Library, problem: Problem) -> None:
    """A root is away: that is a problem of the library, which a scan may have told already."""
    _count(of.id, Watch.UNREADABLE)
    async with db.begin() as tx:
        await libraries.set_watch(tx, of.id, Watch.UNREADABLE, problem.reason)
        await problems.keep(tx, of, problem)


async def tell_off(db: Database, library_id: LibraryId) -> None:
    """Nobody watches it any more; it may have been deleted."""
    forget(library_id)
    async with db.begin() as tx:
        await libraries.set_watch(tx, library_id, Watch.OFF, None)


def forget(library_id: LibraryId) -> None:
    """It is not counted here: another replica watches it, or nobody."""
    for state in Watch:
        WATCHED.remove(str(library_id), state.value)


def _count(library_id: LibraryId, watch: Watch) -> None:
    for state in Watch:
        WATCHED.labels(str(library_id), state.value).set(state is watch)
