"""Asks for titles to be described, from what their files say."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.contracts.metadata import DescribeTitles, LocalFacts, describe_titles
from revenge.kit import Tx

AT_ONCE = 100  # titles that one job describes


async def describe(tx: Tx, titles: Sequence[LocalFacts]) -> None:
    for first in range(0, len(titles), AT_ONCE):
        await tx.enqueue(describe_titles, DescribeTitles(tuple(titles[first : first + AT_ONCE])))
