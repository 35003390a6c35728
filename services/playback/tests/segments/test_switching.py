"""A player changes the quality in mid-play: at any boundary, the next segment fits."""

from fractions import Fraction
from itertools import pairwise

import msgspec
import pytest

from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import CopiedVideo, EncodedVideo
from revenge.playback.testing.rig import Clips, Rig, positions, shown

MILLISECOND = Fraction(1, 1000)
SMALL = ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
SMALLER = msgspec.structs.replace(SMALL, name="240p", width=160, height=90)


@pytest.mark.parametrize("name", ["short.mp4", "short.mkv", "opengop.ts"])
async def test_every_quality_shows_the_same_pictures_at_the_same_times(
    rig: Rig, clips: Clips, name: str
) -> None:
    played = [
        sorted(packet.pts for packet in shown(await rig.joined(clips(name), rendition)))
        for rendition in (CopiedVideo(), EncodedVideo(SMALL), EncodedVideo(SMALLER))
    ]

    for other in played[1:]:
        assert len(other) == len(played[0])
        assert max(abs(a - b) for a, b in zip(played[0], other, strict=True)) < MILLISECOND


@pytest.mark.parametrize("name", ["short.mp4", "short.mkv"])
async def test_a_switch_at_any_boundary_loses_and_doubles_nothing(
    rig: Rig, clips: Clips, name: str
) -> None:
    rungs = [EncodedVideo(SMALL), EncodedVideo(SMALLER)]
    grid = await rig.segmenter.grid(await rig.source(clips(name)), rungs[0])

    taken = [
        shown(await rig.joined(clips(name), rungs[number % 2], [number]))
        for number in range(len(grid))
    ]

    assert all(one[-1].dts < other[0].dts for one, other in pairwise(taken))
    times = sorted(packet.pts for packets in taken for packet in packets)
    film = positions(shown(clips(name)))
    assert len(times) == len(film)
    assert max(abs(a - times[0] - b) for a, b in zip(times, film, strict=True)) < MILLISECOND
