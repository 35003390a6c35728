"""Subtitles that are drawn into the pictures."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import Burned, EncodedVideo, KeyPictures, SubtitleTrack
from revenge.playback.testing.pgs import pgs
from revenge.playback.testing.rig import Clips, Rig, complaints, shown

SMALL = ladder.Encoding("480p", 320, 180, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
WHITE = 200  # of brightness, and more


@pytest.fixture
def images(rig: Rig, clips: Clips) -> Path:
    """Black for twelve seconds; a bar from the third second to the sixth."""
    beside = rig.folder / "bar.sup"
    beside.write_bytes(pgs(3, 6))
    path = rig.folder / "images.mkv"
    both = ("-i", clips("black.mp4"), "-itsoffset", "3", "-i", beside)  # it counts from its start
    clips.run(*both, "-map", "0", "-map", "1", "-c", "copy", path)
    return path


def bar_seen(path: Path) -> list[float]:
    """When the middle of the picture is white, in seconds on its own clock, minus ten."""
    with av.open(str(path)) as source:
        frames = list(source.decode(video=0))
    return [
        float(frame.time or 0) - 10
        for frame in frames
        if float(np.mean(frame.to_ndarray(format="gray")[82:98, 120:200])) > WHITE
    ]


@pytest.mark.parametrize("numbers", [[0, 1, 2], [1]])
async def test_images_are_in_the_picture_while_they_are_shown(
    rig: Rig, images: Path, numbers: list[int]
) -> None:
    """Also where a viewer starts in the midst of one."""
    rendition = EncodedVideo(SMALL, Burned(SubtitleTrack(1, None), images=True))

    played = await rig.joined(images, rendition, numbers)

    seen = bar_seen(played)
    start, end = (packet.pts - shown(images)[0].pts for packet in shown(images, 1))
    assert min(seen) == pytest.approx(float(max(start, 4 * numbers[0])), abs=0.05)
    assert max(seen) == pytest.approx(float(end), abs=0.05)
    assert complaints(rig.transcoder.ffmpeg, played) == ""


async def test_images_of_a_dvd_are_drawn_as_well(rig: Rig, images: Path, clips: Clips) -> None:
    """This one does not say when it ends."""
    dvd = rig.folder / "dvd.mkv"
    clips.run("-i", images, "-map", "0", "-c:v", "copy", "-c:s", "dvdsub", dvd)
    track = SubtitleTrack(1, None)

    played = await rig.joined(dvd, EncodedVideo(SMALL, Burned(track, images=True)))

    seen = bar_seen(played)
    assert min(seen) == pytest.approx(3, abs=0.05)
    assert len(shown(played)) == len(shown(dvd))


@pytest.mark.parametrize("offset_ms", [0, 1500])
async def test_images_may_be_beside_the_film_and_later(
    rig: Rig, clips: Clips, offset_ms: int
) -> None:
    beside = rig.folder / "bar.sup"
    beside.write_bytes(pgs(3, 6))
    track = SubtitleTrack(None, str(beside), offset_ms)

    played = await rig.joined(clips("black.mp4"), EncodedVideo(SMALL, Burned(track, images=True)))

    seen = bar_seen(played)
    assert min(seen) == pytest.approx(3 + offset_ms / 1000, abs=0.05)
    assert max(seen) == pytest.approx(6 + offset_ms / 1000, abs=0.05)


async def test_no_picture_is_lost_by_drawing_on_it(rig: Rig, images: Path, clips: Clips) -> None:
    rendition = EncodedVideo(SMALL, Burned(SubtitleTrack(1, None), images=True))

    played = await rig.joined(images, rendition)

    assert len(shown(played)) == len(shown(clips("black.mp4")))


@pytest.mark.parametrize(("offset_ms", "start"), [(0, 3), (2000, 5)])
async def test_text_is_in_the_picture_while_it_is_shown(
    rig: Rig, clips: Clips, offset_ms: int, start: int
) -> None:
    """A drawing needs no font."""
    path = rig.folder / "drawn.ass"
    path.write_text(DRAWING)
    track = SubtitleTrack(None, str(path), offset_ms)

    played = await rig.joined(clips("black.mp4"), EncodedVideo(SMALL, Burned(track, images=False)))

    seen = bar_seen(played)
    assert min(seen) == pytest.approx(start, abs=0.05)
    assert max(seen) == pytest.approx(start + 3, abs=0.05)


@pytest.mark.parametrize("offset_ms", [0, 2000, -2000])
@pytest.mark.parametrize("name", ["drawn.srt", "drawn.vtt"])
async def test_text_of_any_kind_is_drawn_when_it_is_shown(
    rig: Rig, clips: Clips, name: str, offset_ms: int
) -> None:
    path = rig.folder / name
    head = "WEBVTT\n\n" if name.endswith("vtt") else "1\n"
    path.write_text(
        f"{head}00:00:03.000 --> 00:00:06.000\n{ALL_WHITE}\n".replace(
            ".", "." if name.endswith("vtt") else ","
        )
    )
    track = SubtitleTrack(None, str(path), offset_ms)

    played = await rig.joined(clips("black.mp4"), EncodedVideo(SMALL, Burned(track, images=False)))

    seen = bar_seen(played)
    assert min(seen) == pytest.approx(3 + offset_ms / 1000, abs=0.05)
    assert max(seen) == pytest.approx(6 + offset_ms / 1000, abs=0.05)


async def test_text_is_on_key_pictures_too(rig: Rig, clips: Clips) -> None:
    path = rig.folder / "drawn.ass"
    path.write_text(DRAWING)
    burned = Burned(SubtitleTrack(None, str(path)), images=False)

    played = await rig.joined(clips("black.mp4"), KeyPictures(EncodedVideo(SMALL, burned)))

    assert bar_seen(played) == pytest.approx([4.0])


async def test_a_film_with_and_without_is_not_the_same(rig: Rig, images: Path) -> None:
    bare = await rig.joined(images, EncodedVideo(SMALL))

    assert bar_seen(bare) == []
    assert Fraction(len(shown(bare)), 25) == 12


ALL_WHITE = r"{\an7\pos(0,0)\p1}m 0 0 l 4000 0 4000 4000 0 4000"
DRAWING = """[Script Info]
ScriptType: v4.00+
PlayResX: 320
PlayResY: 180

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,\
0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.00,0:00:06.00,Default,,0,0,0,,{\\pos(110,80)\\p1}m 0 0 l 100 0 100 20 0 20
"""
