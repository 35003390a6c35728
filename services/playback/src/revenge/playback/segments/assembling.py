"""Segments out of fragments. A fragment begins at each key frame, and a segment may have several.

So it is where times jump ahead over cuts: each cut that was passed has its key frame soon after.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from revenge.playback.media import decode_times
from revenge.playback.segments.encode import Rendition
from revenge.playback.segments.fragments import Fragment


class Segment(NamedTuple):
    number: int
    data: bytes


async def whole(
    fragments: AsyncIterator[Fragment], what: Rendition, first: int
) -> AsyncIterator[Segment]:
    """Each segment from `first` on as soon as nothing can be missing of it.

    That is when pictures are shown up to its end, when those of another begin, or when there are no
    more. A segment without pictures is left out.
    """
    number, parts = first, list[bytes]()
    async for fragment in fragments:
        place = max(what.number_of(fragment.first), number)
        if parts and place != number:
            yield Segment(number, b"".join(parts))
            parts.clear()
        number = place
        parts.append(decode_times.aligned(fragment.data))
        if what.is_last_of(number, fragment.last):
            yield Segment(number, b"".join(parts))
            parts.clear()
            number += 1
    if parts:
        yield Segment(number, b"".join(parts))
