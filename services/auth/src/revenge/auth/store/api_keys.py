"""API keys, of which only digests are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from revenge.contracts import ApiKeyId, UserId
from revenge.contracts.auth import ApiKey, Role, Scope
from revenge.kit import Reading, Tx


class NewKey(Struct, frozen=True):
    user_id: UserId
    name: str
    digest: bytes
    key_prefix: str
    scopes: tuple[Scope, ...]
    description: str | None
    expires_at: datetime | None


class Owner(Struct, frozen=True):
    """An API key that may be used, and whose it is."""

    id: ApiKeyId
    scopes: tuple[Scope, ...]
    last_used_at: datetime | None
    user_id: UserId
    username: str
    role: Role
    locale: str


async def find_key(rows: Reading, user_id: UserId, id: ApiKeyId) -> ApiKey | None:
    return await rows.maybe(
        ApiKey,
        """
        select id, account_id as user_id, name, key_prefix, scopes,
               (expires_at is null or expires_at > now()) as is_active,
               created_at, updated_at, description, expires_at, last_used_at
        from api_key
        where id = %(id)s
          and account_id = %(user_id)s
        """,
        id=id,
        user_id=user_id,
    )


async def list_keys(rows: Reading, user_id: UserId) -> list[ApiKey]:
    return await rows.all(
        ApiKey,
        """
        select id, account_id as user_id, name, key_prefix, scopes,
               (expires_at is null or expires_at > now()) as is_active,
               created_at, updated_at, description, expires_at, last_used_at
        from api_key
        where account_id = %(user_id)s
        order by created_at, id
        """,
        user_id=user_id,
    )


async def count_active_keys(tx: Tx, user_id: UserId) -> int:
    return await tx.one(
        int,
        """
        select count(*)
        from api_key
        where account_id = %(user_id)s
          and (expires_at is null or expires_at > now())
        """,
        user_id=user_id,
    )


async def add_key(tx: Tx, new: NewKey) -> ApiKeyId:
    id = await tx.one(
        UUID,
        """
        insert into api_key (account_id, name, digest, key_prefix, scopes, description, expires_at)
        values (%(user_id)s, %(name)s, %(digest)s, %(key_prefix)s, %(scopes)s, %(description)s,
                %(expires_at)s)
        returning id
        """,
        user_id=new.user_id,
        name=new.name,
        digest=new.digest,
        key_prefix=new.key_prefix,
        scopes=[scope.value for scope in new.scopes],
        description=new.description,
        expires_at=new.expires_at,
    )
    return ApiKeyId(id)


async def delete_key(tx: Tx, user_id: UserId, id: ApiKeyId) -> bool:
    deleted = await tx.run(
        "delete from api_key where id = %(id)s and account_id = %(user_id)s",
        id=id,
        user_id=user_id,
    )
    return deleted == 1


async def delete_keys(tx: Tx, user_id: UserId) -> list[ApiKeyId]:
    ids = await tx.all(
        UUID,
        "delete from api_key where account_id = %(user_id)s returning id",
        user_id=user_id,
    )
    return [ApiKeyId(id) for id in ids]


async def find_owner(rows: Reading, digest: bytes) -> Owner | None:
    """Of a key that has not expired, and whose owner may still sign in."""
    return await rows.maybe(
        Owner,
        """
        select api_key.id, api_key.scopes, api_key.last_used_at, account.id as user_id,
               account.username, account.role, account.locale
        from api_key
        join account on account.id = api_key.account_id
        where api_key.digest = %(digest)s
          and (api_key.expires_at is null or api_key.expires_at > now())
          and account.is_active
          and account.deleted_at is null
        """,
        digest=digest,
    )


async def note_use(tx: Tx, id: ApiKeyId, *, every: timedelta) -> None:
    await tx.run(
        """
        update api_key
        set last_used_at = now()
        where id = %(id)s
          and (last_used_at is null or last_used_at < now() - %(every)s)
        """,
        id=id,
        every=every,
    )
