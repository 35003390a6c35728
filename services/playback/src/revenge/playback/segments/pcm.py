"""Any stretch of a track's sound as samples, each at its true place. For worker processes.

Containers round times (Matroska to a millisecond, which is 48 samples), so a stretch is placed by
the middle of what the times of all its frames say, and the next stretch falls into step with it.
"""

import contextlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import cast

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.filter import Graph

from revenge.playback.deciding.sound import SoundFormat
from revenge.playback.media import reading
from revenge.playback.pool import work
from revenge.playback.segments import copy

SAMPLE = 4  # bytes, 32-bit float

_WARM_UP = Fraction(1, 2)  # seconds that a decoder is given to settle
_JUMP = Fraction(1, 20)  # seconds apart from where it should be: the sound was interrupted


#: The samples of each channel.
Sound = list[bytearray]

# Dialogue is in the centre: it stays as loud as the front, and what surrounds is half as loud.
# Float samples would clip where channels add up, unless they are told not to.
_DOWNMIX = "clev=1:slev=0.5:rematrix_maxval=1"


class _Mixer:
    """Frames of any kind as floats in the channels that are asked for."""

    def __init__(self, format: SoundFormat) -> None:
        self._layout = f"{format.sample_rate}:out_chlayout={format.layout}"
        self._graph: Graph | None = None

    def mixed(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """All that is left, when there is no frame any more."""
        graph = self._graph = self._graph or self._graph_for(frame)
        if graph is None:
            return
        graph.push(frame)
        with contextlib.suppress(BlockingIOError, EOFError):
            while True:
                yield cast("AudioFrame", graph.pull())

    def _graph_for(self, frame: AudioFrame | None) -> Graph | None:
        if frame is None:
            return None
        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=Fraction(1, frame.sample_rate),
        )
        mixer = graph.add("aresample", f"{self._layout}:out_sample_fmt=fltp:{_DOWNMIX}")
        sink = graph.add("abuffersink")
        source.link_to(mixer)
        mixer.link_to(sink)
        graph.configure()
        return graph


class _Stretch:
    """Sound without interruption, and what its frames say about its place."""

    def __init__(self, format: SoundFormat) -> None:
        self.mixer = _Mixer(format)
        self.sound = silence(format.channels, 0)
        self.earliest: Fraction | None = None
        self.latest = Fraction(0)
        self.length = Fraction(0)  # seconds, at the source's rate

    def continues_at(self, time: Fraction) -> bool:
        return self.earliest is None or abs(time - self.length - self.earliest) < _JUMP

    def add(self, frame: AudioFrame, time: Fraction) -> None:
        start = time - self.length
        self.earliest = start if self.earliest is None else min(self.earliest, start)
        self.latest = max(self.latest, start) if self.length else start
        self.length += Fraction(frame.samples, frame.sample_rate)
        frame.pts = None  # its place is known; the resampler shall only count samples
        self._keep(self.mixer.mixed(frame))

    def finish(self) -> None:
        if self.length:
            self._keep(self.mixer.mixed(None))

    @property
    def start(self) -> Fraction:
        return ((self.earliest or 0) + self.latest) / 2

    def _keep(self, frames: Iterable[AudioFrame]) -> None:
        for frame in frames:
            for channel, plane in zip(self.sound, frame.planes, strict=True):
                channel.extend(bytes(plane)[: frame.samples * SAMPLE])


def silence(channels: int, samples: int) -> Sound:
    return [bytearray(samples * SAMPLE) for _ in range(channels)]


def read(order: work.EncodeSound, first: int, last: int) -> Sound:
    """Samples [first, last), counted from the order's origin; silence where there is no sound."""
    sound = silence(order.format.channels, last - first)
    for stretch in _stretches(order, first, last):
        start = round((stretch.start - order.origin) * order.format.sample_rate) - first
        for channel, heard in zip(sound, stretch.sound, strict=True):
            _place(channel, heard, start * SAMPLE)
    return sound


def _place(channel: bytearray, heard: bytearray, at: int) -> None:
    cut = max(0, -at)
    start = max(0, at)
    fitting = heard[cut : cut + max(0, len(channel) - start)]
    channel[start : start + len(fitting)] = fitting


def _stretches(order: work.EncodeSound, first: int, last: int) -> Iterator[_Stretch]:
    stretch = _Stretch(order.format)
    end = order.origin + Fraction(last, order.format.sample_rate)
    begin = order.origin + Fraction(first, order.format.sample_rate) - _WARM_UP
    for frame, time in _frames(order, begin):
        if time >= end:
            break
        if not stretch.continues_at(time):
            stretch.finish()
            yield stretch
            stretch = _Stretch(order.format)
        stretch.add(frame, time)
    stretch.finish()
    yield stretch


def _frames(order: work.EncodeSound, begin: Fraction) -> Iterator[tuple[AudioFrame, Fraction]]:
    """With the time of each, in seconds on the file's own clock."""
    with reading.opened(order.path, seeking=begin > order.origin) as source:
        video = next(iter(source.streams.video), None)
        stream = reading.select(source, order.track.index)
        if not isinstance(stream, AudioStream):
            raise reading.MediaUnreadable(f"stream {order.track.index} is no sound")
        base = reading.time_base(stream)
        if begin > order.origin:
            copy.seek_audio(source, stream, video, round(begin / base))
        for packet in source.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                continue  # damaged sound is silence, and what follows is heard
            for frame in frames:
                if frame.pts is not None and frame.samples:
                    yield frame, frame.pts * base
