"""Secrets at rest: AES-256-GCM under a key that is derived from a setting."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes; random, as NIST SP 800-38D allows for fewer than 2^32 messages of a key
KEY = 32  # bytes


class Unreadable(Exception):
    """This was sealed under another secret, or for another place, or it was changed."""


class Vault:
    """Seals and opens what one purpose keeps. `secret` should have 128 bits of chance or more."""

    def __init__(self, secret: str, purpose: str) -> None:
        derived = HKDF(SHA256(), KEY, salt=None, info=purpose.encode()).derive(secret.encode())
        self._cipher = AESGCM(derived)

    def seal(self, plain: bytes, place: str) -> bytes:
        """`place` (`table.column:id`) is needed again to open it: rows cannot be swapped."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises `Unreadable`."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error
