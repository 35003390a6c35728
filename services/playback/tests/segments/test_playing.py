"""Whole plays of media as they come: nothing is lost, doubled, moved, or complained about."""

import random
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
    Rendition,
    SubtitleTrack,
)
from revenge.playback.media import cuts
from revenge.playback.media import survey as surveys
from revenge.playback.testing.rig import Clips, Rig, complaints, positions, shown

MILLISECOND = Fraction(1, 1000)
A_FRAGMENT = Fraction(5, 2)  # seconds, of fragments.mp4; the last may lack the end of one track
IN_STEP = 5 * MILLISECOND
SMALL = EncodedVideo(
    ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
)

FILMS = [
    *("short.mp4", "opengop.ts", "opengop.mp4", "opengop.mkv", "sparse.mkv"),
    *("negative.ts", "wrapping.ts", "noindex.mkv", "fragments.mp4", "open.mp4", "film.ts"),
]
VARYING = ["changing.mkv", "changing.mp4"]


async def pictures(rig: Rig, clips: Clips, name: str) -> list[Rendition]:
    survey = await rig.segmenter.survey(await rig.source(clips(name)))
    copied = [] if surveys.obstacle_to_copying(survey) else [CopiedVideo()]
    return [*copied, SMALL]


def with_subtitles(rig: Rig, clips: Clips, count: int) -> Path:
    inputs: list[str | Path] = []
    maps: list[str | Path] = ["-map", "0"]
    for number in range(count):
        path = rig.folder / f"{number}.srt"
        path.write_text(f"1\n00:00:01,000 --> 00:00:02,000\nLine of {number}\n")
        inputs += ["-i", path]
        maps += ["-map", str(number + 1)]
    target = rig.folder / "subtitled.mkv"
    clips.run("-i", clips("short.mp4"), *inputs, *maps, "-c", "copy", "-c:s", "srt", target)
    return target


@pytest.mark.parametrize("name", [*FILMS, *VARYING])
async def test_every_picture_plays_once_and_in_time(rig: Rig, clips: Clips, name: str) -> None:
    expected = positions(shown(clips(name)))
    for rendition in await pictures(rig, clips, name):
        played = await rig.joined(clips(name), rendition)

        packets = shown(played)
        assert all(one.dts < other.dts for one, other in pairwise(packets))
        assert len(packets) == len(expected), rendition
        apart = [abs(a - b) for a, b in zip(positions(packets), expected, strict=True)]
        assert max(apart) < MILLISECOND, rendition
        assert complaints(clips.ffmpeg, played) == "", rendition


@pytest.mark.parametrize("name", [*FILMS, *VARYING])
async def test_every_segment_decodes_alone(rig: Rig, clips: Clips, name: str) -> None:
    source = await rig.source(clips(name))
    for rendition in await pictures(rig, clips, name):
        count = len(await rig.segmenter.grid(source, rendition))
        for number in random.Random(name).sample(range(count), count):
            played = await rig.joined(clips(name), rendition, [number])

            assert "rror" not in complaints(clips.ffmpeg, played), (rendition, number)


@pytest.mark.parametrize("name", FILMS)
async def test_zigzag_seeks_give_what_linear_play_gives(rig: Rig, clips: Clips, name: str) -> None:
    source = await rig.source(clips(name))
    for rendition in await pictures(rig, clips, name):
        count = len(await rig.segmenter.grid(source, rendition))
        for number in random.Random(name).sample(range(count), count):
            await rig.segmenter.segment(source, rendition, number, "viewer")

        zigzag = shown(await rig.joined(clips(name), rendition))

        assert positions(zigzag) == pytest.approx(positions(shown(clips(name))), abs=MILLISECOND)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "pal.mp4", "changing.mkv"])
async def test_a_segment_is_decoded_from_when_its_first_picture_is_shown(
    rig: Rig, clips: Clips, name: str
) -> None:
    """hls.js takes its first decode time for its place in the film."""
    source = await rig.source(clips(name))
    for rendition in await pictures(rig, clips, name):
        grid = await rig.segmenter.grid(source, rendition)
        for number in range(min(3, len(grid))):
            packets = shown(await rig.joined(clips(name), rendition, [number]))

            assert packets[0].dts == packets[0].pts == min(packet.pts for packet in packets)
            assert abs(packets[0].dts - cuts.EPOCH - grid.cuts[number]) < MILLISECOND, rendition


