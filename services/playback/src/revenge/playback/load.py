"""How much plays, and how much may: per server and per user."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from revenge.contracts import UserId
from revenge.contracts.catalog import PlayableFile
from revenge.contracts.playback import BandwidthExhausted, TooManySessions, TooManyTranscodes
from revenge.playback.deciding import ladder
from revenge.playback.deciding.ladder import Encoding
from revenge.playback.sessions import Session

#: Whether there is room to make this.
Fits = Callable[[Encoding], bool]


class Limits(NamedTuple):
    """What all may have together, or one user. Bit rates in bit/s; None is without limit."""

    sessions: int | None
    transcodes: int | None
    bit_rate: int | None


class Load(NamedTuple):
    sessions: int
    transcodes: Mapping[str, Session]  # each once, however many watch it
    bit_rate: int  # bit/s

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> Load:
        found = sorted(sessions, key=lambda session: session.speed is not None)
        return cls(
            len(found),
            {session.transcode: session for session in found if session.transcode is not None},
            sum(session.bit_rate for session in found),
        )

    @property
    def speed(self) -> float | None:
        """Of all that is encoded, against real time; None while nobody knows."""
        known = [session for session in self.transcodes.values() if session.speed is not None]
        made = sum(session.luma_rate * (session.speed or 0) for session in known)
        return made / self.luma_rate if known and self.luma_rate else None

    @property
    def luma_rate(self) -> float:
        """Luma samples per second that viewers need to be encoded."""
        return sum(session.luma_rate for session in self.transcodes.values())

    def spare_luma_rate(self, least_speed: float) -> float:
        """What could be encoded beside it at this speed; all that is wanted while nobody knows."""
        speed = self.speed
        if speed is None or not least_speed:
            return math.inf
        return max(0.0, (speed / least_speed - 1) * self.luma_rate)


class Allowance(NamedTuple):
    """`least_speed` is how much faster than it is watched everything must be encoded.

    What is slower lets its viewers wait. 0 admits whatever the speed.
    """

    server: Limits
    user: Limits
    least_speed: float = 1.1

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
        all_others = Load.of(others)
        _admit(newcomer, all_others, self.server, "this server has room for")
        self._admit_work(newcomer, all_others)

    def fits(self, file: PlayableFile, playing: Sequence[Session]) -> Fits:
        """What is made of the file already costs nothing."""
        spare = Load.of(playing).spare_luma_rate(self.least_speed)
        same = [session.video for session in playing if session.stream.path == file.path]
        made = {offer.encoding for offer in same if offer}
        rates = [ladder.frame_rate(pictures) for pictures in file.media.video[:1]]
        return lambda encoding: (
            encoding in made or all(encoding.luma_rate(rate) <= spare for rate in rates)
        )

    def _admit_work(self, newcomer: Session, load: Load) -> None:
        """A machine that cannot keep up with one more would let all wait."""
        if newcomer.transcode is None or newcomer.transcode in load.transcodes:
            return
        if newcomer.luma_rate > load.spare_luma_rate(self.least_speed):
            raise TooManyTranscodes(
                f"this server transcodes {load.speed:.1f} times as fast as is watched, and would "
                f"not keep up with one more in this quality; choose a lower one, or what your "
                f"client plays as it is, or try again later"
            )


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
