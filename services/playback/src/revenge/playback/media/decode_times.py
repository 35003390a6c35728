"""When the pictures of a fragment are decoded (ISO/IEC 14496-12, 8.8).

Encoders that reorder pictures begin to decode some frames before the first is shown. Players that
place a segment by its first decode time, as hls.js does, would show all of the film late by that.
All that a player needs of decode times is that they rise, and that none is after its presentation:
so the first picture of a segment is decoded when it is shown, and the next few as soon after it as
it takes to be where the encoder was. When they are shown does not change.
"""

from __future__ import annotations

import itertools
import struct
from bisect import bisect_right
from collections.abc import Sequence
from operator import le, sub
from typing import NamedTuple

from revenge.playback.media.boxes import Box, BoxDamaged, boxed, boxes, find

_U32 = struct.Struct(">I")
_U64 = struct.Struct(">Q")

# of `tfhd` and of `trun`, in this order
_BASE_OFFSET, _DESCRIPTION, _DEFAULT_DURATION = 0x1, 0x2, 0x8
_DATA_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_DURATION, _SIZE, _FLAGS, _COMPOSITION = 0x100, 0x200, 0x400, 0x800


class _Sample(NamedTuple):
    """In the order of `trun`; None where it does not say. Composition offsets are signed."""

    duration: int
    size: int | None
    flags: int | None
    composition: int


class _Run(NamedTuple):
    offset: int  # of its data, from the start of `moof`
    first_flags: int | None
    samples: list[_Sample]


def aligned(media: bytes) -> bytes:
    """Fragments of one track, each decoded from when its first picture is shown.

    Sound stays as it is. Raises `BoxDamaged`.
    """
    try:
        return b"".join(_moof(box) if box.kind == "moof" else box.data for box in boxes(media))
    except (struct.error, IndexError) as error:
        raise BoxDamaged("a fragment that is cut off") from error


def shown(moof: bytes) -> list[int]:
    """When the pictures of a fragment are shown, in the order that they are decoded in, in ticks.

    Raises `BoxDamaged`.
    """
    try:
        parts = _parts(find(moof, "moof", "traf"))
        run = _read_run(parts["trun"].payload, _default_duration(parts["tfhd"].payload))
        times = _shown(_decode_time(parts["tfdt"].payload), run)
    except (struct.error, IndexError) as error:
        raise BoxDamaged("a fragment that is cut off") from error
    if not times:
        raise BoxDamaged("a fragment without pictures")
    return times


def begun_when_shown(times: Sequence[int]) -> list[int] | None:
    """Decode times of pictures that are shown at these times; None when there are no such.

    Pictures that are decoded before the one that is shown first are decoded shortly before it.
    """
    stamps = sorted(times)
    first, delay = stamps[0], max(map(sub, stamps, times))
    decoded = [stamp - delay for stamp in stamps]
    early, before = bisect_right(decoded, first), times.index(first)
    lead = decoded[early] - first if early < len(decoded) else early
    decoded[:early] = [first + (n - before) * lead // early for n in range(early)]
    rising = all(one < other for one, other in itertools.pairwise(decoded))
    return decoded if rising and all(map(le, decoded, times)) else None


def _moof(moof: Box) -> bytes:
    traf = find(moof.payload, "traf")
    parts = _parts(traf)
    default = _default_duration(parts["tfhd"].payload)
    if traf is None or not _is_reordered(traf, parts["trun"].payload, default):
        return moof.data
    run = _read_run(parts["trun"].payload, default)
    changed = _begun_when_shown(_decode_time(parts["tfdt"].payload), run)
    if changed is None:
        return moof.data
    start, run = changed
    tfdt = boxed("tfdt", b"\1\0\0\0" + _U64.pack(start))
    grown = len(tfdt) + len(_trun(run)) - len(parts["tfdt"].data) - len(parts["trun"].data)
    new = {"tfdt": tfdt, "trun": _trun(run._replace(offset=run.offset + grown))}
    track = boxed("traf", _replaced(traf.payload, new))
    return boxed("moof", _replaced(moof.payload, {"traf": track}))


def _begun_when_shown(start: int, run: _Run) -> tuple[int, _Run] | None:
    times = _shown(start, run)
    decoded = begun_when_shown(times)
    if decoded is None:
        return None
    ends = [*decoded[1:], decoded[-1] + run.samples[-1].duration]
    samples = [
        sample._replace(duration=end - time, composition=at - time)
        for sample, time, end, at in zip(run.samples, decoded, ends, times, strict=True)
    ]
    return decoded[0], run._replace(samples=samples)


def _shown(start: int, run: _Run) -> list[int]:
    times, time = list[int](), start
    for sample in run.samples:
        times.append(time + sample.composition)
        time += sample.duration
    return times


def _parts(traf: Box | None) -> dict[str, Box]:
    if traf is None:
        raise BoxDamaged("a fragment without a track")
    parts = {box.kind: box for box in boxes(traf.payload)}
    if not {"tfhd", "tfdt", "trun"} <= parts.keys():
        raise BoxDamaged("a fragment without times")
    return parts


def _is_reordered(traf: Box, trun: bytes, default_duration: int | None) -> bool:
    """And says all that is needed to write it anew."""
    flags = _u32(trun, 0)
    runs = [box for box in boxes(traf.payload) if box.kind == "trun"]
    lasts = default_duration is not None or bool(flags & _DURATION)
    said = bool(flags & _COMPOSITION and flags & _DATA_OFFSET and _u32(trun, 4))
    return len(runs) == 1 and lasts and said


def _read_run(trun: bytes, default_duration: int | None) -> _Run:
    version, flags, count = trun[0], _u32(trun, 0) & 0xFFFFFF, _u32(trun, 4)
    places = itertools.count(8, 4)

    def given(flag: int) -> int | None:
        return _u32(trun, next(places)) if flags & flag else None

    offset, first_flags = given(_DATA_OFFSET) or 0, given(_FIRST_FLAGS)
    samples = list[_Sample]()
    for _ in range(count):
        duration, size, marks = given(_DURATION), given(_SIZE), given(_FLAGS)
        late = given(_COMPOSITION) or 0
        late -= (late >> 31) << 32 if version else 0
        length = duration if duration is not None else default_duration or 0
        samples.append(_Sample(length, size, marks, late))
    return _Run(offset, first_flags, samples)


def _trun(run: _Run) -> bytes:
    first = run.samples[0]
    flags = _DATA_OFFSET | _DURATION | _COMPOSITION
    flags |= _FIRST_FLAGS if run.first_flags is not None else 0
    flags |= _SIZE if first.size is not None else 0
    flags |= _FLAGS if first.flags is not None else 0
    fields = [flags, len(run.samples), run.offset, run.first_flags]
    fields += [field for sample in run.samples for field in sample]
    said = [field for field in fields if field is not None]
    return boxed("trun", struct.pack(f">{len(said)}I", *said))


def _default_duration(tfhd: bytes) -> int | None:
    flags = _U32.unpack_from(tfhd)[0]
    if not flags & _DEFAULT_DURATION:
        return None
    return _u32(tfhd, 8 + 8 * bool(flags & _BASE_OFFSET) + 4 * bool(flags & _DESCRIPTION))


def _decode_time(tfdt: bytes) -> int:
    return int((_U64 if tfdt[0] == 1 else _U32).unpack_from(tfdt, 4)[0])


def _u32(data: bytes, at: int) -> int:
    return int(_U32.unpack_from(data, at)[0])


def _replaced(data: bytes, new: dict[str, bytes]) -> bytes:
    return b"".join(new.get(box.kind, box.data) for box in boxes(data))
