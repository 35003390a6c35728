"""How much plays, and how much may: per server and per user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from revenge.contracts import UserId
from revenge.contracts.playback import BandwidthExhausted, TooManySessions, TooManyTranscodes
from revenge.playback.sessions import Session


class Limits(NamedTuple):
    """What all may have together, or one user. Bit rates in bit/s; None is without limit."""

    sessions: int | None
    transcodes: int | None
    bit_rate: int | None


class Load(NamedTuple):
    sessions: int
    transcodes: frozenset[str]  # each once, however many watch it
    bit_rate: int  # bit/s

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> Load:
        found = list(sessions)
        return cls(
            len(found),
            frozenset(session.transcode for session in found if session.transcode is not None),
            sum(session.bit_rate for session in found),
        )


class Allowance(NamedTuple):
    server: Limits
    user: Limits

    @property
    def limits_bit_rates(self) -> bool:
        return self.server.bit_rate is not None or self.user.bit_rate is not None

    def room(self, playing: Sequence[Session], user: UserId) -> int | None:
        """Bit/s that a new session of this user may still take; None is without limit."""
        own = [session for session in playing if session.user_id == user]
        left = [
            limits.bit_rate - Load.of(sessions).bit_rate
            for limits, sessions in ((self.server, playing), (self.user, own))
            if limits.bit_rate is not None
        ]
        return min(left, default=None)

    def admit(self, newcomer: Session, playing: Sequence[Session]) -> None:
        """Raises `TooManySessions`, `TooManyTranscodes` or `BandwidthExhausted`."""
        others = [session for session in playing if session.id != newcomer.id]
        own = [session for session in others if session.user_id == newcomer.user_id]
        _admit(newcomer, Load.of(own), self.user, "you may have")
        _admit(newcomer, Load.of(others), self.server, "this server has room for")


def _admit(newcomer: Session, load: Load, limits: Limits, whose: str) -> None:
    if limits.sessions is not None and load.sessions >= limits.sessions:
        raise TooManySessions(
            f"{whose} {limits.sessions} playbacks at once, and {load.sessions} are open; "
            f"stop one, or try again later"
        )
    _admit_transcode(newcomer, load, limits, whose)
    if limits.bit_rate is not None and load.bit_rate + newcomer.bit_rate > limits.bit_rate:
        raise BandwidthExhausted(
            f"{whose} {limits.bit_rate // 1000} kbit/s, {load.bit_rate // 1000} are taken, and "
            f"this needs {newcomer.bit_rate // 1000}; choose a lower quality, or try again later"
        )


def _admit_transcode(newcomer: Session, load: Load, limits: Limits, whose: str) -> None:
    wanted = newcomer.transcode
    if wanted is None or wanted in load.transcodes or limits.transcodes is None:
        return
    if len(load.transcodes) >= limits.transcodes:
        raise TooManyTranscodes(
            f"{whose} {limits.transcodes} transcodes at once, and {len(load.transcodes)} are made; "
            f"choose what your client plays as it is, or try again later"
        )
