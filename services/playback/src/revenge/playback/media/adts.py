"""AAC as broadcasts carry it: every frame behind a header of its own (ISO/IEC 13818-7, 6.2)."""

from __future__ import annotations

from typing import NamedTuple

from av.packet import Packet
from av.stream import Stream

_SHORT, _LONG = 7, 9  # bytes, without and with a checksum


class Header(NamedTuple):
    size: int  # bytes
    audio_specific_config: bytes


def header_of(packet: Packet[Stream]) -> Header | None:
    """None when the packet is bare AAC, or no AAC."""
    if packet.stream.codec_context.name != "aac" or packet.stream.codec_context.extradata:
        return None
    data = bytes(memoryview(packet)[:_SHORT])
    if len(data) < _SHORT or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:  # noqa: PLR2004 the sync word
        return None
    profile, rate = data[2] >> 6, data[2] >> 2 & 0xF
    channels = (data[2] & 1) << 2 | data[3] >> 6
    config = (profile + 1) << 11 | rate << 7 | channels << 3
    return Header(_SHORT if data[1] & 1 else _LONG, config.to_bytes(2, "big"))


def stripped(packet: Packet[Stream]) -> Packet[Stream]:
    """The packet itself, or a new one without the header."""
    header = header_of(packet)
    if header is None:
        return packet
    bare: Packet[Stream] = Packet(bytes(memoryview(packet)[header.size :]))
    bare.pts, bare.dts, bare.duration = packet.pts, packet.dts, packet.duration
    bare.time_base = packet.time_base
    bare.is_keyframe = True
    return bare
