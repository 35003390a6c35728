import pytest
from msgspec import structs

from revenge.catalog.rules.files import labels, resolution
from revenge.catalog.testing import media
from revenge.contracts.media import AudioStream, HdrKind, Media, VideoStream


def of_size(width: int, height: int, **more: object) -> Media:
    video = structs.replace(VideoStream(0, "hevc", width, height), **more)
    return Media("matroska", 60.0, video=(video,))


@pytest.mark.parametrize(
    ("width", "height", "label"),
    [
        (3840, 2160, "4K"),
        (3840, 1600, "4K"),
        (2560, 1440, "1440p"),
        (1920, 1080, "1080p"),
        (1920, 800, "1080p"),
        (1440, 1080, "1080p"),
        (1280, 720, "720p"),
        (1280, 534, "720p"),
        (720, 576, "576p"),
        (720, 480, "480p"),
        (720, 304, "480p"),
        (640, 480, "480p"),
        (640, 360, "360p"),
        (320, 240, "240p"),
    ],
)
def test_a_resolution_is_told_by_width_or_height(width: int, height: int, label: str) -> None:
    assert resolution(of_size(width, height)) == label


def test_a_video_that_stands_upright_is_as_large_as_one_that_lies() -> None:
    assert resolution(of_size(1080, 1920)) == "1080p"


def test_a_file_without_video_has_no_resolution() -> None:
    assert resolution(Media("mp3", 60.0)) is None


def test_the_columns_are_those_of_the_default_tracks() -> None:
    told = labels(media(1080))

    assert (told.resolution, told.video_codec, told.audio_codec) == ("1080p", "h264", "ac3")
    assert (told.audio_channels, told.framerate) == ("5.1", 23.976)
    assert (told.audio_languages, told.subtitle_languages) == (("deu", "eng"), ("eng",))


@pytest.mark.parametrize(
    ("hdr", "name"), [(HdrKind.SDR, "SDR"), (HdrKind.DOLBY_VISION, "Dolby Vision")]
)
def test_the_range_of_light_has_a_name(hdr: HdrKind, name: str) -> None:
    assert labels(of_size(3840, 2160, hdr=hdr)).dynamic_range == name


@pytest.mark.parametrize("rate", ["0/0", "x", "", None])
def test_a_frame_rate_that_is_none_is_left_out(rate: str | None) -> None:
    assert labels(of_size(1920, 1080, frame_rate=rate)).framerate is None


def test_languages_are_named_once_and_the_unknown_not_at_all() -> None:
    spoken = ("eng", "und", "deu", "eng", None)
    audio = tuple(AudioStream(n, "aac", 2, 48_000, language=code) for n, code in enumerate(spoken))

    assert labels(Media("mov", 1.0, audio=audio)).audio_languages == ("eng", "deu")
