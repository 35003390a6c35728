import asyncio
import os
import signal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from revenge.contracts.media import HdrKind, VideoStream
from revenge.kit.testing import eventually
from revenge.playback.deciding import ladder
from revenge.playback.deciding.ladder import VideoCodec
from revenge.playback.deciding.renditions import CopiedVideo, EncodedVideo
from revenge.playback.faults import SegmentNotFound, TranscoderBusy
from revenge.playback.media import boxes, codecs, cuts
from revenge.playback.testing.rig import (
    Clips,
    Rig,
    colors,
    complaints,
    first_is_key,
    positions,
    shown,
)

MILLISECOND = Fraction(1, 1000)
SMALL = ladder.Encoding("480p", 214, 120, 1_400_000, 30, ladder.Colors(*3 * ["smpte170m"]))


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "late.mkv", "open.mkv"])
async def test_every_picture_is_shown_once_and_when_it_was(
    rig: Rig, clips: Clips, name: str
) -> None:
    joined = await rig.joined(clips(name), EncodedVideo(SMALL))

    before, after = positions(shown(clips(name))), positions(shown(joined))
    assert len(after) == len(before)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < MILLISECOND / 10


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "pal.mp4"])
async def test_segments_made_alone_fit_together(rig: Rig, clips: Clips, name: str) -> None:
    backwards = [3, 2, 1, 0]  # so that each begins a run of its own

    await rig.joined(clips(name), EncodedVideo(SMALL), backwards)
    joined = await rig.joined(clips(name), EncodedVideo(SMALL), sorted(backwards))

    packets = shown(joined)
    times = positions(packets)
    assert all(one.dts < other.dts for one, other in pairwise(packets))
    expected = positions(shown(clips(name)))[: len(times)]
    assert max(abs(a - b) for a, b in zip(times, expected, strict=True)) < MILLISECOND / 10


async def test_a_segment_of_a_run_is_as_good_as_one_made_alone(rig: Rig, clips: Clips) -> None:
    run = await rig.joined(clips("film.mkv"), EncodedVideo(SMALL), [3, 4])
    times_in_run = [(packet.pts, packet.dts) for packet in shown(run)]
    await rig.forget(clips("film.mkv"))

    await rig.joined(clips("film.mkv"), EncodedVideo(SMALL), [4])
    alone = await rig.joined(clips("film.mkv"), EncodedVideo(SMALL), [3, 4])

    assert [(packet.pts, packet.dts) for packet in shown(alone)] == times_in_run


@pytest.mark.parametrize("codec", [VideoCodec.H264, VideoCodec.HEVC])
async def test_no_segment_has_more_bits_than_the_peak(
    rig: Rig, clips: Clips, codec: VideoCodec
) -> None:
    source = await rig.source(clips("noise.mp4"))
    encoding = msgspec.structs.replace(SMALL, width=320, height=180, bit_rate=500_000, codec=codec)
    durations = (await rig.segmenter.grid(source, EncodedVideo(encoding))).durations

    made = [
        await rig.segmenter.segment(source, EncodedVideo(encoding), number, "viewer")
        for number in range(len(durations))
    ]

    rates = [8 * path.stat().st_size / d for path, d in zip(made, durations, strict=True)]
    assert encoding.bit_rate < max(rates) < encoding.peak_bit_rate


