"""Passwords: argon2id, with the parameters that OWASP recommends, off the event loop."""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

MEMORY = 19 * 1024  # KiB; with two passes as strong as 46 MiB with one, and kind to small machines
PASSES = 2
M_MMAP_THRESHOLD, ONE_MIB = -3, 1 << 20  # of mallopt(3)


class Passwords:
    """Hashes as many passwords at once as there are cores; the others wait."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=1)
        _give_memory_back()
        self._turns = asyncio.Semaphore(len(os.sched_getaffinity(0)))
        self._of_nobody = self._hasher.hash(secrets.token_bytes())

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _normalised(password))

    async def check(self, password: str, hashed: str | None) -> bool:
        """True if it is the one. Without a hash, false, after just as long."""
        async with self._turns:
            matches = await asyncio.to_thread(self._matches, password, hashed or self._of_nobody)
        return matches and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """True if it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _matches(self, password: str, hashed: str) -> bool:
        try:
            return self._hasher.verify(hashed, _normalised(password))
        except VerifyMismatchError:
            return False


def _give_memory_back() -> None:
    """Have glibc return large blocks at once; else each thread that has hashed keeps its 19 MiB."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, ONE_MIB)


def _normalised(password: str) -> bytes:
    """The same bytes from every keyboard: accents may arrive composed or not."""
    return unicodedata.normalize("NFKC", password).encode()
