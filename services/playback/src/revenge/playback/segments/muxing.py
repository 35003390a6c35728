"""Fragmented MP4 of one track, made in memory by libav's muxer. Runs in worker processes."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction

from av import open as av_open
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from revenge.playback.media import decode_times
from revenge.playback.media.boxes import Parts, split

# One fragment, when it is closed; `tfdt` is the true decode time; and the header is written last,
# because that of some codecs (E-AC-3) depends on their packets.
_FLAGS = "+frag_custom+empty_moov+default_base_moof+frag_discont+delay_moov+skip_trailer"

_OPTIONS = {
    "movflags": _FLAGS,
    "avoid_negative_ts": "disabled",
    "use_editlist": "0",
    "write_btrt": "0",  # it depends on the segment, and one header serves all
    "fflags": "+bitexact",  # the same bytes for the same segment, whoever makes it
}


class Muxed:
    """A file in memory; its parts can be read once the block is left."""

    def __init__(self) -> None:
        self.file = io.BytesIO()

    @property
    def parts(self) -> Parts:
        init, media = split(self.file.getvalue())
        return Parts(init, decode_times.aligned(media))


@contextmanager
def muxer(into: Muxed, *, vision: bool = False) -> Generator[OutputContainer, None, None]:
    """`vision` keeps the record of Dolby Vision, if there is one."""
    options = {**_OPTIONS, "strict": "unofficial"} if vision else _OPTIONS
    with av_open(into.file, "w", format="mp4", options=options) as target:
        yield target


def write(target: OutputContainer, stream: Stream, packet: Packet[Stream]) -> None:
    packet.stream = stream
    target.mux_one(packet)


def ticks(seconds: Fraction, base: Fraction) -> int:
    return round(seconds / base)
