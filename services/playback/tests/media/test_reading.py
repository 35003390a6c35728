"""What is known of a file that was opened without decoding its pictures."""

from __future__ import annotations

from typing import Any

import pytest
from av import open as av_open
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from revenge.playback.media import reading, surveying
from revenge.playback.testing.rig import Clips

HEADED = (
    *("film.mp4", "film.mkv", "late.mkv", "open.mkv", "open.mp4", "surround.mkv", "cd.mkv"),
    *("silent.mp4", "song.m4a", "onekey.mp4", "changing.mkv", "changing.mp4", "fields.mkv"),
    *("latesound.mkv", "opengop.mkv", "opengop.mp4", "sparse.mkv", "negative.mkv", "noindex.mkv"),
    *("fragments.mp4", "front.mp4", "hdr.mkv", "chirp44.mkv", "tone.mkv", "voices.mkv"),
)


def described(source: InputContainer) -> list[Any]:
    whole = (source.duration, source.bit_rate, source.metadata)
    return [whole, *(_described(stream) for stream in source.streams)]


def _described(stream: Stream) -> Any:
    times = (stream.time_base, stream.metadata)
    code = (stream.codec_context.name, stream.codec_context.extradata, stream.codec_context.profile)
    match stream:
        case VideoStream():
            return times, code, stream.average_rate, stream.guessed_rate, stream.width
        case AudioStream():
            times = (*times, stream.start_time)
            return times, code, stream.sample_rate, stream.layout.name, stream.format.name
        case _:
            return times, code


@pytest.mark.parametrize("name", HEADED)
def test_as_much_is_known_as_if_pictures_had_been_decoded(clips: Clips, name: str) -> None:
    path = str(clips(name))

    with reading.opened(path) as source, av_open(path, options=reading.OPTIONS) as decoded:
        assert described(source) == described(decoded)


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4"])
def test_no_picture_is_decoded_where_the_header_says_enough(clips: Clips, name: str) -> None:
    with reading.opened(str(clips(name))) as source:
        assert source.streams.video[0].codec_context.pix_fmt is None


def test_a_rate_that_is_only_guessed_is_guessed_from_more(clips: Clips) -> None:
    with reading.opened(str(clips("changing.mkv"))) as source:
        assert source.streams.video[0].codec_context.pix_fmt is not None


@pytest.mark.parametrize("name", ["film.mkv", "late.mkv", "opengop.mkv", "negative.mkv"])
def test_pictures_begin_where_they_would_if_they_had_been_decoded(clips: Clips, name: str) -> None:
    path = str(clips(name))
    video = surveying.survey(path).video

    with av_open(path, options=reading.OPTIONS) as decoded:
        stream = decoded.streams.video[0]
        assert stream.start_time is not None
        assert stream.time_base is not None
        assert video
        assert video.start == stream.start_time * stream.time_base


@pytest.mark.parametrize(
    ("name", "is_as_in_mp4"),
    [("film.mkv", True), ("open.mp4", True), ("film.ts", False), ("film.avi", False)],
)
def test_pictures_are_as_in_mp4_where_their_units_are_preceded_by_their_length(
    clips: Clips, name: str, is_as_in_mp4: bool
) -> None:
    with reading.opened(str(clips(name))) as source:
        assert reading.is_as_in_mp4(source.streams.video[0]) is is_as_in_mp4
