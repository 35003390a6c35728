"""Encoded sound on a grid of frames from the file's beginning. For worker processes.

Codecs overlap their frames, so an encoder that starts at a cut is heard there. Each segment is
encoded from some frames before it to some after, and these are dropped: what remains is what one
encoder over the whole file would have made.
"""

from __future__ import annotations

from array import array
from typing import cast

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from revenge.playback.deciding.sound import SoundCodec, SoundFormat
from revenge.playback.media import boxes, cuts, reading
from revenge.playback.media.boxes import Parts
from revenge.playback.pool import work
from revenge.playback.segments import muxing, pcm

_ENCODERS = {
    # better than the default coder at these rates, says ffmpeg's manual, and half the work
    SoundCodec.AAC: ("aac", "fltp", {"aac_coder": "fast"}),
    SoundCodec.OPUS: ("libopus", "flt", {"frame_duration": "20"}),
}

_BEFORE, _AFTER = 5, 2  # frames; Opus decoders settle within 80 ms


def init_segment(order: work.SoundInit) -> bytes:
    sound = pcm.silence(order.format.channels, 4 * order.format.codec.frame)
    init = _encoded(sound, order.format, 0, range(3)).init
    return init if order.format.codec is SoundCodec.AAC else boxes.without_pre_skip(init)


def segment(order: work.EncodeSound) -> bytes:
    begin, frame = order.first - _BEFORE, order.format.codec.frame
    sound = pcm.read(order, begin * frame, (order.last + _AFTER) * frame)
    return _encoded(sound, order.format, begin, range(order.first, order.last)).media


def _encoded(sound: pcm.Sound, format: SoundFormat, begin: int, kept: range) -> Parts:
    """Of sound that starts at frame `begin`, the frames `kept`."""
    if not kept:
        raise reading.NoMedia
    size = format.codec.frame
    into = muxing.Muxed()
    with muxing.muxer(into) as target:
        stream = _stream(target, format)
        for number in range(len(sound[0]) // (size * pcm.SAMPLE)):
            frame = _frame(sound, format, number)
            frame.pts = (begin + number) * size
            _keep(target, stream, stream.encode(frame), kept)
        _keep(target, stream, stream.encode(None), kept)
    return into.parts


def _stream(target: OutputContainer, format: SoundFormat) -> AudioStream:
    name, samples, options = _ENCODERS[format.codec]
    stream = cast("AudioStream", target.add_stream(name, rate=format.sample_rate, options=options))
    stream.codec_context.layout = format.layout
    stream.codec_context.format = samples
    stream.codec_context.bit_rate = format.codec.bit_rate(format.channels)
    return stream


def _frame(sound: pcm.Sound, format: SoundFormat, number: int) -> AudioFrame:
    samples = _ENCODERS[format.codec][1]
    size = format.codec.frame * pcm.SAMPLE
    frame = AudioFrame(format=samples, layout=format.layout, samples=format.codec.frame)
    frame.sample_rate = format.sample_rate
    channels = [bytes(channel[number * size : (number + 1) * size]) for channel in sound]
    planes = channels if frame.format.is_planar else [_interleaved(channels)]
    for channel, plane in zip(planes, frame.planes, strict=True):
        plane.update(channel)
    return frame


def _interleaved(channels: list[bytes]) -> bytes:
    mixed = array("f", b"".join(channels))
    for number, channel in enumerate(channels):
        mixed[number :: len(channels)] = array("f", channel)
    return mixed.tobytes()


def _keep(
    target: OutputContainer, stream: AudioStream, packets: list[Packet[AudioStream]], kept: range
) -> None:
    """A packet of Opus is heard some samples before its frame, for which encoders look ahead."""
    frame = stream.codec_context.frame_size
    for packet in packets:
        if packet.pts is None or -(-packet.pts // frame) not in kept:
            continue
        packet.pts += int(cuts.EPOCH * stream.codec_context.sample_rate)
        packet.dts = packet.pts
        muxing.write(target, stream, cast("Packet[Stream]", packet))
