from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from revenge.playback.deciding.renditions import CopiedAudio, CopiedVideo
from revenge.playback.faults import SegmentNotFound
from revenge.playback.media import cuts
from revenge.playback.media import survey as surveys
from revenge.playback.testing.rig import Clips, Rig, complaints, positions, shown

MILLISECOND = Fraction(1, 1000)

PICTURES = ["film.mp4", "film.mkv", "late.mkv", "open.mkv", "open.mp4"]


@pytest.mark.parametrize("name", PICTURES)
async def test_joined_segments_hold_every_picture_as_it_was(
    rig: Rig, clips: Clips, name: str
) -> None:
    joined = await rig.joined(clips(name), CopiedVideo())

    before, after = shown(clips(name)), shown(joined)
    assert [packet.digest for packet in after] == [packet.digest for packet in before]


@pytest.mark.parametrize("name", [*PICTURES, "film.ts"])
async def test_every_picture_is_shown_when_it_was(rig: Rig, clips: Clips, name: str) -> None:
    joined = await rig.joined(clips(name), CopiedVideo())

    before, after = positions(shown(clips(name))), positions(shown(joined))
    assert len(after) == len(before)
    assert all(
        abs(one - other) < MILLISECOND / 10 for one, other in zip(before, after, strict=True)
    )


@pytest.mark.parametrize("name", [*PICTURES, "film.ts"])
async def test_decode_times_rise_over_all_segments(rig: Rig, clips: Clips, name: str) -> None:
    joined = await rig.joined(clips(name), CopiedVideo())

    packets = shown(joined)
    assert all(one.dts < other.dts for one, other in pairwise(packets))
    assert all(packet.dts <= packet.pts for packet in packets)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "late.mkv", "surround.mkv", "open.mkv"])
async def test_joined_sound_is_the_sound_of_the_file(rig: Rig, clips: Clips, name: str) -> None:
    joined = await rig.joined(clips(name), CopiedAudio(index=1))

    before, after = shown(clips(name), 1), shown(joined)
    assert [packet.digest for packet in after] == [packet.digest for packet in before]


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "late.mkv", "surround.mkv"])
async def test_sound_and_pictures_stay_in_step(rig: Rig, clips: Clips, name: str) -> None:
    pictures = await rig.joined(clips(name), CopiedVideo())
    sound = await rig.joined(clips(name), CopiedAudio(index=1))

    apart_before = shown(clips(name), 1)[0].pts - min(p.pts for p in shown(clips(name)))
    apart_after = shown(sound)[0].pts - min(p.pts for p in shown(pictures))
    assert abs(apart_before - apart_after) < MILLISECOND


async def test_the_first_picture_is_shown_on_the_epoch(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("late.mkv"), CopiedVideo())

    assert min(packet.pts for packet in shown(joined)) == cuts.EPOCH


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "open.mkv"])
async def test_any_segment_alone_starts_where_its_cut_is(rig: Rig, clips: Clips, name: str) -> None:
    source = await rig.source(clips(name))
    grid = await rig.segmenter.grid(source, CopiedVideo())

    joined = await rig.joined(clips(name), CopiedVideo(), [5])

    starts = [packet.pts for packet in shown(joined)]
    assert abs(min(starts) - cuts.EPOCH - grid.cuts[5]) < Fraction(1, 5)
    assert max(starts) - cuts.EPOCH < grid.cuts[6]


async def test_a_segment_beyond_the_end_is_not_found(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mp4"))

    with pytest.raises(SegmentNotFound):
        await rig.segmenter.segment(source, CopiedVideo(), 1000, "viewer")


async def test_a_file_with_one_key_frame_cannot_be_copied(rig: Rig, clips: Clips) -> None:
    survey = await rig.segmenter.survey(await rig.source(clips("onekey.mp4")))

    assert surveys.obstacle_to_copying(survey) is not None


async def test_a_file_without_sound_has_pictures(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("silent.mp4"), CopiedVideo())

    assert len(shown(joined)) == len(shown(clips("silent.mp4")))


async def test_a_file_without_pictures_has_sound(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("song.m4a"), CopiedAudio(index=0))

    assert len(shown(joined)) == len(shown(clips("song.m4a")))


def with_dolby_vision(rig: Rig, clips: Clips) -> Path:
    """HEVC with a unit of reshaping data, and one of an enhancement layer, after each picture."""
    path = rig.folder / "film.mkv"
    added = b"".join(
        (22).to_bytes(4, "big") + bytes([kind << 1, 1, *[25] * 20]) for kind in (62, 63)
    )
    with av.open(str(clips("open.mkv"))) as source, av.open(str(path), "w") as target:
        output = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.size:
                mixed = av.Packet(bytes(packet) + added)
                mixed.pts, mixed.dts, mixed.time_base = packet.pts, packet.dts, packet.time_base
                mixed.is_keyframe, mixed.stream = packet.is_keyframe, output
                target.mux(mixed)
    return path


def kinds_of_units(path: Path) -> set[int]:
    with av.open(str(path)) as source:
        packets = [bytes(packet) for packet in source.demux(video=0) if packet.size]
    kinds = set[int]()
    for packet in packets:
        at = 0
        while at < len(packet):
            kinds.add(packet[at + 4] >> 1 & 0x3F)
            at += 4 + int.from_bytes(packet[at : at + 4], "big")
    return kinds


async def test_the_base_layer_of_dolby_vision_is_without_it(rig: Rig, clips: Clips) -> None:
    path = with_dolby_vision(rig, clips)

    whole = await rig.joined(path, CopiedVideo())
    base = await rig.joined(path, CopiedVideo(base_layer=True))

    assert {62, 63} <= kinds_of_units(whole)
    assert not {62, 63} & kinds_of_units(base)
    assert positions(shown(base)) == positions(shown(whole))
    assert complaints(clips.ffmpeg, base) == ""
