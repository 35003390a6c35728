"""Subtitles of images as they are, for clients that show them."""

from pathlib import Path

import pytest

from revenge.playback.deciding.renditions import SubtitleTrack
from revenge.playback.faults import MediaDamaged
from revenge.playback.testing.pgs import pgs
from revenge.playback.testing.rig import Clips, Rig, shown


@pytest.fixture
def film(rig: Rig, clips: Clips) -> Path:
    """Black, with PGS and VobSub: a bar from the third second to the sixth."""
    (rig.folder / "bar.sup").write_bytes(pgs(3, 6))
    path = rig.folder / "film.mkv"
    images = ("-itsoffset", "3", "-i", rig.folder / "bar.sup")  # it counts from its start
    maps = ("-map", "0:v", "-map", "1:s", "-map", "1:s")
    codecs = ("-c", "copy", "-c:s:1", "dvdsub")
    clips.run("-i", clips("black.mp4"), *images, *maps, *codecs, path)
    return path


@pytest.mark.parametrize(("index", "ending"), [(1, "sup"), (1, "mks"), (2, "mks")])
async def test_a_track_of_images_is_had_as_it_is(
    rig: Rig, film: Path, index: int, ending: str
) -> None:
    source = await rig.source(film)

    made = await rig.segmenter.images(source, SubtitleTrack(index, None), ending)

    before, after = shown(film, index), shown(made)
    assert float(after[0].pts) == pytest.approx(3, abs=0.05)
    if ending == "mks":
        assert [packet.digest for packet in after] == [packet.digest for packet in before]


async def test_images_beside_the_film_may_be_later(rig: Rig, clips: Clips) -> None:
    beside = rig.folder / "bar.sup"
    beside.write_bytes(pgs(3, 6))
    source = await rig.source(clips("black.mp4"))

    made = await rig.segmenter.images(source, SubtitleTrack(None, str(beside), 1500), "sup")

    assert float(shown(made)[0].pts) == pytest.approx(4.5, abs=0.05)


async def test_what_is_no_pgs_is_not_had_as_such(rig: Rig, film: Path) -> None:
    with pytest.raises(MediaDamaged):
        await rig.segmenter.images(await rig.source(film), SubtitleTrack(2, None), "sup")
