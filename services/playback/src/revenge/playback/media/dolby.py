"""HEVC without what only Dolby Vision needs. For worker processes.

Two kinds of NAL unit that HEVC leaves to others (ITU-T H.265, table 7-1): 62 says how to reshape
the pictures, and 63 holds an enhancement layer. Without them, the base layer remains.
"""

from __future__ import annotations

from collections.abc import Iterator

from av.packet import Packet
from av.stream import Stream

_KINDS = (62, 63)
_START = b"\0\0\1"
_HVCC = b"\1"  # how a header begins when units are preceded by their length, not by a start code


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
