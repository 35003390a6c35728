"""What the handlers are given that do slow work between two transactions."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field

from revenge.auth.passwords import Passwords
from revenge.auth.settings import Signing
from revenge.auth.signing import Keyring
from revenge.kit import Database


class Turns:
    """One after the other for each name, so that guesses made at once are counted one by one.

    A hundred names may share a turn by chance, which costs a moment; memory stays bounded.
    """

    def __init__(self, locks: int = 64) -> None:
        self._locks = tuple(asyncio.Lock() for _ in range(locks))

    def of(self, name: bytes) -> asyncio.Lock:
        return self._locks[int.from_bytes(name[:4]) % len(self._locks)]


@dataclass(frozen=True)
class App:
    db: Database
    keys: Keyring
    signing: Signing
    setup_token: str
    passwords: Passwords = field(default_factory=Passwords)
    turns: Turns = field(default_factory=Turns)


def new_secret() -> str:
    """256 bits of chance, in 43 characters that fit anywhere."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret that nobody can guess: it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
