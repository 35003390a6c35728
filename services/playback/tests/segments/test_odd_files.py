"""Files that are not as they should be: each plays as far as it can."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import (
    CopiedAudio,
    CopiedVideo,
    EncodedAudio,
    EncodedVideo,
    KeyPictures,
)
from revenge.playback.faults import MediaDamaged
from revenge.playback.testing.rig import Clips, Rig, complaints, positions, shown

MILLISECOND = Fraction(1, 1000)
COLORS = ladder.Colors("bt709", "bt709", "bt709")
SMALL = ladder.Encoding("480p", 214, 120, 1_400_000, 30, COLORS)
FROM_FIELDS = ladder.Encoding("480p", 214, 120, 1_400_000, 30, COLORS, deinterlace=True)


def damaged(path: Path, copy: Path) -> Path:
    """With nonsense in the middle of it."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 50_000] = b"\xa5" * 50_000
    copy.write_bytes(content)
    return copy


def cut_off(path: Path, copy: Path, share: Fraction) -> Path:
    content = path.read_bytes()
    copy.write_bytes(content[: int(len(content) * share)])
    return copy


async def test_a_file_of_changing_frame_rate_keeps_every_picture(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("changing.mkv"), EncodedVideo(SMALL))

    before, after = positions(shown(clips("changing.mkv"))), positions(shown(joined))
    assert len(after) == len(before)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < MILLISECOND


async def test_fields_become_pictures(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("fields.mkv"), EncodedVideo(FROM_FIELDS))

    assert len(shown(joined)) == len(shown(clips("fields.mkv")))


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4", "film.ts"])
async def test_damage_in_the_middle_costs_only_the_middle(
    rig: Rig, clips: Clips, name: str
) -> None:
    path = damaged(clips(name), rig.folder / name)
    source = await rig.source(path)

    for rendition in (EncodedVideo(SMALL), CopiedVideo(), CopiedAudio(1), EncodedAudio(1)):
        last = len(await rig.segmenter.grid(source, rendition)) - 2
        for number in (0, last):
            part = await rig.segmenter.segment(source, rendition, number, "viewer")
            assert part.read_bytes()


@pytest.mark.parametrize("name", ["film.mkv", "film.ts"])
async def test_a_file_that_is_cut_off_plays_to_its_end(rig: Rig, clips: Clips, name: str) -> None:
    path = cut_off(clips(name), rig.folder / name, Fraction(1, 2))

    joined = await rig.joined(path, CopiedVideo(), [0, 1, 2])

    packets = shown(joined)
    assert all(one.dts < other.dts for one, other in pairwise(packets))
    assert len(packets) > 400


async def test_an_mp4_without_its_tables_is_damaged(rig: Rig, clips: Clips) -> None:
    path = cut_off(clips("film.mp4"), rig.folder / "film.mp4", Fraction(1, 2))

    with pytest.raises(MediaDamaged):
        await rig.segmenter.survey(await rig.source(path))


async def test_a_gap_in_an_old_file_is_where_it_was(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("film.avi"), EncodedVideo(SMALL), [0, 1, 2])

    after = positions(shown(joined))
    before = positions(shown(clips("film.avi")))[: len(after)]
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < MILLISECOND


async def test_where_times_jump_ahead_the_film_is_black_and_goes_on(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("jumping.mkv"), EncodedVideo(SMALL))

    packets = shown(joined)
    assert all(one.dts < other.dts for one, other in pairwise(packets))
    assert complaints(clips.ffmpeg, joined) == ""
    after = positions(packets)
    assert max(b - a for a, b in pairwise(after)) < 4  # less than a segment is without a picture


async def test_who_winds_over_a_jump_finds_black_pictures(rig: Rig, clips: Clips) -> None:
    keys = KeyPictures(EncodedVideo(SMALL))

    joined = await rig.joined(clips("jumping.mkv"), keys)

    source = await rig.source(clips("jumping.mkv"))
    assert len(shown(joined)) == len(await rig.segmenter.grid(source, keys))
    assert complaints(clips.ffmpeg, joined) == ""


async def test_what_follows_a_jump_is_whole_as_soon_as_it_is_there(rig: Rig, clips: Clips) -> None:
    """ffmpeg writes it in several fragments."""
    blank = [2]
    joined = await rig.joined(clips("jumping.mkv"), EncodedVideo(SMALL), [0, 1, *blank, 6, 7])

    black = 4 * 25
    assert len(shown(joined)) == len(shown(clips("jumping.mkv"))) + black


async def test_sound_of_which_two_packets_have_the_same_time_goes_on(
    rig: Rig, clips: Clips
) -> None:
    """As in the files of DVDs, which say the time of few packets."""
    path = rig.folder / "film.mpg"
    clips.run("-i", clips("tone.mkv"), "-c:a", "ac3", "-ac", "1", "-f", "vob", path)
    said = [packet.pts for packet in shown(path)]

    played = await rig.joined(path, CopiedAudio(0))

    times = [packet.pts for packet in shown(played)]
    assert len(set(said)) < len(said)
    assert len(times) == len(said)
    assert max(later - time for time, later in pairwise(times)) < Fraction(1, 10)
    assert min(later - time for time, later in pairwise(times)) > 0
    assert complaints(clips.ffmpeg, played) == ""


async def test_a_file_that_was_replaced_is_another_file(rig: Rig, clips: Clips) -> None:
    path = rig.folder / "film.mkv"
    path.write_bytes(clips("film.mkv").read_bytes())
    first = await rig.segmenter.segment(await rig.source(path), CopiedVideo(), 1, "viewer")

    path.unlink()
    path.write_bytes(clips("open.mkv").read_bytes())
    second = await rig.segmenter.segment(await rig.source(path), CopiedVideo(), 1, "viewer")

    assert first != second
    assert first.read_bytes() != second.read_bytes()
