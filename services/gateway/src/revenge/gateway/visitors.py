"""Who is asking: from a bearer token or an API key to the caller that services trust.

What was verified once is kept in this process until it expires; what was revoked is refused from
the moment that its event arrives.
"""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from uuid import UUID

import msgspec
import theine

from revenge.contracts import Caller, Denied, LibraryId, SessionId, Unauthenticated, UserId, auth
from revenge.gateway.incoming import Incoming
from revenge.gateway.revocations import Revocations
from revenge.gateway.tokens import Tokens
from revenge.gateway.visibility import KEPT, Visibility
from revenge.kit import Bus, acting_as
from revenge.kit.cache import TwoLevelCache

LONGEST = 4096  # characters of a token
KEY_KEPT = 30.0  # seconds for which the owner of an API key is not asked for again
KEY_STAYS = 3600.0  # seconds for which one connection may go on with an API key
REMEMBERED = 10_000  # tokens and keys

BEARER = b"bearer "


class Visitor:
    """Somebody who has shown a valid token. `caller` knows their libraries once they are asked.

    `audience` is what all who see the same libraries have in common.
    """

    __slots__ = (
        "api_key_id",
        "asked_again_at",
        "audience",
        "caller",
        "checked",
        "expires_at",
        "generation",
        "seen_until",
        "session_id",
        "who",
    )

    def __init__(
        self, who: Caller, expires_at: float, session_id: UUID | None, api_key_id: UUID | None
    ) -> None:
        self.who = who
        self.expires_at = expires_at
        self.asked_again_at = expires_at if api_key_id is None else time.time() + KEY_KEPT
        self.session_id = session_id
        self.api_key_id = api_key_id
        self.checked = -1
        self.caller = who
        self.generation = -1
        self.seen_until = 0.0
        self.audience = ""

    def sees(self, libraries: frozenset[LibraryId] | None, generation: int) -> None:
        """Remember for a while which libraries this visitor may see."""
        self.caller = Caller(
            self.who.user_id,
            self.who.username,
            self.who.role,
            self.who.permissions,
            libraries,
            self.who.locale,
            self.who.session_id,
        )
        self.generation = generation
        self.seen_until = time.time() + KEPT
        shown = "all" if libraries is None else ",".join(sorted(map(str, libraries)))
        self.audience = _digest(f"{shown} {self.who.locale}")

    def demand(self, permission: str) -> None:
        """Raises `Denied` if they do not hold it."""
        if not self.who.may(permission):
            raise Denied(f"this needs the permission {permission}")


class Visitors:
    def __init__(
        self,
        bus: Bus,
        visibility: Visibility,
        revocations: Revocations,
        identities: TwoLevelCache[auth.Identity],
    ) -> None:
        self._bus = bus
        self._tokens = Tokens(bus)
        self._visibility = visibility
        self._revocations = revocations
        self._identities = identities
        self._bearers: theine.Cache[bytes, Visitor] = theine.Cache(REMEMBERED)
        self._keys: theine.Cache[bytes, Visitor] = theine.Cache(REMEMBERED)

    def known(self, incoming: Incoming) -> Visitor | None:
        """Who this is, if nothing needs to be asked for that: not even what they may see."""
        bearer = incoming.headers.get(b"authorization")
        if bearer is not None:
            visitor, _ = self._bearers.get(bearer)
        else:
            visitor, _ = self._keys.get(incoming.headers.get(b"x-api-key", b""))
        if visitor is None or visitor.asked_again_at < time.time():
            return None
        if not self.is_current(visitor):
            return None
        if visitor.generation != self._visibility.generation or visitor.seen_until < time.time():
            return None
        return visitor

    def is_current(self, visitor: Visitor) -> bool:
        """False once it has expired, or was revoked."""
        if visitor.expires_at <= time.time():
            return False
        if visitor.checked == self._revocations.count:
            return True
        if self._revocations.has_ended(visitor.session_id, visitor.api_key_id, visitor.who.user_id):
            return False
        visitor.checked = self._revocations.count
        return True

    async def identify(self, incoming: Incoming) -> Visitor:
        """Raises `Unauthenticated` without a token, `TokenInvalid` with a bad one."""
        bearer = incoming.headers.get(b"authorization", b"")
        if bearer[: len(BEARER)].lower() == BEARER:
            return await self.by_bearer(bearer)
        api_key = incoming.headers.get(b"x-api-key")
        if api_key is not None:
            return await self._by_key(api_key)
        raise Unauthenticated

    async def by_bearer(self, bearer: bytes) -> Visitor:
        """By the value of an Authorization header."""
        visitor, _ = self._bearers.get(bearer)
        if visitor is None:
            visitor = await self._verify(bearer[len(BEARER) :].strip())
            self._bearers.set(bearer, visitor, _until(visitor.expires_at))
        return self._admit(visitor)

    async def look(self, visitor: Visitor) -> Caller:
        """The caller, with the libraries that they may see now."""
        generation = self._visibility.generation
        if visitor.generation != generation or visitor.seen_until < time.time():
            visitor.sees(await self._visibility.of(visitor.who), generation)
        return visitor.caller

    async def _by_key(self, api_key: bytes) -> Visitor:
        visitor, _ = self._keys.get(api_key)
        if visitor is None or visitor.asked_again_at < time.time():
            visitor = await self._identify_key(api_key)
            self._keys.set(api_key, visitor, _until(visitor.asked_again_at))
        return self._admit(visitor)

    def _admit(self, visitor: Visitor) -> Visitor:
        if not self.is_current(visitor):
            raise auth.TokenInvalid
        return visitor

    async def _verify(self, token: bytes) -> Visitor:
        if not 0 < len(token) <= LONGEST:
            raise auth.TokenInvalid
        claims = await self._tokens.verify(token.decode("latin-1"))
        who = _caller(claims.sub, claims.name, claims.role, claims.permissions, claims.locale)
        who = msgspec.structs.replace(who, session_id=SessionId(claims.sid))
        return Visitor(who, claims.exp, claims.sid, None)

    async def _identify_key(self, api_key: bytes) -> Visitor:
        if not 0 < len(api_key) <= LONGEST:
            raise auth.TokenInvalid
        # never the key itself: the second level is another process
        kept_as = hashlib.sha256(api_key).hexdigest()
        found = await self._identities.get_or_load(
            kept_as, lambda: self._ask(api_key.decode("latin-1")), ttl=KEY_KEPT
        )
        who = _caller(found.user_id, found.username, found.role, found.permissions, found.locale)
        return Visitor(who, time.time() + KEY_STAYS, found.session_id, found.api_key_id)

    async def _ask(self, api_key: str) -> auth.Identity:
        with acting_as(None):
            return await self._bus.call(auth.identify_key, auth.IdentifyKey(api_key))


def _caller(
    user_id: UUID, username: str, role: auth.Role, permissions: tuple[str, ...], locale: str
) -> Caller:
    """A narrow API key of an administrator may do less, and sees as much."""
    libraries = None if role is auth.Role.ADMIN else frozenset[LibraryId]()
    return Caller(UserId(user_id), username, role, frozenset(permissions), libraries, locale)


def _until(moment: float) -> timedelta:
    return timedelta(seconds=max(moment - time.time(), 0.001))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
