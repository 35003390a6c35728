"""Access tokens (JWT, RFC 7519), and the Ed25519 keys that sign them.

A new key is made every 30 days. The old ones stay published until the last token that they
signed has expired, so that nobody is signed out by a rotation.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import OKPKey
from loguru import logger

from revenge.auth import rules
from revenge.auth.store import locks, signing_keys
from revenge.contracts import SessionId
from revenge.contracts.auth import User
from revenge.kit import Database, Reading
from revenge.kit.sealing import Unreadable, Vault

ALGORITHM = "Ed25519"  # RFC 9864; older libraries say EdDSA
ISSUER = AUDIENCE = "revenge"
REREAD = 3600.0  # seconds after which a replica looks whether another one has made a new key
SLACK = timedelta(seconds=REREAD) + timedelta(hours=1)  # and until then it signs with the old one


class Keyring:
    """The key that signs now, the same one in every replica."""

    def __init__(self, db: Database, vault: Vault, token_lifetime: timedelta) -> None:
        self._db = db
        self._vault = vault
        self._kept = rules.ROTATED_AFTER + token_lifetime + SLACK
        self._reading = asyncio.Lock()
        self._key: OKPKey | None = None
        self._read_at = 0.0

    async def current(self) -> OKPKey:
        async with self._reading:
            if self._key is None or time.monotonic() - self._read_at > REREAD:
                self._key = await self._read()
                self._read_at = time.monotonic()
            return self._key

    async def _read(self) -> OKPKey:
        """The newest key of the database; a new one if that is too old. Drops what is past use."""
        async with self._db.begin() as tx:
            await locks.lock(tx, "signing key")
            await signing_keys.forget_old(tx, after=self._kept)
            found = await signing_keys.find_young(tx, younger_than=rules.ROTATED_AFTER)
            key = self._open(found) if found is not None else None
            if key is None:
                key = OKPKey.generate_key("Ed25519")
                public = signing_keys.Public(key.thumbprint(), _public(key))
                sealed = self._vault.seal(
                    msgspec.json.encode(key.as_dict(private=True)), _place(public.kid)
                )
                await signing_keys.add(tx, public, sealed)
            return key

    def _open(self, found: signing_keys.Sealed) -> OKPKey | None:
        try:
            plain = self._vault.open(found.private, _place(found.kid))
        except Unreadable:
            logger.warning("the signing key {} is sealed by another secret", found.kid)
            return None
        return OKPKey.import_key(msgspec.json.decode(plain))


async def published(rows: Reading) -> str:
    """Every key that a valid token may be signed with, as a JSON Web Key Set (RFC 7517)."""
    keys = [key.public for key in await signing_keys.list_public(rows)]
    return msgspec.json.encode({"keys": keys}).decode()


def sign(key: OKPKey, user: User, session: SessionId, lifetime: timedelta) -> str:
    """A token that says, until it expires, who asks and what they may do."""
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user.id),
        "sid": str(session),
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "name": user.username,
        "role": user.role.value,
        "permissions": sorted(rules.permissions_of(user.role)),
        "locale": user.locale,
    }
    header = {"alg": ALGORITHM, "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _public(key: OKPKey) -> dict[str, Any]:
    return {
        **key.as_dict(private=False),
        "kid": key.thumbprint(),
        "use": "sig",
        "alg": ALGORITHM,
    }


def _place(kid: str) -> str:
    return f"signing_key.private:{kid}"
