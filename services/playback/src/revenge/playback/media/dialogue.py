"""The lines of a text subtitle, in the file or beside it. For worker processes.

A stretch of an embedded track is read from its part of the file alone, so that the first lines are
there long before the whole file could have been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.subtitles.subtitle import AssSubtitle
from charset_normalizer import from_bytes
from pysubs2 import SSAEvent, SSAFile
from pysubs2.exceptions import Pysubs2Error

from revenge.contracts.paths import to_os
from revenge.playback.media import reading
from revenge.playback.pool import work

_LARGEST = 16 << 20  # bytes of a subtitle file
_LOOK_BACK = Fraction(15)  # seconds that a line may have begun before the stretch
_NO_END = Fraction(3)  # seconds, for a line that does not say how long it is shown
_ASS_FIELDS = 8  # commas before the text of a line in a packet


def read(order: work.WriteSubtitles) -> SSAFile:
    """The styles, and the lines that are shown in the order's stretch, in time.

    Their times are counted from position zero. Comments are left out.
    """
    file = _sidecar(order) if order.index is None else _embedded(order, order.index)
    file.events = sorted(event for event in file.events if _shown(event, order))
    return file


def _shown(event: SSAEvent, order: work.WriteSubtitles) -> bool:
    return (
        not event.is_comment
        and event.end > order.first * 1000
        and (order.last is None or event.start < order.last * 1000)
    )


def _sidecar(order: work.WriteSubtitles) -> SSAFile:
    path = Path(to_os(order.path))
    if path.stat().st_size > _LARGEST:
        raise reading.MediaUnreadable("the subtitle file is too large")
    try:
        file = SSAFile.from_string(decoded(path.read_bytes()))
    except Pysubs2Error as error:
        raise reading.MediaUnreadable("the subtitle file cannot be read") from error
    file.shift(ms=-round(order.origin * 1000))
    return file


def decoded(data: bytes) -> str:
    """Text of any charset: UTF-8 and what a BOM names are certain, the rest is the best guess."""
    for bom, charset in _MARKS:
        if data.startswith(bom):
            return data.decode(charset, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return data.decode(best.encoding if best else "cp1252", errors="replace")


_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def _embedded(order: work.WriteSubtitles, index: int) -> SSAFile:
    with reading.opened(order.path) as source:
        stream = track(source, index)
        file = _header(stream)
        for packet in packets(source, stream, order):
            start = (packet.pts or 0) * reading.time_base(stream) - order.origin
            end = start + _shown_for(packet, reading.time_base(stream))
            file.events += (_event(line, start, end) for line in _lines(packet))
        return file


def track(source: InputContainer, index: int) -> Stream:
    if not 0 <= index < len(source.streams):
        raise reading.MediaUnreadable(f"there is no stream {index}")
    if source.streams[index].type != "subtitle":
        raise reading.MediaUnreadable(f"stream {index} is no subtitle")
    return source.streams[index]


def _header(stream: Stream) -> SSAFile:
    """The script's own, which ASS has in Matroska; others get a plain one by libav."""
    header = stream.codec_context.extradata or b""
    try:
        return SSAFile.from_string(header.decode("utf-8", errors="replace"))
    except Pysubs2Error:
        return SSAFile()


def packets(
    source: InputContainer, stream: Stream, order: work.WriteSubtitles
) -> Iterator[Packet[Stream]]:
    """From somewhat before the segment to its end.

    Subtitles are rare. Unless the container has an index of them, another track is read along, or
    the search for the cue after the segment's last might read the rest of the file.
    """
    if reading.container_of(source) == "mov":
        clock = reading.select(source, stream.index)
    else:
        clock = next((other for other in source.streams if other.type == "video"), stream)
    if order.first > 0 and order.index is not None:  # files of their own are small
        begin = order.origin + order.first - _LOOK_BACK
        source.seek(round(begin / reading.time_base(clock)), stream=clock)
    for packet in source.demux([clock, stream] if clock is not stream else [stream]):
        if packet.pts is None or not packet.size:
            continue
        time = packet.pts * reading.time_base(packet.stream) - order.origin
        if order.last is not None and time >= order.last + (packet.stream is not stream):
            return
        if packet.stream is stream:
            yield packet


def _shown_for(packet: Packet[Stream], base: Fraction) -> Fraction:
    return packet.duration * base if packet.duration else _NO_END


def _lines(packet: Packet[Stream]) -> Iterator[list[str]]:
    """The fields of each; the text is the last."""
    try:
        subtitles = packet.decode()
    except FFmpegError:
        return  # one damaged line is not worth the others
    for subtitle in subtitles:
        if isinstance(subtitle, AssSubtitle):
            fields = subtitle.ass.decode("utf-8", errors="replace").split(",", _ASS_FIELDS)
            if len(fields) > _ASS_FIELDS:
                yield fields


def _event(fields: list[str], start: Fraction, end: Fraction) -> SSAEvent:
    _, layer, style, name, left, right, vertical, effect, text = fields
    return SSAEvent(
        start=round(start * 1000),
        end=round(end * 1000),
        text=text.rstrip("\r\n"),
        layer=_number(layer),
        style=style,
        name=name,
        marginl=_number(left),
        marginr=_number(right),
        marginv=_number(vertical),
        effect=effect,
    )


def _number(text: str) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() else 0
