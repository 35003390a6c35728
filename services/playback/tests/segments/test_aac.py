"""Encoded sound against the sound of the file, sample by sample."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from revenge.playback import cuts
from revenge.playback.renditions import CopiedAudio, EncodedAudio
from revenge.playback.testing import Clips, Rig, complaints, shown

Samples = npt.NDArray[np.float32]


def decoded(path: Path, index: int) -> tuple[Samples, int, float]:
    """One channel, its rate, and when it starts, in seconds."""
    with av.open(str(path)) as source:
        frames = list(source.decode(source.streams[index]))
    first = frames[0]
    assert isinstance(first, av.AudioFrame)
    sound = [frame.to_ndarray()[0] for frame in frames if isinstance(frame, av.AudioFrame)]
    joined = np.concatenate(sound).astype(np.float32)
    return joined / max(abs(joined.max()), 1e-9), first.sample_rate, float(first.time or 0)


def late_by(one: Samples, other: Samples) -> int:
    """How many samples `other` is behind `one`, by what fits best within 2,000."""
    sides = range(-2000, 2001)
    middle = one[4000:24000]
    fits = [float(np.dot(middle, other[4000 + side : 24000 + side])) for side in sides]
    return sides[int(np.argmax(fits))]


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "late.mkv", "cd.mkv"])
async def test_frames_follow_each_other_without_a_gap(rig: Rig, clips: Clips, name: str) -> None:
    joined = await rig.joined(clips(name), EncodedAudio(index=1))

    times = [packet.pts for packet in shown(joined)]
    steps = {other - one for one, other in pairwise(times)}
    assert len(steps) == 1
    assert times[0] == cuts.EPOCH


@pytest.mark.parametrize("name", ["chirp.mkv", "chirp.mp4", "chirp44.mkv"])
async def test_the_sound_is_where_it_was(rig: Rig, clips: Clips, name: str) -> None:
    joined = await rig.joined(clips(name), EncodedAudio(index=0))

    before, rate, started = decoded(clips(name), 0)
    after, same_rate, starts = decoded(joined, 0)
    behind = Fraction(late_by(before, after), rate) + Fraction(starts - started) - cuts.EPOCH
    assert same_rate == rate
    assert abs(behind) < Fraction(5, 1000)


@pytest.mark.parametrize("name", ["tone.mkv", "tone44.mkv", "tone.mp4"])
async def test_no_cut_is_heard(rig: Rig, clips: Clips, name: str) -> None:
    """A pure tone has no steps: a click at a cut would show in the difference of the samples."""
    joined = await rig.joined(clips(name), EncodedAudio(index=0))

    sound, rate, _ = decoded(joined, 0)
    steady = sound[rate : -rate * 2]
    bends = np.abs(np.diff(steady, n=2))
    assert bends.max() < 2 * np.quantile(bends, 0.99)


async def test_surround_becomes_stereo(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("surround.mkv"), EncodedAudio(index=1), [1, 2])

    with av.open(str(joined)) as source:
        assert source.streams.audio[0].codec_context.channels == 2


async def test_encoded_and_copied_sound_are_in_step(rig: Rig, clips: Clips) -> None:
    encoded = await rig.joined(clips("chirp.mkv"), EncodedAudio(index=0), [2, 3])
    copied = await rig.joined(clips("chirp.mkv"), CopiedAudio(index=0), [2, 3])

    one, rate, started = decoded(copied, 0)
    other, _, starts = decoded(encoded, 0)
    behind = Fraction(late_by(one, other), rate) + Fraction(starts - started)
    assert abs(behind) < Fraction(5, 1000)


async def test_sound_that_starts_late_is_silent_until_then(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("latesound.mkv"), EncodedAudio(index=1))

    sound, rate, _ = decoded(joined, 0)
    assert np.abs(sound[: int(2.9 * rate)]).max() < 0.01
    assert np.abs(sound[int(3.2 * rate) : 4 * rate]).max() > 0.1


async def test_encoded_sound_decodes_without_a_word(rig: Rig, clips: Clips) -> None:
    joined = await rig.joined(clips("film.mkv"), EncodedAudio(index=1))

    assert complaints(clips.ffmpeg, joined) == ""
