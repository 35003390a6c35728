"""Every SQL statement of the search indexer."""

from __future__ import annotations

from collections.abc import Sequence

from revenge.kit import Reading, Tx


async def take_turn(rows: Reading, alias: str) -> bool:
    """True if this connection may now write to the collection, until `end_turn`."""
    return await rows.one(
        bool,
        "select pg_try_advisory_lock(hashtext('search'), hashtext(%(alias)s))",
        alias=alias,
    )


async def end_turn(rows: Reading, alias: str) -> None:
    await rows.one(
        bool,
        "select pg_advisory_unlock(hashtext('search'), hashtext(%(alias)s))",
        alias=alias,
    )


async def whole(rows: Reading, names: Sequence[str]) -> list[str]:
    """Those of the collections that were filled to the end."""
    return await rows.all(
        str,
        """
        select name
        from build
        where name = any(%(names)s)
        """,
        names=list(names),
    )


async def add_build(tx: Tx, name: str, alias: str, documents: int) -> None:
    """Remember that this collection is whole, and forget those that it replaces."""
    await tx.run("delete from build where alias = %(alias)s", alias=alias)
    await tx.run(
        """
        insert into build (name, alias, documents)
        values (%(name)s, %(alias)s, %(documents)s)
        """,
        name=name,
        alias=alias,
        documents=documents,
    )
