"""ISO BMFF (ISO/IEC 14496-12), read and written: the boxes of MP4 files and segments."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_HEADER = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")
_U32 = struct.Struct(">I")


class BoxDamaged(ValueError):
    """Bytes that should be a box are none."""


class Box(NamedTuple):
    kind: str
    header: int  # bytes
    data: bytes  # with the header

    @property
    def payload(self) -> bytes:
        return self.data[self.header :]


class Parts(NamedTuple):
    """A fragmented file, parted where HLS parts it."""

    init: bytes
    media: bytes


def boxes(data: bytes) -> Iterator[Box]:
    at = 0
    while at < len(data):
        header, size = _sizes(data, at)
        if size < header or at + size > len(data):
            raise BoxDamaged(f"a box of {size} bytes at {at} of {len(data)}")
        kind = data[at + 4 : at + 8].decode("latin-1")
        yield Box(kind, header, data[at : at + size])
        at += size


def split(data: bytes) -> Parts:
    """The initialisation segment and the media of a fragmented file with one track."""
    at = 0
    while at < len(data) and data[at + 4 : at + 8] != b"moof":
        header, size = _sizes(data, at)
        at += max(header, size)
    return Parts(data[:at], data[at:])


def find(data: bytes, *path: str) -> Box | None:
    """The first box that is reached through `path`, from the outermost inwards."""
    first, *rest = path
    box = next((box for box in boxes(data) if box.kind == first), None)
    if box is None or not rest:
        return box
    return find(box.payload, *rest)


def is_fragmented(path: str) -> bool:
    """True when a fragment comes before any media; the file is read no further than that."""
    with Path(path).open("rb") as file:
        while len(head := file.read(2 * _HEADER.size)) == 2 * _HEADER.size:
            kind = head[4:8]
            header, size = _sizes(head, 0)
            if kind in {b"moof", b"mdat"} or size < header:
                return kind == b"moof"
            file.seek(size - len(head), os.SEEK_CUR)
    return False


def without_pre_skip(init: bytes) -> bytes:
    """For Opus whose first packet is heard when its time says: players would cut that much off."""
    at = init.index(b"dOps") + 6
    return init[:at] + b"\0\0" + init[at + 2 :]


def timescale(init: bytes) -> int:
    """Ticks per second of the only track."""
    header = find(init, "moov", "trak", "mdia", "mdhd")
    if header is None:
        raise BoxDamaged("no media header")
    at = 20 if header.payload[0] == 1 else 12
    return int(_U32.unpack_from(header.payload, at)[0])


def boxed(kind: str, payload: bytes) -> bytes:
    return _HEADER.pack(_HEADER.size + len(payload), kind.encode()) + payload


def _sizes(data: bytes, at: int) -> tuple[int, int]:
    if len(data) - at < _HEADER.size:
        raise BoxDamaged(f"half a header at {at}")
    size = int(_HEADER.unpack_from(data, at)[0])
    if size == 1 and len(data) - at >= 2 * _HEADER.size:
        return 2 * _HEADER.size, int(_LARGE.unpack_from(data, at + 8)[0])
    return _HEADER.size, size or len(data) - at
