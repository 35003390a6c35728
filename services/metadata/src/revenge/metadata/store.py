"""Every SQL statement of the metadata service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.contracts.metadata import Description, TitleKind
from revenge.kit import Reading, Tx
from revenge.metadata.images.ids import Picture
from revenge.metadata.rules import Fact, Fields


class Title(Struct, frozen=True):
    id: UUID
    kind: TitleKind
    revision: int
    description: Description


class FactOf(Struct, frozen=True):
    title_id: UUID
    source: str
    rank: int
    fields: Fields

    @property
    def fact(self) -> Fact:
        return Fact(self.source, self.rank, self.fields)


class Described(Struct, frozen=True):
    id: UUID
    revision: int


async def lock_titles(tx: Tx, kinds: dict[UUID, TitleKind]) -> list[Title]:
    """These titles, held until the transaction ends; new ones are made. In order of id."""
    await tx.run(
        """
        insert into title (id, kind)
        select *
        from unnest(%(ids)s::uuid[], %(kinds)s::text[]) as given (id, kind)
        order by id
        on conflict (id) do nothing
        """,
        ids=list(kinds),
        kinds=list(kinds.values()),
    )
    return await tx.all(
        Title,
        """
        select id, kind, revision, description
        from title
        where id = any(%(ids)s)
        order by id
        for update
        """,
        ids=list(kinds),
    )


async def put_facts(tx: Tx, facts: Sequence[FactOf], as_of: datetime) -> None:
    """Keep what is new: a fact that is younger than the one given stays."""
    await tx.run(
        """
        insert into fact (title_id, source, rank, fields, as_of)
        select given.title_id, given.source, given.rank, given.fields, %(as_of)s
        from unnest(%(title_ids)s::uuid[], %(sources)s::text[], %(ranks)s::int[],
                    %(fields)s::jsonb[]) as given (title_id, source, rank, fields)
        on conflict (title_id, source) do update
        set rank = excluded.rank,
            fields = excluded.fields,
            as_of = excluded.as_of
        where fact.as_of <= excluded.as_of
        """,
        title_ids=[fact.title_id for fact in facts],
        sources=[fact.source for fact in facts],
        ranks=[fact.rank for fact in facts],
        fields=[Jsonb(fact.fields) for fact in facts],
        as_of=as_of,
    )


async def drop_facts(tx: Tx, ids: Sequence[UUID], sources: Sequence[str], before: datetime) -> None:
    """Forget what these sources said of these titles before this moment."""
    await tx.run(
        """
        delete from fact
        where title_id = any(%(ids)s)
          and source = any(%(sources)s)
          and as_of < %(before)s
        """,
        ids=list(ids),
        sources=list(sources),
        before=before,
    )


async def facts_of(tx: Tx, ids: Sequence[UUID]) -> list[FactOf]:
    return await tx.all(
        FactOf,
        """
        select title_id, source, rank, fields
        from fact
        where title_id = any(%(ids)s)
        """,
        ids=list(ids),
    )


async def describe(tx: Tx, descriptions: dict[UUID, Description]) -> list[Described]:
    return await tx.all(
        Described,
        """
        update title
        set description = given.description,
            revision = title.revision + 1,
            described_at = now()
        from unnest(%(ids)s::uuid[], %(descriptions)s::jsonb[]) as given (id, description)
        where title.id = given.id
        returning title.id, title.revision
        """,
        ids=list(descriptions),
        descriptions=[Jsonb(description) for description in descriptions.values()],
    )


async def add_pictures(tx: Tx, pictures: Sequence[Picture]) -> None:
    await tx.run(
        """
        insert into image (id, path, modified_ns, size)
        select *
        from unnest(%(ids)s::text[], %(paths)s::text[], %(modified)s::bigint[],
                    %(sizes)s::bigint[])
        on conflict (id) do nothing
        """,
        ids=[picture.id for picture in pictures],
        paths=[picture.path for picture in pictures],
        modified=[picture.modified_ns for picture in pictures],
        sizes=[picture.size for picture in pictures],
    )


async def find_picture(rows: Reading, id: str) -> Picture | None:
    return await rows.maybe(
        Picture,
        """
        select id, path, modified_ns, size
        from image
        where id = %(id)s
        """,
        id=id,
    )
