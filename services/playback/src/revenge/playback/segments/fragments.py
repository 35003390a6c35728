"""Reading what ffmpeg writes: fragments, as soon as each is complete."""

import asyncio
from collections.abc import AsyncIterator
from fractions import Fraction
from typing import NamedTuple

from revenge.playback.media import boxes

LARGEST = 256 << 20  # bytes of a box; no segment is near


class Fragment(NamedTuple):
    shown: Fraction  # when its first picture is shown, in seconds
    data: bytes


async def read(output: asyncio.StreamReader) -> AsyncIterator[Fragment]:
    """Ends with the output; a fragment that is cut off was never there."""
    ticks = 1
    moof = b""
    try:
        while True:
            box = await _next_box(output)
            if box.kind == "moov":
                ticks = boxes.timescale(box.data)
            elif box.kind == "moof":
                moof = box.data
            elif box.kind == "mdat":
                yield Fragment(Fraction(boxes.first_shown(moof), ticks), moof + box.data)
    except asyncio.IncompleteReadError:
        return


async def _next_box(output: asyncio.StreamReader) -> boxes.Box:
    header = await output.readexactly(8)
    size = int.from_bytes(header[:4], "big")
    if not len(header) <= size <= LARGEST:
        raise boxes.BoxDamaged(f"a box of {size} bytes")
    rest = await output.readexactly(size - len(header))
    return boxes.Box(header[4:].decode("latin-1"), len(header), header + rest)
