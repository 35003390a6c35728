"""The names of codecs as RFC 6381 writes them, read from the segment that the client will get."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from revenge.playback.media import dolby
from revenge.playback.media.boxes import Box, BoxDamaged, boxes, find

# bytes of a sample entry before its own boxes (ISO/IEC 14496-12, 12.1.3 and 12.2.3)
_VISUAL_ENTRY, _AUDIO_ENTRY = 78, 28
_AUDIO_KINDS = {"mp4a", "ac-3", "ec-3", "Opus", "fLaC", "alac"}

_MPEG4_AUDIO, _MP3 = 0x40, (0x69, 0x6B)
_ESCAPE = 31  # an audio object type that needs six more bits


class _Descriptor(NamedTuple):
    tag: int
    payload: bytes


def codec_string(init: bytes) -> str:
    """The `codecs` parameter of the only track of an initialisation segment."""
    entry = _sample_entry(init)
    config = _config(entry)
    if entry.kind not in _NAMES:
        return entry.kind
    kind, name = _NAMES[entry.kind]
    if kind not in config:
        raise BoxDamaged(f"{entry.kind} without {kind}")
    return name(entry.kind, config[kind])


def supplemental_codec(init: bytes) -> str | None:
    """What else the pictures are to those who know of it, as `SUPPLEMENTAL-CODECS` has it."""
    entry = _sample_entry(init)
    record = _config(entry).get("dvvC")
    return None if record is None else dolby.Record.of(record).supplemental


def _config(entry: Box) -> dict[str, bytes]:
    skipped = _AUDIO_ENTRY if entry.kind in _AUDIO_KINDS else _VISUAL_ENTRY
    return {box.kind: box.payload for box in boxes(entry.payload[skipped:])}


def _sample_entry(init: bytes) -> Box:
    table = find(init, "moov", "trak", "mdia", "minf", "stbl", "stsd")
    entry = next(boxes(table.payload[8:]), None) if table else None
    if entry is None:
        raise BoxDamaged("no sample entry")
    return entry


def _avc(kind: str, config: bytes) -> str:
    return f"{kind}.{config[1]:02X}{config[2]:02X}{config[3]:02X}"


def _hevc(kind: str, config: bytes) -> str:
    """ISO/IEC 14496-15, annex E.3."""
    space = ("", "A", "B", "C")[config[1] >> 6]
    tier = "H" if config[1] & 0x20 else "L"
    compatible = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = config[6:12].rstrip(b"\0")
    parts = [kind, f"{space}{config[1] & 0x1F}", f"{compatible:X}", f"{tier}{config[12]}"]
    return ".".join(parts + [f"{byte:X}" for byte in constraints])


def _av1(kind: str, config: bytes) -> str:
    """AV1 codec ISO media file format binding, section 5."""
    profile, level = config[1] >> 5, config[1] & 0x1F
    tier = "H" if config[2] & 0x80 else "M"
    high, twelve = config[2] & 0x40, config[2] & 0x20
    depth = 12 if high and twelve else 10 if high else 8
    return f"{kind}.{profile}.{level:02d}{tier}.{depth:02d}"


def _vp9(kind: str, config: bytes) -> str:
    return f"{kind}.{config[4]:02d}.{config[5]:02d}.{config[6] >> 4:02d}"


def _mp4a(kind: str, config: bytes) -> str:
    decoder = next((item for item in _descriptors(config[4:]) if item.tag == 4), None)  # noqa: PLR2004 DecoderConfigDescriptor
    if decoder is None:
        raise BoxDamaged("no decoder configuration")
    if decoder.payload[0] in _MP3:
        return f"{kind}.40.34"
    specific = next((item for item in _descriptors(decoder.payload[13:]) if item.tag == 5), None)  # noqa: PLR2004 DecoderSpecificInfo
    if decoder.payload[0] != _MPEG4_AUDIO or specific is None:
        return f"{kind}.{decoder.payload[0]:02X}"
    return f"{kind}.40.{_audio_object_type(specific.payload)}"


def _audio_object_type(config: bytes) -> int:
    first = config[0] >> 3
    if first != _ESCAPE:
        return first
    return 32 + ((config[0] & 7) << 3 | config[1] >> 5)


def _descriptors(data: bytes) -> Iterator[_Descriptor]:
    """ISO/IEC 14496-1, 7.2.2: descends into the ES_Descriptor, which holds the others."""
    at = 0
    while at + 1 < len(data):
        tag, size, at = data[at], 0, at + 1
        while at < len(data):
            size, more, at = size << 7 | data[at] & 0x7F, data[at] & 0x80, at + 1
            if not more:
                break
        payload = data[at : at + size]
        yield _Descriptor(tag, payload)
        if tag == 3:  # noqa: PLR2004 ES_Descriptor
            yield from _descriptors(payload[3:])
        at += size


_NAMES: dict[str, tuple[str, Callable[[str, bytes], str]]] = {
    "avc1": ("avcC", _avc),
    "avc3": ("avcC", _avc),
    "hvc1": ("hvcC", _hevc),
    "hev1": ("hvcC", _hevc),
    dolby.ALONE: ("dvcC", lambda _kind, config: dolby.Record.of(config).rfc6381),
    "av01": ("av1C", _av1),
    "vp09": ("vpcC", _vp9),
    "mp4a": ("esds", _mp4a),
    # these two are written otherwise in playlists than in files
    "Opus": ("dOps", lambda _kind, _config: "opus"),
    "fLaC": ("dfLa", lambda kind, _config: kind),
}
