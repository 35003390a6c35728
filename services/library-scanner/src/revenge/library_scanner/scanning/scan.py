"""The scan of a library: walk and compare, find what moved, read what is new, tell it.

Everything happens at once: while the walk goes on, what it has found is read, and what was read
is stored and told, in small transactions. A folder is only called known when all its files are
stored: a scan that is killed goes on where it was, at the cost of walking again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from prometheus_client import Histogram

from revenge.contracts import library
from revenge.contracts.paths import to_text
from revenge.kit import Database
from revenge.library_scanner import rules
from revenge.library_scanner.probe.prober import Prober
from revenge.library_scanner.scanning.comparing import SETTLED_NS
from revenge.library_scanner.scanning.looking import Look, Lost
from revenge.library_scanner.scanning.progress import Progress
from revenge.library_scanner.scanning.reading import Reader, reading
from revenge.library_scanner.scanning.surveying import Survey, has_entries, survey_unit
from revenge.library_scanner.scanning.telling import Teller
from revenge.library_scanner.scanning.threads import Silent, in_thread
from revenge.library_scanner.scanning.units import Unit
from revenge.library_scanner.store import folders

DURATION = Histogram(
    "revenge_library_scan_duration_seconds",
    "Scans of whole libraries",
    ["library_id"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600),
)


class RootsLost(Exception):
    """Roots, or disks below one, are gone or empty, and what was known in them is kept."""


Place = tuple[str, str]  # a root, and the name of what lies right below it; empty: its own files


@dataclass(frozen=True)
class Scanner:
    db: Database
    prober: Prober

    async def scan(
        self, of: library.Library, progress: Progress, kind: library.ScanType
    ) -> list[Lost]:
        """All of a library, but for the folders that are returned. Raises `ScanCancelled`."""
        if of.type not in rules.SCANNED:
            return []
        async with self.db.read() as rows:
            signed = await folders.signatures(rows, of.id)
        look = await Look.begin(self.db, of, progress, kind)
        teller = Teller(of, progress)
        survey = Survey(of.paths, signed, look.again)
        progress.expect(lambda: survey.total)
        async with reading(self.prober, teller) as reader:
            await self._survey(look, survey, reader)
            await self._look_again(look, reader)
        await look.let_go(signed, teller)
        return look.lost

    async def scan_unit(self, of: library.Library, root: str, name: str) -> None:
        """Only what lies in the folder `name` right below a root. Raises `RootsLost`."""
        await self.scan_units(of, [(root, name)])

    async def scan_units(self, of: library.Library, places: Iterable[Place]) -> None:
        """Only what lies in these places: what moved from one to another is known again.

        Raises `RootsLost` when all that lies in other roots is done.
        """
        wanted = sorted(set(places))
        lost = await asyncio.to_thread(_bare, {root for root, _ in wanted})
        progress = Progress(self.db, of, None)
        look = await Look.begin(self.db, of, progress, library.ScanType.INCREMENTAL)
        teller = Teller(of, progress)
        known: set[str] = set()
        async with reading(self.prober, teller) as reader:
            for root, name in wanted:
                if root not in lost:
                    known |= await self._known(of, root, name)
                    known -= await self._take_unit(look, root, name, reader)
        await look.let_go(known, teller)
        reasons = [f"{root}: gone or empty; what was known in it is kept" for root in sorted(lost)]
        reasons += [item.problem.reason for item in look.lost]
        if reasons:
            raise RootsLost("; ".join(reasons))

    async def _survey(self, look: Look, survey: Survey, reader: Reader) -> None:
        while not survey.is_over:
            try:
                async with in_thread(survey.run) as bunches:
                    async for bunch in bunches:
                        await look.take(bunch, reader)
            except Silent as error:
                look.lose_root(survey.root, error)

    async def _look_again(self, look: Look, reader: Reader) -> None:
        """Once, at what was written to a moment ago: by now it has mostly come to an end."""
        if look.unsettled:
            await asyncio.sleep(1.1 * SETTLED_NS / 1e9)
        for root, name in sorted(look.unsettled):
            try:
                await self._take_unit(look, root, name, reader)
            except Silent as error:
                look.lose_root(root, error)

    async def _take_unit(self, look: Look, root: str, name: str, reader: Reader) -> set[str]:
        """Returns the paths of the folders that are there. Raises `Silent`."""
        walked: set[str] = set()
        async with in_thread(partial(survey_unit, root, name)) as bunches:
            async for bunch in bunches:
                for found in bunch:
                    walked.update(found.signatures if isinstance(found, Unit) else ())
                await look.take(bunch, reader, at_last=True)
        return walked

    async def _known(self, of: library.Library, root: str, name: str) -> set[str]:
        """The folders of a unit, as far as they were known."""
        if not name:
            return set()
        async with self.db.read() as rows:
            return set(await folders.below(rows, of.id, f"{root}/{to_text(name)}"))


def _bare(roots: Iterable[str]) -> set[str]:
    return {root for root in roots if not has_entries(root)}
