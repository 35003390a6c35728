# ruff: noqa: S608 - the statements are put together of literals, which the type checker makes sure of
"""Titles whose columns are made of what is known of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, LiteralString, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.catalog.rules.descriptions import Held
from revenge.kit import Tx

C = TypeVar("C", bound=Struct)


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

    @property
    def before_and_after(self) -> LiteralString:
        return f"{self.told}, old.library_ids as libraries_before, new.library_ids as library_ids"

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
            )
            update {self.table}
            set ({self.placed}, library_added_at, updated_at) = (
                select {self.placed}, case when was_nowhere then now() else library_added_at end,
                    now()
                from {self.table}_place as place
                where place.id = held.id
            )
            from held
            where {self.table}.id = held.id
            returning {self.before_and_after}
            """,
            ids=list(ids),
        )