async def test_every_segment_starts_with_a_key_frame(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mp4"))
    init = await rig.segmenter.init(source, EncodedVideo(SMALL))

    for number in range(5):
        part = await rig.segmenter.segment(source, EncodedVideo(SMALL), number, "viewer")
        joined = rig.folder / "one.mp4"
        joined.write_bytes(init.read_bytes() + part.read_bytes())
        assert first_is_key(joined)


async def test_one_header_serves_every_segment(rig: Rig, clips: Clips) -> None:
    """The header is made without the file; ffmpeg's own for the file must be the same."""
    for name in ("film.mp4", "film.mkv", "film.ts", "late.mkv", "open.mkv", "hdr.mkv", "pal.mp4"):
        source = await rig.source(clips(name))
        await rig.segmenter.segment(source, EncodedVideo(SMALL), 1, "viewer")

        made = await rig.segmenter.init(source, EncodedVideo(SMALL))

        assert made.read_bytes() == await rig.header_of_a_segment(clips(name), SMALL)


async def test_a_segment_far_ahead_needs_no_other(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("film.mkv"), EncodedVideo(SMALL), [12])

    source = await rig.source(clips("film.mkv"))
    grid = await rig.segmenter.grid(source, EncodedVideo(SMALL))
    first = min(packet.pts for packet in shown(joined)) - cuts.EPOCH
    assert abs(first - grid.cuts[12]) < MILLISECOND


async def test_copied_and_encoded_pictures_are_in_step(rig: Rig, clips: Clips) -> None:
    copied = await rig.joined(clips("late.mkv"), CopiedVideo())
    encoded = await rig.joined(clips("late.mkv"), EncodedVideo(SMALL))

    one, other = (min(packet.pts for packet in shown(path)) for path in (copied, encoded))
    assert abs(one - other) < MILLISECOND


async def test_the_codec_is_as_announced(rig: Rig, clips: Clips) -> None:
    init = await rig.segmenter.init(await rig.source(clips("film.mp4")), EncodedVideo(SMALL))

    assert codecs.codec_string(init.read_bytes()) == SMALL.rfc6381


@pytest.mark.parametrize(
    ("codec", "name"), [(VideoCodec.HEVC, "hvc1.1.6.L"), (VideoCodec.AV1, "av01.0.0")]
)
async def test_other_codecs_are_cut_as_well(
    rig: Rig, clips: Clips, codec: VideoCodec, name: str
) -> None:
    encoding = msgspec.structs.replace(SMALL, codec=codec)
    source = await rig.source(clips("short.mp4"))

    await rig.joined(clips("short.mp4"), EncodedVideo(encoding), [3])  # a run of its own
    joined = await rig.joined(clips("short.mp4"), EncodedVideo(encoding))

    packets = shown(joined)
    assert len(packets) == len(shown(clips("short.mp4")))
    assert all(one.dts < other.dts for one, other in pairwise(packets))
    assert positions(packets) == pytest.approx(positions(shown(clips("short.mp4"))), abs=0.001)
    assert complaints(clips.ffmpeg, joined) == ""
    assert (await rig.segmenter.codec(source, EncodedVideo(encoding))).startswith(name)
    header = await rig.segmenter.init(source, EncodedVideo(encoding))
    assert header.read_bytes() == await rig.header_of_a_segment(clips("short.mp4"), encoding)


@pytest.mark.parametrize(("name", "hdr"), [("hdr.mkv", HdrKind.HDR10), ("hlg.mkv", HdrKind.HLG)])
async def test_hdr_becomes_sdr(rig: Rig, clips: Clips, name: str, hdr: HdrKind) -> None:
    video = VideoStream(index=0, codec="hevc", width=320, height=180, hdr=hdr, frame_rate="25/1")
    encoding = ladder.encodings(video)[0]

    joined = await rig.joined(clips(name), EncodedVideo(encoding))

    assert colors(joined) == ("yuv420p", 1)
    assert len(shown(joined)) == len(shown(clips(name)))


async def test_encoded_segments_decode_without_a_word(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("film.mp4"), EncodedVideo(SMALL))

    assert complaints(clips.ffmpeg, joined) == ""


async def test_a_killed_ffmpeg_costs_only_a_retry(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mkv"))
    asked = asyncio.create_task(rig.segmenter.segment(source, EncodedVideo(SMALL), 2, "viewer"))

    os.kill(await rig.ffmpeg_runs(), signal.SIGKILL)

    assert (await asked).stat().st_size > 0


async def test_viewers_of_the_same_rung_share_a_run(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mkv"))

    made = await asyncio.gather(
        *(rig.segmenter.segment(source, EncodedVideo(SMALL), 0, f"viewer {n}") for n in range(5))
    )

    assert len(set(made)) == 1
    assert rig.transcoder.running == 1


async def test_a_run_waits_when_it_is_far_ahead(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mkv"))
    first = await rig.segmenter.segment(source, EncodedVideo(SMALL), 0, "viewer")

    async def made(at_least: int) -> bool:
        return len(list(first.parent.glob("*.m4s"))) >= at_least

    await eventually(lambda: made(3), within=60)
    await asyncio.sleep(2)  # long enough for all fifteen segments of so small a picture

    assert not await made(6)


async def test_a_run_without_viewers_ends(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mkv"))
    await rig.segmenter.segment(source, EncodedVideo(SMALL), 0, "viewer")
    assert rig.transcoder.running == 1

    await rig.segmenter.leave("viewer")
    await rig.at_most_run(0)


async def test_a_run_that_waits_ends_as_fast(rig: Rig, clips: Clips) -> None:
    """Its ffmpeg is stuck in a full pipe then."""
    source = await rig.source(clips("film.mkv"))
    await rig.segmenter.segment(source, EncodedVideo(SMALL), 0, "viewer")
    await asyncio.sleep(2)

    async with asyncio.timeout(60):
        await rig.segmenter.leave("viewer")
        await rig.at_most_run(0)


async def test_a_viewer_who_seeks_leaves_the_run(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mkv"))
    await rig.segmenter.segment(source, EncodedVideo(SMALL), 0, "viewer")

    await rig.segmenter.segment(source, EncodedVideo(SMALL), 12, "viewer")

    await rig.at_most_run(1)


async def test_more_runs_than_allowed_are_refused(rig: Rig, clips: Clips) -> None:
    source = await rig.source(clips("film.mkv"))
    await rig.segmenter.survey(source)

    asked = [
        rig.segmenter.segment(source, EncodedVideo(SMALL), number, "viewer")
        for number in (0, 5, 10)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers].count(TranscoderBusy) == 1
    assert all(isinstance(answer, Path | TranscoderBusy) for answer in answers)


async def test_a_file_that_ends_early_has_no_segments_after_its_end(rig: Rig, clips: Clips) -> None:
    cut = rig.folder / "cut.mkv"
    whole = clips("film.mkv").read_bytes()
    cut.write_bytes(whole[: len(whole) // 3])
    source = await rig.source(cut)

    first = await rig.segmenter.segment(source, EncodedVideo(SMALL), 0, "viewer")

    assert boxes.split(first.read_bytes()).media
    number = len(await rig.segmenter.grid(source, EncodedVideo(SMALL))) + 1
    with pytest.raises(SegmentNotFound):
        await rig.segmenter.segment(source, EncodedVideo(SMALL), number, "viewer")
