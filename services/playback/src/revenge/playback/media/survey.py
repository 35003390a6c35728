"""What has to be known of a file to cut it: where its tracks begin and end, and its key frames."""

import itertools
from fractions import Fraction

import msgspec

from revenge.playback.media import cuts

#: A copied segment longer than this makes the viewer wait, and fills the memory. Key frames that
#: are meant to be half a minute apart are somewhat more at 24000/1001 pictures per second.
_LONGEST_COPY = Fraction(32)

#: Silence before the first sound that every player bridges, in seconds.
_LATE = Fraction(1, 10)


class VideoTrack(msgspec.Struct, frozen=True):
    """A video track. Stamps are in ticks of its time base.

    `keys` are the stamps by which the container finds its key frames: decode times in MP4,
    presentation times elsewhere. `shift` makes them presentation times.
    """

    index: int
    time_base: Fraction
    frame_rate: Fraction
    start: Fraction  # seconds on the file's own clock
    end: Fraction
    keys: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()  # in the file, of each key frame; empty when not known
    by_decode_time: bool = False
    shift: int = 0
    reorder: int | None = None  # ticks; None when the container has decode times of its own
    indexed: bool = True  # False: a seek may land anywhere near
    copyable: bool = True  # False: pictures without times
    orderly: bool = True  # False: times may be missing at first, or jump back
    tag: str = ""  # of the sample entry in an MP4


class AudioTrack(msgspec.Struct, frozen=True):
    index: int
    time_base: Fraction
    sample_rate: int
    end: Fraction  # seconds on the file's own clock
    start: Fraction | None = None  # None when the file does not say


class Survey(msgspec.Struct, frozen=True):
    """`origin` is where position zero lies on the file's own clock, in seconds.

    What is not `complete` has no key frames: the whole file must be read for them, and that may
    take long. All else is as it will be.
    """

    origin: Fraction
    duration: Fraction
    video: VideoTrack | None = None
    audio: tuple[AudioTrack, ...] = ()
    complete: bool = True

    def audio_track(self, index: int) -> AudioTrack | None:
        return next((track for track in self.audio if track.index == index), None)


def copy_grid(survey: Survey, video: VideoTrack, target: Fraction = cuts.COPY_TARGET) -> cuts.Grid:
    """`video.keys` must not be empty."""
    return cuts.on_keys(_keys(survey, video), video.end - survey.origin, target)


def encode_grid(survey: Survey) -> cuts.Grid:
    """The grid of every encoded rung."""
    if survey.video is None:
        return cuts.fixed(survey.duration, None)
    return cuts.fixed(survey.video.end - survey.origin, survey.video.frame_rate)


def audio_grid(survey: Survey, track: AudioTrack) -> cuts.Grid:
    """As the pictures are cut, but to the end of the sound."""
    rate = survey.video.frame_rate if survey.video else None
    return cuts.fixed(track.end - survey.origin, rate)


def _keys(survey: Survey, video: VideoTrack) -> cuts.Keys:
    zero = survey.origin / video.time_base - video.shift
    return cuts.Keys(video.keys, zero, video.time_base)


def obstacle_to_copying(survey: Survey) -> str | None:
    """Why the pictures cannot be sent as they are, whatever the client could play."""
    if survey.video is None:
        return None
    if not survey.complete:
        return "its key frames are still being looked for"
    if not survey.video.copyable or not survey.video.keys:
        return "the file does not say when its pictures are shown"
    if max(copy_grid(survey, survey.video).durations) > _LONGEST_COPY:
        return "its key frames are too far apart to cut it"
    return None


def obstacles_to_copying_audio(survey: Survey) -> dict[int, str]:
    """Why sound cannot be sent as it is, by the index of the track.

    Players do not start without any sound; encoded, it starts with silence.
    """
    return {
        track.index: "its sound starts later than its pictures"
        for track in survey.audio
        if survey.video and track.start is not None and track.start - survey.origin > _LATE
    }


def peak_bit_rate(survey: Survey) -> int | None:
    """Of the whole file over any copied segment but the last, in bit/s; None when not known."""
    video = survey.video
    if video is None or len(video.positions) != len(video.keys) or len(video.keys) < 2:  # noqa: PLR2004 a distance needs two
        return None
    keys = _keys(survey, video)
    begins = [0] if video.keys[0] == keys.zero else []
    cut = [*begins, *keys.at_cuts(video.end - survey.origin, cuts.COPY_TARGET)]
    segments = [
        (video.positions[there] - video.positions[here], video.keys[there] - video.keys[here])
        for here, there in itertools.pairwise(cut)
    ]
    largest, ticks = max(segments, key=lambda segment: segment[0] / segment[1], default=(0, 1))
    return round(largest * 8 / (ticks * video.time_base)) if largest > 0 else None
