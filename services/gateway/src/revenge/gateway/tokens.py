"""Access tokens: signed by the auth service, verified here with its public keys (RFC 7519)."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from revenge.contracts import auth
from revenge.kit import Bus, acting_as

ISSUER = "revenge"
AUDIENCE = "revenge"
ALGORITHMS = ("Ed25519", "EdDSA")
LEEWAY = 10  # seconds that the clocks of two machines may differ
PATIENCE = 5.0  # seconds between two questions for keys: anybody can invent a key's id


class Claims(msgspec.Struct, frozen=True):
    sub: UUID
    sid: UUID
    name: str
    role: auth.Role
    permissions: tuple[str, ...]
    exp: int  # Unix seconds
    locale: str = "en"


class Tokens:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._keys: KeySet | None = None
        self._known: frozenset[str] = frozenset()
        self._asked_at = -PATIENCE
        self._asking = asyncio.Lock()
        self._rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> Claims:
        """What a token says. Raises `TokenInvalid` if it is not one of ours, or over."""
        keys = await self._keys_for(_key_id(token))
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            self._rules.validate(decoded.claims)
            return msgspec.convert(decoded.claims, Claims)
        except (JoseError, ValueError, TypeError) as error:
            raise auth.TokenInvalid from error

    async def _keys_for(self, key_id: str) -> KeySet:
        if self._keys is not None and key_id in self._known:
            return self._keys
        async with self._asking:
            may_ask = time.monotonic() - self._asked_at >= PATIENCE
            if self._keys is None or (key_id not in self._known and may_ask):
                await self._fetch()
        if self._keys is None or key_id not in self._known:
            raise auth.TokenInvalid
        return self._keys

    async def _fetch(self) -> None:
        with acting_as(None):
            reply = await self._bus.call(auth.get_keys, auth.GetKeys())
        self._asked_at = time.monotonic()
        keys = KeySet.import_key_set(msgspec.json.decode(reply.jwks))
        self._keys = keys
        self._known = frozenset(key.kid for key in keys.keys if key.kid)


def _key_id(token: str) -> str:
    """The id of the key that a token claims to be signed with."""
    try:
        key_id = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise auth.TokenInvalid from error
    if not isinstance(key_id, str):
        raise auth.TokenInvalid
    return key_id
