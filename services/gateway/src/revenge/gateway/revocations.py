"""What has ended before its time: sessions, API keys, and users with all they had."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import msgspec

from revenge.contracts import auth
from revenge.kit.following import Followed

LONGEST_TOKEN = timedelta(hours=24)  # no access token lives longer: the auth service sees to that
SUBJECT = "event.auth.>"


class _Session(msgspec.Struct, frozen=True):
    session_id: UUID


class _Key(msgspec.Struct, frozen=True):
    key_id: UUID


class _User(msgspec.Struct, frozen=True):
    user_id: UUID


class Revocations:
    """`count` grows with each one: who was checked at this count need not be checked again."""

    def __init__(self) -> None:
        self.count = 0
        self._ended: dict[UUID, float] = {}

    def hear(self, event: Followed) -> None:
        ended = _ended_by(event)
        if ended is None:
            return
        now = time.monotonic()
        self._forget_old(now)
        self._ended[ended] = now
        self.count += 1

    def has_ended(self, *ids: UUID | None) -> bool:
        """True if one of these sessions, keys or users has."""
        return any(id in self._ended for id in ids)

    def _forget_old(self, now: float) -> None:
        """Of what no token can speak any more."""
        oldest = now - LONGEST_TOKEN.total_seconds()
        old = [id for id, at in self._ended.items() if at < oldest]
        for id in old:
            del self._ended[id]


def _ended_by(event: Followed) -> UUID | None:
    match event.subject:
        case auth.session_revoked.subject:
            return msgspec.json.decode(event.payload, type=_Session).session_id
        case auth.api_key_revoked.subject:
            return msgspec.json.decode(event.payload, type=_Key).key_id
        case auth.user_deleted.subject:
            return msgspec.json.decode(event.payload, type=_User).user_id
        case _:
            return None
