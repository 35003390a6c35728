"""Reading what ffmpeg writes: fragments, as soon as each is complete."""

import asyncio
from collections.abc import AsyncIterator
from fractions import Fraction
from typing import NamedTuple

from revenge.playback.media import boxes, decode_times

LARGEST = 256 << 20  # bytes of a box; no segment is near


class Fragment(NamedTuple):
    """When its first picture and its last one are shown, in seconds."""

    first: Fraction
    last: Fraction
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
                yield _fragment(moof, box.data, ticks)
    except asyncio.IncompleteReadError:
        return


def _fragment(moof: bytes, mdat: bytes, ticks: int) -> Fragment:
    times = decode_times.shown(moof)
    return Fragment(Fraction(times[0], ticks), Fraction(max(times), ticks), moof + mdat)


async def _next_box(output: asyncio.StreamReader) -> boxes.Box:
    header = await output.readexactly(8)
    size = int.from_bytes(header[:4], "big")
    if not len(header) <= size <= LARGEST:
        raise boxes.BoxDamaged(f"a box of {size} bytes")
    rest = await output.readexactly(size - len(header))
    return boxes.Box(header[4:].decode("latin-1"), len(header), header + rest)
