"""Which runs there are, and an ffmpeg that does not do what it should.

Programs stand in its place.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from revenge.kit.testing import eventually
from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import CopiedVideo, EncodedVideo
from revenge.playback.faults import TranscoderBusy, TranscoderFailed
from revenge.playback.media.source import Source
from revenge.playback.segments.run import Limits
from revenge.playback.segments.runs import Transcoder
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.testing.rig import Clips, Rig

SMALL = EncodedVideo(
    ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
)


@pytest.fixture(params=["exec sleep 600", "exit 1", "echo nonsense", "kill -SEGV $$"])
def broken(rig: Rig, request: pytest.FixtureRequest) -> Segmenter:
    """It hangs, fails, writes what is no video, crashes."""
    program = rig.folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{request.param}\n")
    program.chmod(0o755)
    transcoder = Transcoder(str(program), rig.cache, Limits(stall_s=1.0))
    return Segmenter(rig.cache, rig.workers, transcoder)


async def test_a_transcoder_that_fails_is_said_to_fail(
    broken: Segmenter, rig: Rig, clips: Clips
) -> None:
    source = await rig.source(clips("short.mkv"))

    with pytest.raises(TranscoderFailed):
        await broken.segment(source, SMALL, 1, "viewer")
    with pytest.raises(TranscoderFailed):
        await broken.init(source, SMALL)

    assert (await broken.segment(source, CopiedVideo(), 1, "viewer")).stat().st_size > 0


async def test_what_failed_is_tried_again_when_it_is_asked_for_again(
    rig: Rig, clips: Clips
) -> None:
    program = rig.folder / "ffmpeg"
    program.write_text(
        f'#!/bin/sh\n[ -e {rig.folder}/mended ] && exec {clips.ffmpeg} "$@"\nexit 1\n'
    )
    program.chmod(0o755)
    transcoder = Transcoder(str(program), rig.cache)
    segmenter, source = (
        Segmenter(rig.cache, rig.workers, transcoder),
        await rig.source(clips("short.mkv")),
    )
    with pytest.raises(TranscoderFailed):
        await segmenter.segment(source, SMALL, 1, "viewer")

    (rig.folder / "mended").touch()
    made = await segmenter.segment(source, SMALL, 1, "viewer")

    assert made.stat().st_size > 0
    await transcoder.close()


# -- which runs there are


class Counted(NamedTuple):
    segmenter: Segmenter
    transcoder: Transcoder

    async def segment(self, source: Source, number: int, viewer: str) -> Path:
        return await self.segmenter.segment(source, SMALL, number, viewer)


@pytest.fixture
async def counted(rig: Rig, clips: Clips) -> AsyncIterator[Counted]:
    """Room for two runs; each ffmpeg that is started leaves a line."""
    program = rig.folder / "ffmpeg"
    program.write_text(f'#!/bin/sh\necho "$$" >> {rig.folder}/started\nexec {clips.ffmpeg} "$@"\n')
    program.chmod(0o755)
    transcoder = Transcoder(str(program), rig.cache, Limits(runs=2, ahead=0))
    yield Counted(Segmenter(rig.cache, rig.workers, transcoder), transcoder)
    await transcoder.close()


def started(rig: Rig) -> int:
    return len((rig.folder / "started").read_text().splitlines())


async def runs_left(counted: Counted, runs: int) -> None:
    async def are_left() -> bool:
        return counted.transcoder.running == runs

    await eventually(are_left)


async def test_who_seeks_to_the_same_place_at_once_shares_a_run(
    counted: Counted, rig: Rig, clips: Clips
) -> None:
    source = await rig.source(clips("film.mkv"))
    for number, viewer in ((0, "one"), (4, "another")):  # no room is left
        await counted.segment(source, number, viewer)
    before = started(rig)

    made = await asyncio.gather(
        *(counted.segment(source, 10, viewer) for viewer in ("one", "another", "a third"))
    )
    await runs_left(counted, 1)

    assert len(set(made)) == 1
    assert started(rig) - before <= 2  # the segment, and what follows it


async def test_a_run_is_not_left_going_by_who_has_seeked_while_they_waited(
    counted: Counted, rig: Rig, clips: Clips
) -> None:
    source = await rig.source(clips("film.mkv"))
    left = asyncio.create_task(counted.segment(source, 0, "viewer"))
    await asyncio.sleep(0)

    await counted.segment(source, 9, "viewer")
    await left

    await runs_left(counted, 1)
    assert counted.transcoder.viewers == {"viewer"}


async def test_who_seeks_faster_than_can_be_encoded_gets_where_they_end(
    counted: Counted, rig: Rig, clips: Clips
) -> None:
    source = await rig.source(clips("film.mkv"))
    await counted.segmenter.survey(source)

    asked = [counted.segment(source, number, "viewer") for number in (0, 4, 8, 11, 13)]
    *passed, last = await asyncio.gather(*asked, return_exceptions=True)

    assert isinstance(last, Path)
    assert all(isinstance(one, Path | TranscoderBusy) for one in passed)
    await runs_left(counted, 1)


async def test_a_run_ends_when_its_viewer_has_gone(
    counted: Counted, rig: Rig, clips: Clips
) -> None:
    source = await rig.source(clips("film.mkv"))
    await counted.segment(source, 0, "one")
    await counted.segment(source, 0, "another")

    await counted.transcoder.leave("one")
    assert counted.transcoder.running == 1
    await counted.transcoder.leave("another")

    await runs_left(counted, 0)
    assert counted.transcoder.viewers == set()