@pytest.mark.parametrize("rendition", [CopiedVideo(), SMALL])
async def test_a_key_picture_is_decoded_when_it_is_shown(
    rig: Rig, clips: Clips, rendition: CopiedVideo | EncodedVideo
) -> None:
    keys = shown(await rig.joined(clips("film.mkv"), KeyPictures(rendition), [0, 3]))

    assert [packet.dts for packet in keys] == [packet.pts for packet in keys]


@pytest.mark.parametrize("name", FILMS)
async def test_sound_and_pictures_are_in_step(rig: Rig, clips: Clips, name: str) -> None:
    before = shown(clips(name), 1)[0].pts - min(packet.pts for packet in shown(clips(name)))
    copied = await rig.joined(clips(name), CopiedAudio(1))
    assert complaints(clips.ffmpeg, copied) == ""
    for rendition in await pictures(rig, clips, name):
        played = await rig.joined(clips(name), rendition)

        after = shown(copied)[0].pts - min(packet.pts for packet in shown(played))

        assert abs(before - after) < IN_STEP, rendition


async def test_pictures_with_a_key_frame_every_half_a_minute_are_copied(
    rig: Rig, clips: Clips
) -> None:
    path = clips("halfminutes.mkv")
    source = await rig.source(path)

    played = await rig.joined(path, CopiedVideo())

    assert surveys.obstacle_to_copying(await rig.segmenter.survey(source)) is None
    durations = (await rig.segmenter.grid(source, CopiedVideo())).durations
    assert durations == pytest.approx([30, 30, 10], abs=0.1)
    assert [one.digest for one in shown(played)] == [one.digest for one in shown(path)]
    assert complaints(clips.ffmpeg, played) == ""


async def test_pictures_without_a_time_are_not_shown(rig: Rig, clips: Clips) -> None:
    """libav gives pictures of Matroska none before zero, so that they cannot be placed."""
    path = clips("negative.mkv")
    copied = await rig.joined(path, CopiedVideo())
    encoded = await rig.joined(path, SMALL)

    assert complaints(clips.ffmpeg, copied) == complaints(clips.ffmpeg, encoded) == ""
    assert {packet.pts for packet in shown(copied)} <= {
        packet.pts - shown(path)[0].pts + cuts.EPOCH for packet in shown(path)
    }


async def test_a_file_with_thirty_subtitles_plays(rig: Rig, clips: Clips) -> None:
    path = with_subtitles(rig, clips, 30)
    source = await rig.source(path)

    pictures = await rig.joined(path, CopiedVideo())
    first, last = [
        (await rig.segmenter.subtitles(source, SubtitleTrack(index, None), 0)).read_text()
        for index in (2, 31)
    ]

    assert len(shown(pictures)) == len(shown(clips("short.mp4")))
    assert "Line of 0" in first
    assert "Line of 29" in last


@pytest.mark.parametrize("rendition", [CopiedVideo(), SMALL])
async def test_key_pictures_are_pictures_of_the_film(
    rig: Rig, clips: Clips, rendition: CopiedVideo | EncodedVideo
) -> None:
    keys = await rig.joined(clips("opengop.ts"), KeyPictures(rendition))

    assert complaints(clips.ffmpeg, keys) == ""
    film = positions(shown(clips("opengop.ts")))
    assert all(
        min(abs(one - time) for time in film) < MILLISECOND for one in positions(shown(keys))
    )


@pytest.mark.parametrize("share", [Fraction(1, 3), Fraction(9, 10)])
@pytest.mark.parametrize("name", ["short.mkv", "film.ts", "noindex.mkv", "fragments.mp4"])
async def test_a_file_that_ends_early_plays_as_far_as_it_goes(
    rig: Rig, clips: Clips, name: str, share: Fraction
) -> None:
    path = rig.folder / name
    whole = clips(name).read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    source = await rig.source(path)

    for rendition in (CopiedVideo(), SMALL, CopiedAudio(1), EncodedAudio(1)):
        played = await rig.joined(path, rendition)

        survey = await rig.segmenter.survey(source)
        played_until = shown(played)[-1].pts - cuts.EPOCH
        assert abs(played_until - survey.duration) < A_FRAGMENT, rendition
