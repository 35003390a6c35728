"""A disk without room, a real one: what is asked for is refused, and made when there is room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from revenge.contracts import Fault
from revenge.embedded.testing._disks import Disks, fill
from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import CopiedVideo, EncodedAudio, EncodedVideo, Rendition
from revenge.playback.faults import CacheFull
from revenge.playback.segments.run import Limits
from revenge.playback.testing.rig import Clips, Rig

SMALL = EncodedVideo(
    ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
)


@pytest.fixture
def disk(tmp_path: Path, disks: Disks) -> Path:
    return disks.mount(tmp_path / "disk", "size=16m")


@pytest.fixture
async def small(disk: Path, clips: Clips) -> AsyncIterator[Rig]:
    made = Rig(disk, clips.ffmpeg, Limits(runs=2, ahead=2, idle_s=5))
    yield made
    await made.close()


@pytest.mark.parametrize("rendition", [SMALL, CopiedVideo(), EncodedAudio(1)])
async def test_a_full_disk_refuses_a_segment_until_there_is_room(
    small: Rig, disk: Path, clips: Clips, rendition: Rendition
) -> None:
    source = await small.source(clips("film.mkv"))
    await small.segmenter.survey(source)
    ballast = fill(disk)

    with pytest.raises(CacheFull) as refused:
        await small.segmenter.segment(source, rendition, 3, "viewer")
    ballast.unlink()
    made = await small.segmenter.segment(source, rendition, 3, "viewer")

    assert refused.value.status == 507
    assert made.stat().st_size > 0


async def refusal(small: Rig, path: Path, number: int) -> type[Exception] | None:
    try:
        await small.segmenter.segment(await small.source(path), SMALL, number, "viewer")
    except Fault as fault:
        return type(fault)
    return None


async def test_a_disk_that_fills_up_ends_no_playback(small: Rig, disk: Path, clips: Clips) -> None:
    source = await small.source(clips("film.mkv"))
    await small.segmenter.segment(source, SMALL, 0, "viewer")
    await small.at_most_run(1)
    ballast = fill(disk)
    answers = [  # what was made already may make way for one or two
        await refusal(small, clips("film.mkv"), number) for number in (12, 4, 8)
    ]

    ballast.unlink()

    assert CacheFull in answers
    assert (await small.segmenter.segment(source, SMALL, 8, "viewer")).stat().st_size > 0
