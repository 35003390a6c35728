"""API keys, and whom they stand for."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from revenge.contracts._ids import ApiKeyId, SessionId, UserId
from revenge.contracts._kinds import Message, Nothing
from revenge.contracts._pages import Name
from revenge.contracts.auth._domain import domain
from revenge.contracts.auth.faults import ApiKeyNotFound, TokenInvalid, TooManyApiKeys
from revenge.contracts.auth.fields import Token
from revenge.contracts.auth.users import Role


class Scope(enum.StrEnum):
    """What an API key may be used for, within what its owner may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class ApiKey(Message, frozen=True):
    id: ApiKeyId
    user_id: UserId
    name: str
    key_prefix: str
    scopes: tuple[Scope, ...]
    is_active: bool
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


class ListApiKeys(Message, frozen=True):
    pass


class ApiKeyList(Message, frozen=True):
    keys: tuple[ApiKey, ...]
    total: int


class CreateApiKey(Message, frozen=True):
    name: Name
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=3)]
    description: Annotated[str, Meta(max_length=1000)] | None = None
    expires_at: datetime | None = None


class ApiKeyCreated(Message, frozen=True):
    """The only time that `api_key` is shown."""

    id: ApiKeyId
    name: str
    key_prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    api_key: str
    message: str


class GetApiKey(Message, frozen=True):
    key_id: ApiKeyId


class DeleteApiKey(Message, frozen=True):
    key_id: ApiKeyId


class IdentifyKey(Message, frozen=True):
    api_key: Token


class Identity(Message, frozen=True):
    """Who a token or key belongs to, and what it may be used for."""

    user_id: UserId
    username: str
    role: Role
    permissions: tuple[str, ...]
    locale: str
    session_id: SessionId | None = None
    api_key_id: ApiKeyId | None = None


class ApiKeyRevoked(Message, frozen=True):
    key_id: ApiKeyId
    user_id: UserId


list_api_keys = domain.rpc("list_api_keys", ListApiKeys, ApiKeyList)
create_api_key = domain.rpc("create_api_key", CreateApiKey, ApiKeyCreated, raises=(TooManyApiKeys,))
get_api_key = domain.rpc("get_api_key", GetApiKey, ApiKey, raises=(ApiKeyNotFound,))
delete_api_key = domain.rpc("delete_api_key", DeleteApiKey, Nothing, raises=(ApiKeyNotFound,))
identify_key = domain.rpc("identify_key", IdentifyKey, Identity, raises=(TokenInvalid,))
api_key_revoked = domain.event("api_key_revoked", ApiKeyRevoked)
