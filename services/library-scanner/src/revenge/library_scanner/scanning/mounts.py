"""Disks that are mounted below a root: one that is away takes nothing with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from revenge.contracts import LibraryId
from revenge.contracts.library import ScanType
from revenge.contracts.paths import to_text
from revenge.kit import Reading
from revenge.library_scanner.scanning.units import Unit
from revenge.library_scanner.store import folders
from revenge.library_scanner.walk import FileKind, Folder


@dataclass(frozen=True)
class Mounts:
    """The folders that were the top of a file system when they were last looked at."""

    known: Collection[str]

    @classmethod
    async def of(cls, rows: Reading, library_id: LibraryId, kind: ScanType) -> Mounts:
        """A full scan takes the folders as they are: so a disk that stays away is let go."""
        known = () if kind is ScanType.FULL else await folders.mounts(rows, library_id)
        return cls(frozenset(known))

    def emptied(self, unit: Unit) -> Iterator[str]:
        """Those of a unit that are empty folders of the disk around them now."""
        if not self.known:
            return
        for folder in unit.folders:
            path = to_text(folder.path)
            if path in self.known and not folder.is_mount and _is_bare(folder):
                yield path

    def gone(self, folders: Iterable[str]) -> list[str]:
        """Those among these folders, which are there no more; the outer before the inner."""
        return sorted(path for path in folders if path in self.known)


def _is_bare(folder: Folder) -> bool:
    return not folder.folders and all(file.kind is not FileKind.VIDEO for file in folder.files)
