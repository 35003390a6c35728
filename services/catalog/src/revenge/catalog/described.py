# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Titles whose columns are made of what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, LiteralString, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.rules import descriptions
from revenge.catalog.rules.descriptions import Held, Outcome
from revenge.contracts.metadata import TitleDescribed
from revenge.kit import Tx


class Titled(Protocol):
    @property
    def id(self) -> UUID: ...


C = TypeVar("C", bound=Titled)


@dataclass(frozen=True)
class Taken(Generic[C]):
    """Titles that were described anew: as they were, what is to be shown, and what changed."""

    held: Sequence[Held]
    outcomes: Sequence[Outcome]
    changes: Sequence[C]

    @property
    def news(self) -> list[C]:
        """Those that are shown otherwise than before."""
        news = {each.id for each in self.outcomes if each.is_news}
        return [change for change in self.changes if change.id in news]


@dataclass(frozen=True)
class Described(Generic[C]):
    """The titles of one kind, whose columns are made of descriptions and of what is in them.

    The view `<table>_place` has the libraries that each is in, and what else is counted there.
    """

    change: type[C]
    table: LiteralString
    columns: LiteralString  # made of the description
    told: LiteralString  # when a title changes, beside its libraries
    placed: LiteralString = "library_ids"  # taken from the view
    counts: LiteralString = ""  # the table of how many are in the same libraries, if that is kept

    @property
    def before_and_after(self) -> LiteralString:
        return f"{self.told}, old.library_ids as libraries_before, new.library_ids as library_ids"

    async def take_over(
        self, tx: Tx, told: Sequence[TitleDescribed], fields: Callable[[Outcome], Struct]
    ) -> Taken[C]:
        """The newest description of each title counts."""
        held = await self.hold(tx, [each.id for each in told])
        outcomes = descriptions.outcomes(held, told)
        changes = await self.describe(tx, [*map(fields, outcomes)]) if outcomes else []
        return Taken(held, outcomes, changes)

    async def hold(self, tx: Tx, ids: Sequence[UUID]) -> list[Held]:
        """These titles as they are, until this transaction ends."""
        return await tx.all(
            Held,
            f"""
            select id, description, description_revision, locked
            from {self.table}
            where id = any(%(ids)s::uuid[])
            order by id
            for no key update
            """,
            ids=list(ids),
        )

    async def add(self, tx: Tx, titles: Sequence[Struct]) -> None:
        """They are in no library until they are placed."""
        await tx.run(
            f"""
            insert into {self.table} (id, {self.columns})
            select id, {self.columns}
            from jsonb_populate_recordset(null::{self.table}, %(titles)s)
            """,
            titles=Jsonb(titles),
        )

    async def describe(self, tx: Tx, titles: Sequence[Struct]) -> list[C]:
        """The titles before and after, of which the libraries stay the same."""
        return await tx.all(
            self.change,
            f"""
            update {self.table}
            set ({self.columns}, metadata_updated_at, updated_at) = (
                select {self.columns}, now(), now()
                from (select known.*) as made
            )
            from jsonb_populate_recordset(null::{self.table}, %(titles)s) as known
            where {self.table}.id = known.id
            returning {self.before_and_after}
            """,
            titles=Jsonb(titles),
        )

    async def place(self, tx: Tx, ids: Collection[UUID]) -> list[C]:
        """Put the titles into the libraries that what is in them is in."""
        return await tx.all(
            self.change,
            f"""
            with held as (
                select id, library_ids = '{{}}' as was_nowhere
                from {self.table}
                where id = any(%(ids)s::uuid[])
                order by id
                for no key update
            ), placed as (
                update {self.table}
                set ({self.placed}, library_added_at, updated_at) = (
                    select {self.placed},
                        case when was_nowhere then now() else library_added_at end, now()
                    from {self.table}_place as place
                    where place.id = held.id
                )
                from held
                where {self.table}.id = held.id
                returning {self.before_and_after}
            )
            {self._counted}
            select * from placed
            """,
            ids=list(ids),
        )

    @property
    def _counted(self) -> LiteralString:
        if not self.counts:
            return ""
        return f"""
            , counted as (
                insert into {self.counts} as known (library_ids, titles)
                select library_ids, sum(more)
                from (
                    select libraries_before as library_ids, -1 as more from placed
                    union all
                    select library_ids, 1 from placed
                ) as moved
                where library_ids <> '{{}}'
                group by library_ids
                having sum(more) <> 0
                order by library_ids
                on conflict (library_ids) do update
                set titles = known.titles + excluded.titles
            )
            """
