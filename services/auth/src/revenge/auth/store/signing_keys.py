"""The keys that access tokens are signed with; their private halves are sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct
from psycopg.types.json import Jsonb

from revenge.kit import Reading, Tx


class Sealed(Struct, frozen=True):
    kid: str
    private: bytes


class Public(Struct, frozen=True):
    """The public half, as a JSON Web Key."""

    kid: str
    public: dict[str, Any]


async def find_young(tx: Tx, *, younger_than: timedelta) -> Sealed | None:
    """The newest key, unless it is too old to sign with."""
    return await tx.maybe(
        Sealed,
        """
        select kid, private
        from signing_key
        where created_at > now() - %(younger_than)s
        order by created_at desc, kid
        limit 1
        """,
        younger_than=younger_than,
    )


async def add(tx: Tx, public: Public, private: bytes) -> None:
    await tx.run(
        """
        insert into signing_key (kid, public, private)
        values (%(kid)s, %(public)s, %(private)s)
        """,
        kid=public.kid,
        public=Jsonb(public.public),
        private=private,
    )


async def forget_old(tx: Tx, *, after: timedelta) -> int:
    return await tx.run("delete from signing_key where created_at < now() - %(after)s", after=after)


async def list_public(rows: Reading) -> list[Public]:
    return await rows.all(
        Public, "select kid, public from signing_key order by created_at desc, kid"
    )
