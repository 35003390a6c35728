"""A worker process: reads media with libav, which a damaged file can take down with it.

    python -m revenge.playback.pool.worker

It takes one order after the other from its standard input, writes each product to the file that the
order names, and answers on its standard output. It ends when its input does, and when the service
that started it is gone.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from revenge.contracts.paths import to_os
from revenge.playback.media import images, reading, scripts, subtitles, surveying
from revenge.playback.pool import work
from revenge.playback.segments import copy, encode_sound

_SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # mallopt(3)
_LARGEST = 32 << 20  # bytes that are taken from the heap at once
_KEPT = 16 << 20  # bytes of it that stay when it is empty


def main() -> None:
    _die_with_parent()
    _keep_memory()
    orders, replies = sys.stdin.buffer, _take_stdout()
    _say(replies, work.READY)
    while (order := _next_order(orders)) is not None:
        _say(replies, work.encode(_reply(order)))


def _say(replies: BinaryIO, message: bytes) -> None:
    replies.write(message)
    replies.flush()


def _die_with_parent() -> None:
    """A libav that hangs would not notice that its input has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service to handle


def _keep_memory() -> None:
    """The next segment needs as much as this one: the system takes longer to give it than we do."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc
        libc.mallopt(_MMAP_THRESHOLD, _LARGEST)
        libc.mallopt(_TRIM_THRESHOLD, _KEPT)
        libc.mallopt(_TOP_PAD, _KEPT)


def _take_stdout() -> BinaryIO:
    """What a library prints goes to standard error instead of between the replies."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _next_order(orders: BinaryIO) -> work.AnyOrder | None:
    header = orders.read(work.LENGTH.size)
    if len(header) < work.LENGTH.size:
        return None
    return work.decode_order(orders.read(work.LENGTH.unpack(header)[0]))


def _reply(order: work.AnyOrder) -> work.Reply:
    try:
        size = _write(_WORK[type(order)](order), to_os(order.target))
    except reading.NoMedia:
        return work.Empty()
    except (reading.MediaUnreadable, ValueError) as error:
        return work.Damaged(str(error))
    except OSError as error:
        return work.Failed(error.errno or 0)
    return work.Done(size)


def _write(product: work.Product, path: str) -> int:
    """The size in bytes."""
    pieces = [product] if isinstance(product, bytes) else product
    with open(path, "wb") as target:  # noqa: PTH123 a plain file, no path arithmetic
        target.writelines(pieces)
        return target.tell()


_WORK: dict[type[work.AnyOrder], Callable[[Any], work.Product]] = {
    work.MakeSurvey: surveying.product,
    work.CopyInit: copy.init_segment,
    work.CopyVideo: copy.video_segment,
    work.CopyAudio: copy.audio_segment,
    work.SoundInit: encode_sound.init_segment,
    work.EncodeSound: encode_sound.segment,
    work.WriteSubtitles: subtitles.segment,
    work.WriteScript: scripts.script,
    work.WriteImages: images.images,
}

if __name__ == "__main__":
    main()
