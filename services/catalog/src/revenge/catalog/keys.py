# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""By what titles are recognised: each key leads to one title of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from revenge.catalog.rules.descriptions import Outcome
from revenge.catalog.rules.identity import Known, id_keys
from revenge.kit import Reading, Tx


@dataclass(frozen=True)
class Keys:
    """The keys of one kind: their table, and its column with the title's id."""

    table: LiteralString
    title: LiteralString

    async def known(self, rows: Reading, keys: Sequence[str]) -> list[Known]:
        """All keys of the titles that one of these leads to."""
        return await rows.all(
            Known,
            f"""
            select key, {self.title} as title_id
            from {self.table}
            where {self.title} in (
                select {self.title}
                from {self.table}
                where key = any(%(keys)s::text[])
            )
            """,
            keys=list(keys),
        )

    async def learn(self, tx: Tx, outcomes: Sequence[Outcome]) -> None:
        """Ids that were found out lead to their titles from now on."""
        keys = [(key, each.id) for each in outcomes for key in id_keys(each.description.ids)]
        if keys:
            await self.add(tx, keys)

    async def add(self, tx: Tx, keys: Sequence[tuple[str, UUID]]) -> None:
        """Each a key and its title. One that leads to another title goes on leading there."""
        await tx.run(
            f"""
            insert into {self.table} (key, {self.title})
            select key, title_id
            from unnest(%(keys)s::text[], %(titles)s::uuid[]) as claimed (key, title_id)
            order by key
            on conflict (key) do nothing
            """,
            keys=[key for key, _ in keys],
            titles=[title for _, title in keys],
        )
