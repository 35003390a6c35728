"""What a viewer has chosen of what there is."""

from __future__ import annotations

import msgspec


class Wishes(msgspec.Struct, frozen=True):
    """By number among the tracks of their kind; a quality by the name of its rung."""

    audio_track: int = 0
    subtitle_track: int | None = None
    quality: str | None = None
    burn_subtitle: bool = False
