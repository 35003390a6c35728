"""What an operator may set of playback."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from revenge.kit import settings
from revenge.kit.http import Http
from revenge.playback.load import Allowance, Limits

KILOBIT = 1000
MEGABYTE = 1_000_000


class Playback(settings.Section, frozen=True, kw_only=True):
    """`secret` signs the addresses of streams: the same for all replicas, 32 bytes or more.

    Limits of the server hold for all replicas together. 0 is without limit, but for
    `max_transcodes`: that is as many as one replica makes at once. A transcode that would slow all
    of them down below `least_speed` is refused.
    """

    secret: Annotated[str, Meta(min_length=32)]
    segments_dir: str = ".revenge/cache/segments"
    segments_budget_mb: Annotated[int, Meta(ge=100)] = 10_000
    max_concurrent_sessions: Annotated[int, Meta(ge=1)] = 20
    max_sessions_per_user: Annotated[int, Meta(ge=0)] = 0
    max_transcodes: Annotated[int, Meta(ge=0)] = 0
    max_transcodes_per_user: Annotated[int, Meta(ge=0)] = 0
    max_bit_rate_kbps: Annotated[int, Meta(ge=0)] = 0
    max_bit_rate_per_user_kbps: Annotated[int, Meta(ge=0)] = 0
    session_timeout_s: Annotated[int, Meta(ge=10)] = 1800
    workers: Annotated[int, Meta(ge=1, le=32)] = 2  # processes that read media files
    transcodes: Annotated[int, Meta(ge=1, le=64)] = 2  # runs of ffmpeg at once
    least_speed: Annotated[float, Meta(ge=0)] = 1.1  # of all transcodes against real time

    @property
    def segments(self) -> Path:
        return Path(self.segments_dir)

    @property
    def budget(self) -> int:
        """Bytes."""
        return self.segments_budget_mb * MEGABYTE

    @property
    def allowance(self) -> Allowance:
        return Allowance(
            server=Limits(
                self.max_concurrent_sessions,
                self.max_transcodes or self.transcodes,
                self.max_bit_rate_kbps * KILOBIT or None,
            ),
            user=Limits(
                self.max_sessions_per_user or None,
                self.max_transcodes_per_user or None,
                self.max_bit_rate_per_user_kbps * KILOBIT or None,
            ),
            least_speed=self.least_speed,
        )


class PlaybackSettings(settings.Settings, frozen=True, kw_only=True):
    database: settings.Database
    playback: Playback
    http: Http = Http()
