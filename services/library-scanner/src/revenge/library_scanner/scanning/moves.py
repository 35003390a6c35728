"""Files that are the same under another path: a new one that is one that went."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from revenge.contracts import FileId, ScanId
from revenge.contracts.library import Library
from revenge.contracts.paths import to_os, to_text
from revenge.kit import Database
from revenge.library_scanner.probe.fingerprint import fingerprint
from revenge.library_scanner.scanning.comparing import Candidate
from revenge.library_scanner.scanning.surveying import has_entries
from revenge.library_scanner.store import files
from revenge.library_scanner.store.files import Known


@dataclass
class Moves:
    """Of one scan. In which order the new and the old place are looked at does not matter."""

    db: Database
    of: Library
    scan_id: ScanId | None  # what this scan has read itself is where it is
    mounts: Collection[str] = ()  # below the roots
    claimed: set[FileId] = field(default_factory=set[FileId])
    _reachable: dict[str, bool] = field(default_factory=dict[str, bool])

    def away(self, root: str) -> None:
        """It does not answer, whatever it is asked."""
        self._reachable[root] = False

    async def match(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The same candidates; those that moved have the row of the file that they are.

        By size and content: only files of a size that is known are read.
        """
        sizes = {candidate.file.size for candidate in candidates if candidate.known is None}
        if not sizes:
            return list(candidates)
        async with self.db.read() as rows:
            known = await files.of_sizes(rows, self.of.id, sizes, besides=self.scan_id)
        if not known:
            return list(candidates)
        return await asyncio.to_thread(self._match, candidates, known)

    def _match(self, candidates: Iterable[Candidate], known: Sequence[Known]) -> list[Candidate]:
        by_content: defaultdict[str, list[Known]] = defaultdict(list)
        for row in reversed(known):  # those that have gone longest come first, and are taken last
            by_content[row.fingerprint].append(row)
        sizes = {row.size for row in known}
        return [
            self._moved(candidate, by_content)
            if candidate.known is None and candidate.file.size in sizes
            else candidate
            for candidate in candidates
        ]

    def _moved(self, candidate: Candidate, by_content: dict[str, list[Known]]) -> Candidate:
        try:
            possible = by_content.get(fingerprint(candidate.path))
        except OSError:
            return candidate
        same = self._take(possible, to_text(candidate.file.name)) if possible else None
        if same is None:
            return candidate
        self.claimed.add(same.id)
        return candidate._replace(known=same, needs_probe=not same.is_readable)

    def _take(self, possible: list[Known], name: str) -> Known | None:
        """Of several copies, rather that of the same name; what is not free is dropped."""
        for row in [row for row in possible if row.name == name]:
            if self._is_free(row):
                possible.remove(row)
                return row
        while possible:
            row = possible.pop()
            if self._is_free(row):
                return row
        return None

    def _is_free(self, row: Known) -> bool:
        """Whether it is where it was no more; of a disk that is away, nothing is known."""
        if row.id in self.claimed:
            return False
        return row.has_gone or (self._is_reachable(row) and not _exists(row))

    def _is_reachable(self, row: Known) -> bool:
        tops = (*self.of.paths, *self.mounts)
        around = (top for top in tops if f"{row.folder}/".startswith(f"{top}/"))
        return all(self._has_entries(top) for top in around)

    def _has_entries(self, top: str) -> bool:
        if top not in self._reachable:
            self._reachable[top] = has_entries(top)
        return self._reachable[top]


def _exists(row: Known) -> bool:
    """True also where it cannot be told."""
    try:
        os.stat(to_os(f"{row.folder}/{row.name}"))  # noqa: PTH116 the path may be odd bytes
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
