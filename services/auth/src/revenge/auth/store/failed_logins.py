"""Failed sign-ins, by a digest of the name that was given."""

from __future__ import annotations

from datetime import timedelta

from revenge.kit import Reading, Tx


async def count(rows: Reading, name: bytes, *, within: timedelta) -> int:
    return await rows.one(
        int,
        """
        select count(*)
        from failed_login
        where name = %(name)s
          and failed_at > now() - %(within)s
        """,
        name=name,
        within=within,
    )


async def add(tx: Tx, name: bytes) -> None:
    await tx.run("insert into failed_login (name) values (%(name)s)", name=name)


async def forget(tx: Tx, name: bytes) -> None:
    await tx.run("delete from failed_login where name = %(name)s", name=name)


async def forget_old(tx: Tx, *, after: timedelta) -> int:
    return await tx.run("delete from failed_login where failed_at < now() - %(after)s", after=after)
