"""Encoded sound: stereo AAC on a grid of frames from the file's beginning. For worker processes.

AAC overlaps its frames, so an encoder that starts at a cut is heard there. Each segment is encoded
from some frames before it to some after, and these are dropped: what remains is what one encoder
over the whole file would have made.
"""

from __future__ import annotations

from typing import cast

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from revenge.playback import cuts, reading, work
from revenge.playback.boxes import Parts
from revenge.playback.segments import muxing, pcm

BIT_RATE = 192_000
_CODER = "fast"  # better than the default at this rate, says ffmpeg's manual, and half the work

_BEFORE, _AFTER = 3, 2  # frames


def init_segment(order: work.AacInit) -> bytes:
    silence = pcm.Stereo(*(bytearray(4 * cuts.AAC_FRAME * pcm.SAMPLE) for _ in range(2)))
    return _encoded(silence, order.sample_rate, 0, range(3)).init


def segment(order: work.EncodeAac) -> bytes:
    begin = order.first - _BEFORE
    sound = pcm.read(order, begin * cuts.AAC_FRAME, (order.last + _AFTER) * cuts.AAC_FRAME)
    return _encoded(sound, order.sample_rate, begin, range(order.first, order.last)).media


def _encoded(sound: pcm.Stereo, rate: int, begin: int, kept: range) -> Parts:
    """Of sound that starts at frame `begin`, the frames `kept`."""
    if not kept:
        raise reading.NoMedia
    into = muxing.Muxed()
    with muxing.muxer(into) as target:
        stream = _stream(target, rate)
        for number in range(len(sound.left) // (cuts.AAC_FRAME * pcm.SAMPLE)):
            frame = _frame(sound, number)
            frame.sample_rate = rate
            frame.pts = (begin + number) * cuts.AAC_FRAME
            _keep(target, stream, stream.encode(frame), kept)
        _keep(target, stream, stream.encode(None), kept)
    return into.parts


def _stream(target: OutputContainer, rate: int) -> AudioStream:
    stream = target.add_stream("aac", rate=rate, options={"aac_coder": _CODER})
    stream.codec_context.layout = "stereo"
    stream.codec_context.bit_rate = BIT_RATE
    return stream


def _frame(sound: pcm.Stereo, number: int) -> AudioFrame:
    size = cuts.AAC_FRAME * pcm.SAMPLE
    frame = AudioFrame(format="fltp", layout="stereo", samples=cuts.AAC_FRAME)
    for channel, plane in zip(sound, frame.planes, strict=True):
        plane.update(bytes(channel[number * size : (number + 1) * size]))
    return frame


def _keep(
    target: OutputContainer, stream: AudioStream, packets: list[Packet[AudioStream]], kept: range
) -> None:
    for packet in packets:
        if packet.pts is None or packet.pts // cuts.AAC_FRAME not in kept:
            continue
        packet.pts += int(cuts.EPOCH * stream.codec_context.sample_rate)
        packet.dts = packet.pts
        muxing.write(target, stream, cast("Packet[Stream]", packet))
