"""Where a file has no sound, players find silence and go on."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from revenge.playback.deciding.renditions import CopiedAudio
from revenge.playback.media import cuts
from revenge.playback.testing.rig import Clips, Rig, complaints, shown

GAP = (5, 14)  # seconds: it begins in the midst of a segment, and two others have no sound at all
MILLISECOND = Fraction(1, 1000)
HOLE = Fraction(1, 5)  # of a second: less than two packets of ALAC, which are the longest


def interrupted(rig: Rig, clips: Clips, name: str, *how: str) -> Path:
    """A loud tone of twenty seconds, without what belongs into the gap."""
    path, gap = rig.folder / name, f"noise=drop='between(pts*tb,{GAP[0]},{GAP[1]})'"
    whole = rig.folder / f"whole-{name}"
    clips.run("-i", clips("tone.mkv"), *how, whole)
    clips.run("-i", whole, "-c", "copy", "-bsf:a", gap, path)
    return path


def loudness(path: Path) -> dict[int, float]:
    """By whole seconds of the film; 1 is as loud as can be."""
    heard: dict[int, float] = {}
    with av.open(str(path)) as source:
        resampler = av.AudioResampler("fltp", "mono")
        for frame in source.decode(audio=0):
            second = int((frame.time or 0) - cuts.EPOCH)
            for one in resampler.resample(frame):
                peak = float(np.abs(one.to_ndarray()).max())
                heard[second] = max(heard.get(second, 0), peak)
    return heard


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("sound.mkv", ("-c:a", "aac")),
        ("sound.mp4", ("-c:a", "aac")),
        ("sound.ts", ("-c:a", "aac")),
        ("mp3.mkv", ("-c:a", "libmp3lame")),
        ("ac3.mkv", ("-c:a", "ac3", "-ac", "6")),
        ("eac3.mkv", ("-c:a", "eac3")),
        ("opus.mkv", ("-c:a", "libopus")),
        ("flac.mkv", ("-c:a", "flac")),
        ("alac.mkv", ("-c:a", "alac")),
    ],
)
async def test_sound_that_stops_for_a_while_is_silent_until_it_goes_on(
    rig: Rig, clips: Clips, name: str, how: tuple[str, ...]
) -> None:
    path = interrupted(rig, clips, name, *how)

    played = await rig.joined(path, CopiedAudio(0))

    times = [packet.pts for packet in shown(played)]
    assert max(later - time for time, later in pairwise(times)) < HOLE
    assert min(later - time for time, later in pairwise(times)) > 0
    assert complaints(clips.ffmpeg, played) == ""
    heard = loudness(played)
    assert all(heard[second] < 0.01 for second in range(GAP[0] + 1, GAP[1] - 1))
    assert all(heard[second] > 0.05 for second in (1, 4, 15, 18))


def bits(*fields: tuple[int, int]) -> bytes:
    """Values and their widths, one after the other, as five bytes."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    return int(text.ljust(40, "0"), 2).to_bytes(5, "big")


def core_alone(rig: Rig, clips: Clips, kind: int, channels: int) -> Path:
    """HE-AAC of which no frame says how to go above 12 kHz: there is no encoder that would."""
    path = rig.folder / "core.mp4"
    clips.run("-i", clips("tone.mkv"), "-ar", "24000", "-ac", str(channels), "-c:a", "aac", path)
    plain = bits((2, 5), (6, 4), (channels, 4), (0, 3), (0x2B7, 11), (5, 5))  # 24 kHz
    high = bits((kind, 5), (6, 4), (channels, 4), (3, 4), (2, 5))  # heard at 48 kHz
    assert path.read_bytes().count(plain) == 1
    path.write_bytes(path.read_bytes().replace(plain, high))
    return path


@pytest.mark.parametrize(
    ("kind", "channels", "container"), [(5, 2, "mp4"), (5, 1, "mkv"), (29, 1, "mkv")]
)
async def test_high_efficiency_sound_is_silent_in_its_core(
    rig: Rig, clips: Clips, kind: int, channels: int, container: str
) -> None:
    path = rig.folder / f"interrupted.{container}"
    gap = f"noise=drop='between(pts*tb,{GAP[0]},{GAP[1]})'"
    clips.run("-i", core_alone(rig, clips, kind, channels), "-c", "copy", "-bsf:a", gap, path)

    played = await rig.joined(path, CopiedAudio(0))

    times = [packet.pts for packet in shown(played)]
    assert max(later - time for time, later in pairwise(times)) < HOLE
    assert (
        min(later - time for time, later in pairwise(times)) > Fraction(2047, 48_000) - MILLISECOND
    )
    assert complaints(clips.ffmpeg, played) == ""
    heard = loudness(played)
    assert all(heard[second] < 0.01 for second in range(GAP[0] + 1, GAP[1] - 1))
    assert all(heard[second] > 0.05 for second in (1, 4, 15, 18))
    assert await rig.segmenter.codec(await rig.source(path), CopiedAudio(0)) == f"mp4a.40.{kind}"


async def test_sound_that_ends_early_in_a_file_that_does_not_say_so_has_its_last_segments(
    rig: Rig, clips: Clips
) -> None:
    """A player asks for all that is listed, and stops at what is not there."""
    path = rig.folder / "ending.mkv"
    clips.run("-i", clips("short.mkv"), "-c", "copy", "-bsf:a", "noise=drop='gt(pts*tb,5)'", path)
    path.write_bytes(path.read_bytes().replace(b"DURATION", b"ANYTHING"))
    source = await rig.source(path)
    count = len(await rig.segmenter.grid(source, CopiedAudio(1)))

    played = await rig.joined(path, CopiedAudio(1))

    assert count == 5
    assert shown(played)[-1].pts - cuts.EPOCH > 16


async def test_sound_without_a_gap_stays_as_it_is(rig: Rig, clips: Clips) -> None:
    played = await rig.joined(clips("chirp.mkv"), CopiedAudio(0))

    digests = [packet.digest for packet in shown(played)]
    assert digests == [packet.digest for packet in shown(clips("chirp.mkv"))]
