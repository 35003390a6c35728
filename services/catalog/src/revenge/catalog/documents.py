# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Titles as the search index holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, LiteralString, TypeVar
from uuid import UUID

from revenge.contracts import Message
from revenge.kit import Reading

D = TypeVar("D", bound=Message)


@dataclass(frozen=True)
class Documents(Generic[D]):
    """The documents of one kind, and the view that has them."""

    document: type[D]
    view: LiteralString

    async def get(
        self, rows: Reading, ids: Sequence[UUID], after: UUID | None, limit: int
    ) -> list[D]:
        """Those of these titles, or of all; whoever may see them: the index filters by library."""
        return await rows.all(
            self.document,
            f"""
            select *
            from {self.view}
            where (cardinality(%(ids)s::uuid[]) = 0 or id = any(%(ids)s::uuid[]))
            and (%(after)s::uuid is null or id > %(after)s::uuid)
            order by id
            limit %(limit)s
            """,
            ids=list(ids),
            after=after,
            limit=limit,
        )
