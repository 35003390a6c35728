"""Sessions and their refresh tokens, of which only digests are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from revenge.contracts import SessionId, UserId
from revenge.kit import Reading, Tx


class Presented(Struct, frozen=True):
    """A refresh token and its session. Generations up to `used_generation` are used up."""

    session_id: SessionId
    user_id: UserId
    generation: int
    used_generation: int
    used_at: datetime
    expires_at: datetime


class Ended(Struct, frozen=True):
    session_id: SessionId
    user_id: UserId


class Device(Struct, frozen=True):
    name: str | None
    user_agent: str | None
    ip_address: str | None


async def add_session(tx: Tx, user_id: UserId, device: Device, lasts: timedelta) -> SessionId:
    id = await tx.one(
        UUID,
        """
        insert into session (account_id, device_name, user_agent, ip_address, expires_at)
        values (%(user_id)s, %(device_name)s, %(user_agent)s, %(ip_address)s, now() + %(lasts)s)
        returning id
        """,
        user_id=user_id,
        device_name=device.name,
        user_agent=device.user_agent,
        ip_address=device.ip_address,
        lasts=lasts,
    )
    return SessionId(id)


async def add_refresh_token(tx: Tx, session_id: SessionId, digest: bytes, generation: int) -> None:
    await tx.run(
        """
        insert into refresh_token (digest, session_id, generation)
        values (%(digest)s, %(session_id)s, %(generation)s)
        """,
        digest=digest,
        session_id=session_id,
        generation=generation,
    )


async def find_presented(tx: Tx, digest: bytes) -> Presented | None:
    """Locks the session until the transaction ends: its tokens are used one after the other."""
    return await tx.maybe(
        Presented,
        """
        select session.id as session_id, session.account_id as user_id, refresh_token.generation,
               session.used_generation, session.used_at, session.expires_at
        from refresh_token
        join session on session.id = refresh_token.session_id
        where refresh_token.digest = %(digest)s
        for update of session
        """,
        digest=digest,
    )


async def use_generation(tx: Tx, session_id: SessionId, generation: int, lasts: timedelta) -> None:
    await tx.run(
        """
        update session
        set used_generation = %(generation)s,
            used_at = now(),
            expires_at = now() + %(lasts)s
        where id = %(session_id)s
        """,
        session_id=session_id,
        generation=generation,
        lasts=lasts,
    )


async def end_session(tx: Tx, session_id: SessionId) -> list[Ended]:
    return await tx.all(
        Ended,
        """
        delete from session
        where id = %(session_id)s
        returning id as session_id, account_id as user_id
        """,
        session_id=session_id,
    )


async def end_session_of(tx: Tx, digest: bytes) -> list[Ended]:
    """End the session that a refresh token belongs to, if there is one."""
    return await tx.all(
        Ended,
        """
        delete from session
        using refresh_token
        where refresh_token.session_id = session.id
          and refresh_token.digest = %(digest)s
        returning session.id as session_id, session.account_id as user_id
        """,
        digest=digest,
    )


async def end_sessions(tx: Tx, user_id: UserId, *, but: SessionId | None = None) -> list[Ended]:
    return await tx.all(
        Ended,
        """
        delete from session
        where account_id = %(user_id)s
          and id is distinct from %(but)s::uuid
        returning id as session_id, account_id as user_id
        """,
        user_id=user_id,
        but=but,
    )


async def end_oldest_sessions(tx: Tx, user_id: UserId, *, keep: int) -> list[Ended]:
    """Those that were not used for the longest time, beyond `keep`."""
    return await tx.all(
        Ended,
        """
        delete from session
        where id in (
            select id
            from session
            where account_id = %(user_id)s
            order by used_at desc, id desc
            offset %(keep)s
        )
        returning id as session_id, account_id as user_id
        """,
        user_id=user_id,
        keep=keep,
    )


async def end_expired_sessions(tx: Tx) -> list[Ended]:
    return await tx.all(
        Ended,
        """
        delete from session
        where expires_at < now()
        returning id as session_id, account_id as user_id
        """,
    )


async def forget_used_tokens(tx: Tx, *, after: timedelta) -> int:
    return await tx.run(
        """
        delete from refresh_token
        using session
        where session.id = refresh_token.session_id
          and refresh_token.generation < session.used_generation
          and refresh_token.issued_at < now() - %(after)s
        """,
        after=after,
    )


async def count_sessions(rows: Reading, user_id: UserId) -> int:
    return await rows.one(
        int, "select count(*) from session where account_id = %(user_id)s", user_id=user_id
    )
