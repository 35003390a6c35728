"""What is in the videos themselves, where that is asked for."""

from __future__ import annotations

import asyncio
import os

from revenge.library_scanner.preview.looking import Preview, Title
from revenge.library_scanner.preview.remains import Remark
from revenge.library_scanner.probe.prober import ProbeFailed, Prober


def probe(root: str, found: Preview) -> Preview:
    """The same, with what is in its titles; those that cannot be played are unreadable."""
    read = asyncio.run(_probe_all(root, found.titles))
    titles = tuple(item for item in read if isinstance(item, Title))
    remarks = [item for item in read if isinstance(item, Remark)]
    return found._replace(titles=titles, unreadable=tuple(sorted([*found.unreadable, *remarks])))


async def _probe_all(root: str, titles: tuple[Title, ...]) -> list[Title | Remark]:
    async with Prober(os.cpu_count() or 1) as prober:
        return await asyncio.gather(*(_probe(prober, root, title) for title in titles))


async def _probe(prober: Prober, root: str, title: Title) -> Title | Remark:
    try:
        return title._replace(media=await prober.probe(f"{root}/{title.path}"))
    except ProbeFailed as error:
        return Remark(title.path, error.reason)
