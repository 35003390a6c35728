"""An ffmpeg that does not do what it should: these are programs in its place."""

import pytest

from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import CopiedVideo, EncodedVideo
from revenge.playback.faults import TranscoderFailed
from revenge.playback.segments.run import Limits
from revenge.playback.segments.runs import Transcoder
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.testing import Clips, Rig

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
