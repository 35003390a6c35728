"""HDR that only the coded pictures tell of: HDR10+ metadata and Dolby Vision's own units.

HEVC: ITU-T H.265 7.3.1 and D.2.6; AV1: the bitstream specification 5.3 and 5.8; HDR10+ itself is
SMPTE ST 2094-40 in an ITU-T T.35 message.
"""

from collections.abc import Iterator
from typing import NamedTuple

_HDR10_PLUS = b"\xb5\x00\x3c\x00\x01\x04"  # country, provider, its code, application 4
_SEI_PREFIX = 39
_DOLBY_VISION_RPU = 62
_OBU_METADATA = 5


class Found(NamedTuple):
    hdr10_plus: bool = False
    dolby_vision: bool = False


def look(codec: str, packet: bytes, extradata: bytes) -> Found:
    if codec == "hevc":
        return _look_hevc(packet, extradata)
    return _look_av1(packet) if codec == "av1" else Found()


def _look_hevc(packet: bytes, extradata: bytes) -> Found:
    hdr10_plus = dolby_vision = False
    for unit in _nal_units(packet, extradata):
        kind = unit[0] >> 1 & 0x3F
        hdr10_plus |= kind == _SEI_PREFIX and _HDR10_PLUS in unit
        dolby_vision |= kind == _DOLBY_VISION_RPU
    return Found(hdr10_plus, dolby_vision)


def _look_av1(packet: bytes) -> Found:
    units = (unit for kind, unit in _obus(packet) if kind == _OBU_METADATA)
    return Found(hdr10_plus=any(_HDR10_PLUS in unit for unit in units))


def _nal_units(packet: bytes, extradata: bytes) -> Iterator[bytes]:
    if len(extradata) < 23 or extradata[0] != 1:  # noqa: PLR2004 no hvcC: Annex B start codes
        yield from filter(None, packet.split(b"\0\0\1"))
        return
    length_size = (extradata[21] & 3) + 1
    at = 0
    while at + length_size < len(packet):
        start = at + length_size
        at = start + int.from_bytes(packet[at:start], "big")
        if packet[start:at]:
            yield packet[start:at]


def _obus(packet: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(packet):
        kind, extended, sized = packet[at] >> 3 & 0xF, packet[at] & 4, packet[at] & 2
        at += 2 if extended else 1
        if not sized:
            yield kind, packet[at:]
            return
        size, at = _leb128(packet, at)
        yield kind, packet[at : at + size]
        at += size


def _leb128(packet: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(packet[at : at + 8]):
        value |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return value, at + index + 1
    return len(packet), len(packet)
