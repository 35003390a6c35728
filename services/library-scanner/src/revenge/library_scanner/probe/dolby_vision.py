"""Dolby Vision's configuration record, the same bytes in every container.

Dolby Vision Streams Within the ISO Base Media File Format 2.4, section 3.2; in Matroska it is the
data of a block addition mapping.
"""

from typing import NamedTuple

BOX_NAMES = (b"dvcC", b"dvvC", b"dvwC")
_MIN_BYTES = 5


class DolbyVision(NamedTuple):
    """`compatibility` says what a player without it sees: 1 HDR10, 2 SDR, 4 HLG, 0 nothing."""

    profile: int
    level: int
    compatibility: int


def read_record(record: bytes) -> DolbyVision | None:
    if len(record) < _MIN_BYTES:
        return None
    bits = int.from_bytes(record[2:5], "big")  # profile 7, level 6, rpu 1, el 1, bl 1, compat. 4
    return DolbyVision(profile=bits >> 17, level=bits >> 11 & 0x3F, compatibility=bits >> 4 & 0xF)
