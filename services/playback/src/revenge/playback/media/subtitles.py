"""Text subtitles as WebVTT. Runs in worker processes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from pysubs2 import SSAFile, SSAStyle
from pysubs2.formats.substation import parse_tags

from revenge.playback.media import cuts, dialogue
from revenge.playback.pool import work

_CLOCK = 90_000  # ticks per second of the MPEG clock
_DEFAULT_STYLE = "Default"


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
    return vtt(_cues(dialogue.read(order)))


def _cues(file: SSAFile) -> Iterable[Cue]:
    styles = _Styles(file.styles)
    for event in file.events:
        text = styles.text(event.style, event.text)
        yield Cue(Fraction(event.start, 1000), Fraction(event.end, 1000), text)


def vtt(cues: Iterable[Cue]) -> bytes:
    """RFC 8216, 3.5: the map says which time of the other renditions the cues' zero is."""
    head = f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{int(cuts.EPOCH * _CLOCK)}\n"
    blocks = [
        f"{_clock(cue.start)} --> {_clock(cue.end)}\n{cue.text}\n"
        for cue in sorted(cues)
        if cue.text and cue.end > cue.start
    ]
    return "\n".join([head, *blocks]).encode()


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
