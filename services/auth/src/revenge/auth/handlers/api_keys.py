"""API keys: secrets that programs use in place of a person's password."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from revenge.auth import rules
from revenge.auth.app import digest
from revenge.auth.store import api_keys, users
from revenge.contracts import Denied, Invalid, Nothing, auth
from revenge.kit import Reading, Router, Tx, caller, demand

reads: Router[Reading] = Router()
writes: Router[Tx] = Router()

SHOWN = 8  # characters by which an owner tells their keys apart
ONCE = "Keep this key now: it is not shown again."


@reads.rpc(auth.list_api_keys)
async def list_api_keys(_: auth.ListApiKeys, rows: Reading) -> auth.ApiKeyList:
    found = await api_keys.list_keys(rows, caller().user_id)
    return auth.ApiKeyList(keys=tuple(found), total=len(found))


@reads.rpc(auth.get_api_key)
async def get_api_key(message: auth.GetApiKey, rows: Reading) -> auth.ApiKey:
    found = await api_keys.find_key(rows, caller().user_id, message.key_id)
    if found is None:
        raise auth.ApiKeyNotFound
    return found


@writes.rpc(auth.create_api_key)
async def create_api_key(message: auth.CreateApiKey, tx: Tx) -> auth.ApiKeyCreated:
    _refuse_more_than_held(message)
    owner = caller().user_id
    if not await users.hold(tx, owner):
        raise Denied("this user is gone")
    if await api_keys.count_active_keys(tx, owner) >= rules.KEYS_ALLOWED:
        raise auth.TooManyApiKeys
    key = f"rv_{secrets.token_hex(32)}"
    id = await api_keys.add_key(
        tx,
        api_keys.NewKey(
            user_id=owner,
            name=message.name,
            digest=digest(key),
            key_prefix=key[:SHOWN],
            scopes=message.scopes,
            description=message.description,
            expires_at=_expiry(message.expires_at),
        ),
    )
    return auth.ApiKeyCreated(
        id, message.name, key[:SHOWN], message.scopes, datetime.now(UTC), key, ONCE
    )


@writes.rpc(auth.delete_api_key)
async def delete_api_key(message: auth.DeleteApiKey, tx: Tx) -> Nothing:
    owner = caller().user_id
    if not await api_keys.delete_key(tx, owner, message.key_id):
        raise auth.ApiKeyNotFound
    await tx.emit(auth.api_key_revoked, auth.ApiKeyRevoked(message.key_id, owner))
    return Nothing()


@writes.rpc(auth.identify_key)
async def identify_key(message: auth.IdentifyKey, tx: Tx) -> auth.Identity:
    """A digest is looked up, not a key: how long that takes tells nothing about any key."""
    owner = await api_keys.find_owner(tx, digest(message.api_key))
    if owner is None:
        raise auth.TokenInvalid
    if _use_is_news(owner.last_used_at):
        await api_keys.note_use(tx, owner.id, every=rules.KEY_USE_NOTED)
    return auth.Identity(
        user_id=owner.user_id,
        username=owner.username,
        role=owner.role,
        permissions=tuple(sorted(rules.permissions_of(owner.role, owner.scopes))),
        locale=owner.locale,
        api_key_id=owner.id,
    )


def _refuse_more_than_held(message: auth.CreateApiKey) -> None:
    """Raises `Denied` where a key would make another one, unless it may do all its owner may."""
    asking = demand("apikeys:create")
    wanted = rules.permissions_of(auth.Role(asking.role), message.scopes)
    if rules.goes_beyond(wanted, asking.permissions):
        raise Denied("nobody can make a key that may do more than they may")


def _expiry(wanted: datetime | None) -> datetime | None:
    """Aware, in UTC. Raises `Invalid` for a moment that has passed."""
    if wanted is None:
        return None
    moment = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    if moment <= datetime.now(UTC):
        raise Invalid("expires_at has passed already")
    return moment


def _use_is_news(last_used_at: datetime | None) -> bool:
    return last_used_at is None or last_used_at < datetime.now(UTC) - rules.KEY_USE_NOTED
