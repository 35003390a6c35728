"""Encoded sound against the sound of the file, sample by sample."""

import dataclasses
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from revenge.playback.deciding.renditions import CopiedAudio, EncodedAudio
from revenge.playback.deciding.sound import SURROUND, SoundCodec
from revenge.playback.media import cuts
from revenge.playback.testing.rig import Clips, Rig, complaints, shown

Samples = npt.NDArray[np.float32]


KINDS = [
    EncodedAudio(0),
    EncodedAudio(0, channels=SURROUND),
    EncodedAudio(0, SoundCodec.OPUS),
    EncodedAudio(0, SoundCodec.OPUS, SURROUND),
]


def of_track(kind: EncodedAudio, index: int) -> EncodedAudio:
    return dataclasses.replace(kind, index=index)


def all_channels(path: Path) -> Samples:
    with av.open(str(path)) as source:
        frames = [frame.to_ndarray() for frame in source.decode(audio=0)]
    return np.concatenate(frames, axis=1).astype(np.float32)


def decoded(path: Path, index: int) -> tuple[Samples, int, float]:
    """One channel, its rate, and when it starts, in seconds."""
    with av.open(str(path)) as source:
        frames = list(source.decode(source.streams[index]))
    first = frames[0]
    assert isinstance(first, av.AudioFrame)
    sound = [frame.to_ndarray()[0] for frame in frames if isinstance(frame, av.AudioFrame)]
    joined = np.concatenate(sound).astype(np.float32)
    return joined / max(abs(joined.max()), 1e-9), first.sample_rate, float(first.time or 0)


def loudness(sound: Samples) -> list[float]:
    return [float(np.sqrt(np.mean(channel[20000:60000] ** 2))) for channel in sound]


def late_by(one: Samples, other: Samples) -> int:
    """How many samples `other` is behind `one`, by what fits best within 2,000."""
    sides = range(-2000, 2001)
    middle = one[4000:24000]
    fits = [float(np.dot(middle, other[4000 + side : 24000 + side])) for side in sides]
    return sides[int(np.argmax(fits))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["latesound.mkv", "cdshort.mkv"])
async def test_frames_follow_each_other_without_a_gap(
    rig: Rig, clips: Clips, name: str, kind: EncodedAudio
) -> None:
    joined = await rig.joined(clips(name), of_track(kind, 1))

    times = [packet.pts for packet in shown(joined)]
    steps = {other - one for one, other in pairwise(times)}
    assert len(steps) == 1
    assert abs(times[0] - cuts.EPOCH) < Fraction(7, 1000)  # as far as Opus looks ahead


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["chirp.mkv", "chirp.mp4", "chirp44.mkv"])
async def test_the_sound_is_where_it_was(
    rig: Rig, clips: Clips, name: str, kind: EncodedAudio
) -> None:
    if name == "chirp44.mkv" and kind.codec is SoundCodec.OPUS:
        pytest.skip("Opus has another rate than this clip, so that samples cannot be compared")
    joined = await rig.joined(clips(name), kind)

    before, rate, started = decoded(clips(name), 0)
    after, same_rate, starts = decoded(joined, 0)
    behind = Fraction(late_by(before, after), rate) + Fraction(starts - started) - cuts.EPOCH
    assert same_rate == rate
    assert abs(behind) < Fraction(5, 1000)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["tone.mkv", "tone44.mkv"])
async def test_no_cut_is_heard(rig: Rig, clips: Clips, name: str, kind: EncodedAudio) -> None:
    """A pure tone has no steps: a click at a cut would show in the difference of the samples."""
    joined = await rig.joined(clips(name), kind)

    sound, rate, _ = decoded(joined, 0)
    steady = sound[rate : -rate * 2]
    bends = np.abs(np.diff(steady, n=2))
    assert bends.max() < 2 * np.quantile(bends, 0.99)


@pytest.mark.parametrize("kind", KINDS)
async def test_there_are_as_many_channels_as_asked_for(
    rig: Rig, clips: Clips, kind: EncodedAudio
) -> None:
    joined = await rig.joined(clips("surround.mkv"), of_track(kind, 1), [1, 2])

    with av.open(str(joined)) as source:
        assert source.streams.audio[0].codec_context.channels == kind.channels
    assert complaints(clips.ffmpeg, joined) == ""


async def test_channels_stay_where_they_are(rig: Rig, clips: Clips) -> None:
    half = 0.5 / 2**0.5  # the loudness of a tone as high as half of all

    for codec in SoundCodec:
        joined = await rig.joined(clips("voices.mkv"), EncodedAudio(0, codec, SURROUND))

        after = loudness(all_channels(joined))
        assert after == pytest.approx([half, half, half, 0, half, half], rel=0.2, abs=0.02)


async def test_dialogue_is_clear_in_stereo(rig: Rig, clips: Clips) -> None:
    """A voice in the centre, and a noise of the same loudness in each other channel."""
    joined = await rig.joined(clips("voices.mkv"), EncodedAudio(0))

    sound = all_channels(joined)
    left = np.abs(np.fft.rfft(sound[0][48000:96000]))
    voice, front, back = left[440], left[1000], left[1600]
    assert voice == pytest.approx(front, rel=0.2)
    assert voice > 1.5 * back
    assert np.abs(sound).max() < 1


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
