"""Writing what comes before the media of a fragment (ISO/IEC 14496-12, 8.8)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from revenge.playback.media.boxes import BoxDamaged, boxed

_U32 = struct.Struct(">I")
_HEADER = 8  # bytes of a box's size and kind
_TRACK = 1
_BASE_IS_MOOF = 0x20000
_SAID = 0x1 | 0x100 | 0x200 | 0x400 | 0x800  # where the data is; four numbers of each sample
_SIGNED = 1 << 24  # version 1 of `trun`: a picture may be shown before it is decoded
_KEY, _OTHER = 0x02000000, 0x01010000  # depends on no other sample; on others, and no sync sample


class Sample(NamedTuple):
    """Times in ticks of the track; `late` is how long after its decoding it is shown."""

    duration: int
    size: int  # bytes
    key: bool
    late: int = 0


def head(start: int, samples: Sequence[Sample]) -> bytes:
    """The `moof` of the only track, and the header of the `mdat`: the samples follow it.

    `start` is when the first of them is decoded. Raises `BoxDamaged` for what does not fit.
    """
    try:
        return _head(start, samples)
    except struct.error as error:
        raise BoxDamaged("a fragment that no box can hold") from error


def _head(start: int, samples: Sequence[Sample]) -> bytes:
    first = boxed("mfhd", struct.pack(">II", 0, 1))
    track = boxed("tfhd", struct.pack(">II", _BASE_IS_MOOF, _TRACK))
    time = boxed("tfdt", struct.pack(">IQ", 1 << 24, start))
    run = [_SIGNED | _SAID, len(samples)]
    table = b"".join(map(_entry, samples))
    empty = boxed("traf", track + time + boxed("trun", struct.pack(">III", *run, 0) + table))
    data = len(first) + len(empty) + 2 * _HEADER  # from the start of `moof`
    trun = boxed("trun", struct.pack(">III", *run, data) + table)
    moof = boxed("moof", first + boxed("traf", track + time + trun))
    size = _HEADER + sum(sample.size for sample in samples)
    return moof + _U32.pack(size) + b"mdat"


def _entry(sample: Sample) -> bytes:
    flags = _KEY if sample.key else _OTHER
    return struct.pack(">IIIi", sample.duration, sample.size, flags, sample.late)
