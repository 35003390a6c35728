"""The few elements of a Matroska file that hold Dolby Vision and rotation (RFC 8794, RFC 9559)."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from revenge.library_scanner.probe.dolby_vision import BOX_NAMES, DolbyVision, read_record
from revenge.library_scanner.probe.track import Track, quarter_turns

_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_TRACKS = 0x1654AE6B
_TRACK_ENTRY = 0xAE
_TRACK_TYPE = 0x83
_VIDEO = 0xE0
_PROJECTION = 0x7670
_POSE_ROLL = 0x7675
_ADDITION_MAPPING = 0x41E4
_ADDITION_TYPE = 0x41E7
_ADDITION_DATA = 0x41ED

_IS_VIDEO = 1
_MAX_TOP_LEVEL = 200  # elements looked at before the tracks are given up
_MAX_TRACKS_BYTES = 4 * 1024 * 1024
_HEAD = 12  # the longest head of an element: 4 bytes of id, 8 of size


class _Element(NamedTuple):
    id: int
    start: int  # of its content
    end: int


def read_tracks(file: BinaryIO, size: int) -> tuple[Track, ...]:
    """The video tracks in their order; empty where the elements make no sense."""
    content = _tracks(file, size)
    entries = (entry for entry in _elements(content) if entry.id == _TRACK_ENTRY)
    bodies = (content[entry.start : entry.end] for entry in entries)
    return tuple(_track(body) for body in bodies if _number(body, _TRACK_TYPE) == _IS_VIDEO)


def _tracks(file: BinaryIO, size: int) -> bytes:
    at = 0
    for _ in range(_MAX_TOP_LEVEL):
        file.seek(at)
        element = _element(file.read(_HEAD), 0)
        if element is None or (element.id not in (_EBML, _SEGMENT) and element.end > size - at):
            return b""
        if element.id == _TRACKS:
            file.seek(at + element.start)
            return file.read(min(element.end - element.start, _MAX_TRACKS_BYTES))
        at += element.start if element.id == _SEGMENT else element.end
    return b""


def _track(body: bytes) -> Track:
    return Track(_dolby_vision(body), _rotation(body))


def _dolby_vision(body: bytes) -> DolbyVision | None:
    for mapping in (element for element in _elements(body) if element.id == _ADDITION_MAPPING):
        content = body[mapping.start : mapping.end]
        if _number(content, _ADDITION_TYPE).to_bytes(8, "big")[4:] in BOX_NAMES:
            return read_record(_content(content, _ADDITION_DATA))
    return None


def _rotation(body: bytes) -> int:
    roll = _content(_content(_content(body, _VIDEO), _PROJECTION), _POSE_ROLL)
    if len(roll) not in (4, 8):
        return 0
    degrees: float = struct.unpack(">f" if len(roll) == 4 else ">d", roll)[0]  # noqa: PLR2004 bytes
    return quarter_turns(-degrees) if abs(degrees) <= 360 else 0  # noqa: PLR2004 a full turn


def _number(body: bytes, id: int) -> int:
    return int.from_bytes(_content(body, id)[:8], "big")


def _content(body: bytes, id: int) -> bytes:
    found = next((element for element in _elements(body) if element.id == id), None)
    return body[found.start : found.end] if found else b""


def _elements(body: bytes) -> Iterator[_Element]:
    at = 0
    while (element := _element(body, at)) and element.end <= len(body):
        yield element
        at = element.end


def _element(body: bytes, at: int) -> _Element | None:
    id_bytes = _length(body, at, 4)
    size_bytes = _length(body, at + id_bytes, 8)
    if not id_bytes or not size_bytes or at + id_bytes + size_bytes > len(body):
        return None
    start = at + id_bytes + size_bytes
    mask = (1 << 7 * size_bytes) - 1
    size = int.from_bytes(body[start - size_bytes : start], "big") & mask
    return _Element(int.from_bytes(body[at : at + id_bytes], "big"), start, start + size)


def _length(body: bytes, at: int, most: int) -> int:
    """How many bytes the number here takes: one more than its leading zero bits. 0 if too many."""
    if at >= len(body) or not body[at]:
        return 0
    length = 9 - body[at].bit_length()
    return length if length <= most else 0
