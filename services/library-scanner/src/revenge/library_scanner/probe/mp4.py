"""The few boxes of an MP4 or MOV file that hold Dolby Vision and rotation (ISO/IEC 14496-12)."""

import math
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from revenge.library_scanner.probe.dolby_vision import BOX_NAMES, DolbyVision, read_record
from revenge.library_scanner.probe.track import Track, quarter_turns

_MAX_BOXES = 10_000
_MAX_TRACKS = 100
_STSD_HEAD = 8
_VISUAL_ENTRY_HEAD = 78


class _Box(NamedTuple):
    """Where a box's content lies in the file."""

    name: bytes
    start: int
    end: int


def read_tracks(file: BinaryIO, size: int) -> tuple[Track, ...]:
    """The video tracks in their order; empty where the boxes make no sense."""
    moov = _first(file, _Box(b"", 0, size), b"moov")
    if moov is None:
        return ()
    traks = [box for box in _boxes(file, moov) if box.name == b"trak"][:_MAX_TRACKS]
    return tuple(_track(file, trak) for trak in traks if _is_video(file, trak))


def _track(file: BinaryIO, trak: _Box) -> Track:
    return Track(_dolby_vision(file, trak), _rotation(file, trak))


def _is_video(file: BinaryIO, trak: _Box) -> bool:
    handler = _at(file, trak, b"mdia", b"hdlr")
    return handler is not None and _read(file, handler, 12)[8:12] == b"vide"


def _dolby_vision(file: BinaryIO, trak: _Box) -> DolbyVision | None:
    stsd = _at(file, trak, b"mdia", b"minf", b"stbl", b"stsd")
    if stsd is None:
        return None
    entries = stsd._replace(start=stsd.start + _STSD_HEAD)
    for entry in _boxes(file, entries):
        content = entry._replace(start=entry.start + _VISUAL_ENTRY_HEAD)
        for box in _boxes(file, content):
            if box.name in BOX_NAMES:
                return read_record(_read(file, box, 24))
    return None


def _rotation(file: BinaryIO, trak: _Box) -> int:
    header = _at(file, trak, b"tkhd")
    if header is None:
        return 0
    content = _read(file, header, 60)
    start = 52 if content[:1] == b"\1" else 40
    if len(content) < start + 8:
        return 0
    across, down = struct.unpack_from(">ii", content, start)  # where the x axis points
    return quarter_turns(math.degrees(math.atan2(down, across)))


def _at(file: BinaryIO, box: _Box, *names: bytes) -> _Box | None:
    found: _Box | None = box
    for name in names:
        if found is None:
            return None
        found = _first(file, found, name)
    return found


def _first(file: BinaryIO, parent: _Box, name: bytes) -> _Box | None:
    return next((box for box in _boxes(file, parent) if box.name == name), None)


def _boxes(file: BinaryIO, parent: _Box) -> Iterator[_Box]:
    at = parent.start
    for _ in range(_MAX_BOXES):
        if at + 8 > parent.end:
            return
        box, head = _box(file, at, parent.end)
        if box.end < at + head or box.end > parent.end:
            return
        yield box
        at = box.end


def _box(file: BinaryIO, at: int, end: int) -> tuple[_Box, int]:
    """The box that begins here, and how long its head is."""
    file.seek(at)
    head = file.read(16).ljust(16, b"\0")
    size, name = int.from_bytes(head[:4], "big"), head[4:8]
    if size == 1:
        return _Box(name, at + 16, at + int.from_bytes(head[8:16], "big")), 16
    return _Box(name, at + 8, at + size if size else end), 8


def _read(file: BinaryIO, box: _Box, limit: int) -> bytes:
    file.seek(box.start)
    return file.read(min(limit, box.end - box.start))
