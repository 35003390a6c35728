import pytest

from revenge.contracts.media import HdrKind, VideoStream
from revenge.playback.deciding import ladder
from revenge.playback.deciding.ladder import Size


def video(width: int, height: int, **rest: object) -> VideoStream:
    return VideoStream(0, "hevc", width, height, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((3840, 2160), ["original", "4k", "1080p", "720p", "480p"]),
        ((1920, 800), ["original", "1080p", "720p", "480p"]),
        ((1280, 720), ["original", "720p", "480p"]),
        ((720, 576), ["original", "480p"]),
        ((320, 180), ["original"]),
    ],
)
def test_no_rung_is_above_the_source(size: tuple[int, int], names: list[str]) -> None:
    assert [encoding.name for encoding in ladder.encodings(video(*size))] == names


def test_a_wide_film_keeps_its_shape() -> None:
    sizes = [(item.width, item.height) for item in ladder.encodings(video(1920, 800))]

    assert sizes == [(1920, 800), (1920, 800), (1280, 534), (854, 356)]


def test_sizes_are_even_and_never_nothing() -> None:
    assert ladder.fitted(Size(1919, 1079), 1919, 1079) == (1920, 1080)
    assert ladder.fitted(Size(5000, 1), 1280, 720) == (1280, 2)


def test_a_film_with_oblong_pixels_is_shown_as_it_should_be() -> None:
    assert ladder.shown(video(720, 576, sample_aspect_ratio="64:45")) == (1024, 576)


def test_a_film_from_a_turned_phone_stands_upright() -> None:
    assert ladder.shown(video(1920, 1080, rotation=90)) == (1080, 1920)
    assert ladder.shown(video(1920, 1080, rotation=180)) == (1920, 1080)


@pytest.mark.parametrize(
    ("width", "height", "rate", "codec"),
    [
        (854, 480, "25/1", "avc1.64001E"),
        (1280, 720, "30000/1001", "avc1.64001F"),
        (1280, 720, "60/1", "avc1.640020"),
        (1920, 1080, "24000/1001", "avc1.640028"),
        (1920, 1080, "60/1", "avc1.64002A"),
        (3840, 2160, "24/1", "avc1.640033"),
        (3840, 2160, "60/1", "avc1.640034"),
        (7680, 4320, "60/1", "avc1.64003E"),
    ],
)
def test_the_level_is_the_least_that_holds_the_picture(
    width: int, height: int, rate: str, codec: str
) -> None:
    assert ladder.encodings(video(width, height, frame_rate=rate))[0].rfc6381 == codec


@pytest.mark.parametrize("rate", [None, "", "0/0", "25/0", "x", "-1/2", "1e9", "9" * 50])
def test_a_frame_rate_that_is_none_is_not_believed(rate: str | None) -> None:
    assert ladder.encodings(video(1280, 720, frame_rate=rate))[0].level == 31


@pytest.mark.parametrize("name", ["bt709,exec", "weird", "smpte2084", None])
def test_only_names_of_colours_reach_the_filter_graph(name: str | None) -> None:
    encoding = ladder.encodings(video(1920, 1080, color_primaries=name))[0]

    assert encoding.colors.primaries == "bt709"


@pytest.mark.parametrize(
    ("profile", "compatibility", "light"),
    [
        (5, 0, HdrKind.DOLBY_VISION),
        (7, 6, HdrKind.HDR10),
        (8, 1, HdrKind.HDR10),
        (8, 2, HdrKind.SDR),
        (8, 4, HdrKind.HLG),
        (8, None, HdrKind.HDR10),
    ],
)
def test_of_dolby_vision_what_its_base_layer_is_encoded(
    profile: int, compatibility: int | None, light: HdrKind
) -> None:
    source = video(
        *(3840, 2160),
        hdr=HdrKind.DOLBY_VISION,
        dolby_vision_profile=profile,
        dolby_vision_compatibility=compatibility,
    )

    assert {encoding.hdr for encoding in ladder.encodings(source)} == {light}


def test_hdr_is_labelled_as_what_it_becomes() -> None:
    encoding = ladder.encodings(
        video(1920, 1080, hdr=HdrKind.HLG, color_primaries="bt2020", color_space="bt2020nc")
    )[0]

    assert encoding.colors == ladder.Colors("bt709", "bt709", "bt709")
    assert encoding.folder.endswith("-hlg")
