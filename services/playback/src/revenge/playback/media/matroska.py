"""Whether a Matroska file has an index, without reading the file (RFC 9559)."""

from pathlib import Path

_HEAD = 1 << 16  # bytes that hold the SeekHead of every muxer that is known
_SEGMENT = b"\x18\x53\x80\x67"
_SEEK_CUES = b"\x53\xab\x84\x1c\x53\xbb\x6b"  # SeekID of the Cues
_SEEK_POSITION = b"\x53\xac"


def has_index(path: str) -> bool:
    """False when no Cues are announced, or when the file ends before them.

    libav would then read the file from its beginning to wherever it is told to seek.
    """
    size = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        at = cues_at(file.read(_HEAD))
    return at is not None and at < size


def cues_at(head: bytes) -> int | None:
    """Where the Cues are said to be, in bytes from the beginning of the file."""
    segment, seek = head.find(_SEGMENT), head.find(_SEEK_CUES)
    position = head.find(_SEEK_POSITION, seek, seek + 32)
    if min(segment, seek, position) < 0:
        return None
    length = head[position + 2] & 0x7F
    start = position + 3
    return _after_size(head, segment + 4) + int.from_bytes(head[start : start + length], "big")


def _after_size(head: bytes, at: int) -> int:
    """A size says with the zeros before its first one how many bytes it has."""
    return at + 9 - head[at].bit_length()
