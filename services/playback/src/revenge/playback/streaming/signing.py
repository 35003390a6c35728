"""Signed addresses that expire: whoever has one may play what it names, without any header.

A token holds a key's name, the playback session, the expiry and the revision, and their
HMAC-SHA256. It is a segment of the path, so that addresses in a playlist, which are relative, are
signed by where the playlist was found.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import re
import struct
from typing import NamedTuple
from uuid import UUID

from revenge.contracts import PlaybackId
from revenge.playback import faults

_PURPOSE = b"revenge playback stream\0"  # a key may serve other purposes, a token may not
# session, expiry in milliseconds, revision; and a byte, so that no letter has bits to spare
_CLAIMS = struct.Struct(">16sQQx")
_SHORTEST_SECRET = 32  # bytes
_TOKEN = re.compile(r"([0-9A-Za-z]{1,32})\.([\w-]{44})\.([\w-]{43})", re.ASCII)


class SigningKey(NamedTuple):
    id: str  # letters and digits
    secret: bytes


class Grant(NamedTuple):
    session: PlaybackId
    expires_at: dt.datetime
    revision: int = 0  # of the session that the address was given for: older ones will not do


class Signer:
    """Signs with the first key, and accepts all: keys rotate by adding one in front."""

    def __init__(self, keys: tuple[SigningKey, ...]) -> None:
        if not keys or any(len(key.secret) < _SHORTEST_SECRET for key in keys):
            raise ValueError(f"signing needs keys of {_SHORTEST_SECRET} bytes or more")
        if not all(re.fullmatch(r"[0-9A-Za-z]{1,32}", key.id) for key in keys):
            raise ValueError("a signing key is named with letters and digits")
        self._first = keys[0]
        self._secrets = {key.id: key.secret for key in keys}

    def sign(self, grant: Grant) -> str:
        expiry = int(grant.expires_at.timestamp() * 1000)
        claims = _CLAIMS.pack(grant.session.bytes, expiry, grant.revision)
        mac = _mac(self._first.secret, self._first.id, claims)
        return f"{self._first.id}.{_text(claims)}.{_text(mac)}"

    def verify(self, token: str, now: dt.datetime) -> Grant:
        """Raises `LinkInvalid` or `LinkExpired`."""
        match = _TOKEN.fullmatch(token)
        secret = self._secrets.get(match[1]) if match else None
        if match is None or secret is None:
            raise faults.LinkInvalid
        claims, mac = _bytes(match[2]), _bytes(match[3])
        if not hmac.compare_digest(mac, _mac(secret, match[1], claims)):
            raise faults.LinkInvalid
        session, expiry, revision = _CLAIMS.unpack(claims)
        expires_at = dt.datetime.fromtimestamp(expiry / 1000, dt.UTC)
        if now >= expires_at:
            raise faults.LinkExpired
        return Grant(PlaybackId(UUID(bytes=session)), expires_at, revision)


def _mac(secret: bytes, key: str, claims: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + key.encode() + b"\0" + claims, hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise faults.LinkInvalid from error
