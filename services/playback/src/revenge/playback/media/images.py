"""Subtitles of images, all or a stretch, in a file of their own. Runs in worker processes.

To draw them, ffmpeg could read them from the film itself, but each would appear some pictures late:
it takes it for not there until it comes upon it, and pictures lie in a file before their time.
"""

from __future__ import annotations

import io

from av import open as av_open

from revenge.playback.media import dialogue, reading
from revenge.playback.pool import work
from revenge.playback.segments import muxing


def images(order: work.WriteImages) -> bytes:
    file = io.BytesIO()
    with reading.opened(order.path) as source, av_open(file, "w", format=order.format) as target:
        stream = dialogue.track(source, order.index or 0)  # a file beside the film has one
        output = target.add_stream_from_template(stream, opaque=True)
        origin = muxing.ticks(order.origin, reading.time_base(stream))
        for packet in dialogue.packets(source, stream, order):
            packet.pts = packet.dts = max(0, (packet.pts or 0) - origin)
            muxing.write(target, output, packet)
    if not file.getvalue():
        raise reading.NoMedia
    return file.getvalue()
