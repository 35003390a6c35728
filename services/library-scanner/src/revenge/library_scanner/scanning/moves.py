"""Files that are the same under another path: a candidate that is one that went."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from revenge.contracts import FileId
from revenge.library_scanner.probe.fingerprint import fingerprint
from revenge.library_scanner.scanning.comparing import Candidate
from revenge.library_scanner.store.files import Known


class Matched(NamedTuple):
    candidates: list[Candidate]  # those that moved have the row of the file they are
    moved: list[Candidate]
    gone: list[Known]  # those that did not reappear


async def match(candidates: Sequence[Candidate], gone: Sequence[Known]) -> Matched:
    """By size and content: only files of a size that went away are read."""
    by_size: defaultdict[int, list[Known]] = defaultdict(list)
    for row in gone:
        if row.fingerprint:
            by_size[row.size].append(row)
    left = {row.id: row for row in gone}
    result = Matched([], [], [])
    for candidate in candidates:
        same = await _same(candidate, by_size.get(candidate.file.size, []), left)
        if same is None:
            result.candidates.append(candidate)
            continue
        del left[same.id]
        moved = candidate._replace(known=same, needs_probe=not same.is_readable)
        result.candidates.append(moved)
        result.moved.append(moved)
    result.gone.extend(left.values())
    return result


async def _same(
    candidate: Candidate, of_this_size: Sequence[Known], left: dict[FileId, Known]
) -> Known | None:
    possible = [row for row in of_this_size if row.id in left]
    if candidate.known is not None or not possible:
        return None
    with suppress(OSError):
        mark = await asyncio.to_thread(fingerprint, candidate.path)
        return next((row for row in possible if row.fingerprint == mark), None)
    return None
