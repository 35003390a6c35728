"""A file without an index plays before it has been read."""

from revenge.playback.deciding import ladder
from revenge.playback.deciding.renditions import CopiedAudio, CopiedVideo, EncodedVideo
from revenge.playback.media import survey as surveys
from revenge.playback.segments.segmenter import Segmenter
from revenge.playback.testing.rig import Clips, Rig

SMALL = EncodedVideo(
    ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["bt709"]))
)


def impatient(rig: Rig) -> Segmenter:
    return Segmenter(rig.cache, rig.workers, rig.transcoder, scan_patience_s=0)


async def test_playing_does_not_wait_for_the_scan(rig: Rig, clips: Clips) -> None:
    segmenter, source = impatient(rig), await rig.source(clips("film.ts"))

    survey = await segmenter.survey(source)
    encoded = await segmenter.segment(source, SMALL, 3, "viewer")
    sound = await segmenter.segment(source, CopiedAudio(1), 3, "viewer")

    assert not survey.complete
    assert surveys.obstacle_to_copying(survey) is not None
    assert encoded.stat().st_size > 0
    assert sound.stat().st_size > 0


async def test_what_the_scan_found_serves_those_who_come_later(rig: Rig, clips: Clips) -> None:
    segmenter, source = impatient(rig), await rig.source(clips("film.ts"))
    await segmenter.survey(source)

    copied = await segmenter.grid(source, CopiedVideo())
    survey = await segmenter.survey(source)

    assert len(copied) == 8
    assert survey.complete
    assert surveys.obstacle_to_copying(survey) is None


async def test_the_grid_of_encoded_pictures_is_the_same_before_and_after(
    rig: Rig, clips: Clips
) -> None:
    segmenter, source = impatient(rig), await rig.source(clips("film.ts"))
    before = await segmenter.grid(source, SMALL)

    await segmenter.grid(source, CopiedVideo())
    after = await segmenter.grid(source, SMALL)

    assert after.cuts[:-1] == before.cuts[:-1]


async def test_what_was_found_is_kept(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.ts"))
    found = await rig.segmenter.survey(source)
    await rig.workers.close()

    again = Segmenter(rig.cache, rig.workers, rig.transcoder)

    assert await again.survey(source) == found
    assert rig.workers.pids == []
