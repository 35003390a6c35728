"""Text subtitles, in the file or beside it, as WebVTT. Runs in worker processes.

A segment of an embedded track is read from its part of the file alone, so that the first one is
there long before the whole file could have been read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.subtitles.subtitle import AssSubtitle
from charset_normalizer import from_bytes
from pysubs2 import SSAFile, SSAStyle
from pysubs2.exceptions import Pysubs2Error
from pysubs2.formats.substation import parse_tags

from revenge.contracts.paths import to_os
from revenge.playback import cuts, reading, work

_LARGEST = 16 << 20  # bytes of a subtitle file
_LOOK_BACK = Fraction(15)  # seconds that a cue may have begun before the segment
_NO_END = Fraction(3)  # seconds, for a cue that does not say how long it is shown
_CLOCK = 90_000  # ticks per second of the MPEG clock
_DEFAULT_STYLE = "Default"
_ASS_FIELDS = 8  # commas before the text of an event in a packet


class Cue(NamedTuple):
    """Seconds from position zero; the text is WebVTT's."""

    start: Fraction
    end: Fraction
    text: str


class _Styles(NamedTuple):
    by_name: dict[str, SSAStyle]

    def text(self, name: str, marked: str) -> str:
        """An event's text with its override tags, as WebVTT: italics, bold and underline stay."""
        style = self.by_name.get(name) or self.by_name.get(_DEFAULT_STYLE) or SSAStyle()
        parts = parse_tags(marked, style, self.by_name)
        lines = "".join(_tagged(text, part) for text, part in parts if not part.drawing)
        return re.sub(r"\n\s*\n+", "\n", lines).strip()  # an empty line would end the cue


def segment(order: work.WriteSubtitles) -> bytes:
    cues = _sidecar(order) if order.index is None else _embedded(order, order.index)
    return vtt(cue for cue in cues if _shown(cue, order))


def vtt(cues: Iterable[Cue]) -> bytes:
    """RFC 8216, 3.5: the map says which time of the other renditions the cues' zero is."""
    head = f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{int(cuts.EPOCH * _CLOCK)}\n"
    blocks = [
        f"{_clock(cue.start)} --> {_clock(cue.end)}\n{cue.text}\n"
        for cue in sorted(cues)
        if cue.text and cue.end > cue.start
    ]
    return "\n".join([head, *blocks]).encode()


def _shown(cue: Cue, order: work.WriteSubtitles) -> bool:
    return cue.end > order.first and (order.last is None or cue.start < order.last)


def _clock(seconds: Fraction) -> str:
    thousandths = round(max(seconds, Fraction(0)) * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _tagged(text: str, style: SSAStyle) -> str:
    text = text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", "\N{NO-BREAK SPACE}")
    text = text.replace("\r", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not text.strip():
        return text
    for tag, wanted in (("u", style.underline), ("i", style.italic), ("b", style.bold)):
        text = f"<{tag}>{text}</{tag}>" if wanted else text
    return text


def _sidecar(order: work.WriteSubtitles) -> Iterator[Cue]:
    path = Path(to_os(order.path))
    if path.stat().st_size > _LARGEST:
        raise reading.MediaUnreadable("the subtitle file is too large")
    try:
        file = SSAFile.from_string(decoded(path.read_bytes()))
    except Pysubs2Error as error:
        raise reading.MediaUnreadable("the subtitle file cannot be read") from error
    styles = _Styles(file.styles)
    for event in file.events:
        if not event.is_comment:
            text = styles.text(event.style, event.text)
            yield Cue(Fraction(event.start, 1000), Fraction(event.end, 1000), text)


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


def _embedded(order: work.WriteSubtitles, index: int) -> Iterator[Cue]:
    with reading.opened(order.path) as source:
        if not 0 <= index < len(source.streams) or source.streams[index].type != "subtitle":
            raise reading.MediaUnreadable(f"stream {index} is no subtitle")
        stream: Stream = source.streams[index]
        styles = _styles(stream)
        for packet in _packets(source, stream, order):
            start = (packet.pts or 0) * reading.time_base(stream) - order.origin
            end = start + _shown_for(packet, reading.time_base(stream))
            yield from (Cue(start, end, text) for text in _texts(packet, styles))


def _packets(
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
    if order.first > 0:
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


def _texts(packet: Packet[Stream], styles: _Styles) -> Iterator[str]:
    try:
        subtitles = packet.decode()
    except FFmpegError:
        return  # one damaged cue is not worth the others
    for subtitle in subtitles:
        if isinstance(subtitle, AssSubtitle):
            fields = subtitle.ass.decode("utf-8", errors="replace").split(",", _ASS_FIELDS)
            if len(fields) > _ASS_FIELDS:
                yield styles.text(fields[2], fields[_ASS_FIELDS])


def _styles(stream: Stream) -> _Styles:
    """From the script's own header, which ASS has in Matroska; others get a plain one by libav."""
    header = stream.codec_context.extradata or b""
    try:
        return _Styles(SSAFile.from_string(header.decode("utf-8", errors="replace")).styles)
    except Pysubs2Error:
        return _Styles({})
