"""Dolby Vision: HEVC without it, and what it is called.

Two kinds of NAL unit that HEVC leaves to others (ITU-T H.265, table 7-1): 62 says how to reshape
the pictures, and 63 holds an enhancement layer. Without them, the base layer remains.

What it is says a record in the header (Dolby Vision Streams Within the ISO Base Media File Format,
section 3.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from av.packet import Packet
from av.stream import Stream

#: What a sample entry is called whose pictures nobody else can show.
ALONE = "dvh1"

_KINDS = (62, 63)
_START = b"\0\0\1"
_WITHOUT_BASE_LAYER = 5  # the profile
_HVCC = b"\1"  # how a header begins when units are preceded by their length, not by a start code

# brands of what others see, by the compatibility id
_BRANDS = {1: "db1p", 2: "db2g", 4: "db4h"}


class Record(NamedTuple):
    profile: int
    level: int
    compatibility: int  # what others see: 1 HDR10, 2 SDR, 4 HLG, 0 nothing

    @classmethod
    def of(cls, payload: bytes) -> Record:
        bits = int.from_bytes(payload[2:5].ljust(3, b"\0"), "big")
        # profile 7 bits, level 6, what there is 3, compatibility 4
        return cls(profile=bits >> 17, level=bits >> 11 & 0x3F, compatibility=bits >> 4 & 0xF)

    @property
    def rfc6381(self) -> str:
        return f"{ALONE}.{self.profile:02}.{self.level:02}"

    @property
    def supplemental(self) -> str | None:
        """As `SUPPLEMENTAL-CODECS` has it, beside the name of what others see."""
        brand = _BRANDS.get(self.compatibility)
        return f"{self.rfc6381}/{brand}" if brand else None


def labelled(init: bytes) -> bytes:
    """Pictures without a base layer under a name that keeps others from showing them."""
    head, name, entry = init.partition(b"stsd")
    _, record, payload = entry.partition(b"dvcC")
    if not record or Record.of(payload).profile != _WITHOUT_BASE_LAYER:
        return init
    return head + name + entry.replace(b"hvc1", ALONE.encode(), 1)


def base_layer(stream: Stream, packet: Packet[Stream]) -> Packet[Stream]:
    header = stream.codec_context.extradata or b""
    prefix = (header[21] & 3) + 1 if header[:1] == _HVCC and len(header) > 21 else None  # noqa: PLR2004 hvcC
    base: Packet[Stream] = Packet(without(bytes(packet), prefix))
    base.pts, base.dts, base.duration = packet.pts, packet.dts, packet.duration
    base.time_base, base.is_keyframe = packet.time_base, packet.is_keyframe
    base.stream = stream
    return base


def without(data: bytes, prefix: int | None) -> bytes:
    """`prefix` is how many bytes the length of each unit has; None for start codes."""
    if prefix is None:
        first, *units = data.split(_START)
        return _START.join([first, *(unit for unit in units if not _is_extra(unit))])
    return b"".join(_kept(data, prefix))


def _kept(data: bytes, prefix: int) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        end = at + prefix + int.from_bytes(data[at : at + prefix], "big")
        if not _is_extra(data[at + prefix : at + prefix + 1]):
            yield data[at:end]
        at = end


def _is_extra(unit: bytes) -> bool:
    return bool(unit) and unit[0] >> 1 & 0x3F in _KINDS
