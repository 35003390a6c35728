from fractions import Fraction

import m3u8
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenge.contracts.media import HdrKind
from revenge.playback.deciding.ladder import Size
from revenge.playback.streaming import playlists
from revenge.playback.streaming.playlists import AudioRendition, SubtitleRendition, Variant
from revenge.playback.testing.rig import StrictParser

FILM = Variant(
    "original/index.m3u8",
    "hvc1.2.4.L120.B0",
    8_000_000,
    5_000_000,
    Size(1920, 800),
    Fraction(24000, 1001),
    HdrKind.HDR10,
)
SMALL = Variant("480p/index.m3u8", "avc1.64001E", 1_400_000, 900_000, Size(854, 356), Fraction(24))
SOUND = [
    AudioRendition("audio/0/index.m3u8", "English", "ec-3", 640_000, 6, "en", default=True),
    AudioRendition("audio/1/index.m3u8", "Deutsch", "mp4a.40.2", 192_000, 2, "de"),
]
TEXT = [SubtitleRendition("subs/0/index.m3u8", "English", "en", forced=True)]


def test_a_master_playlist_names_everything() -> None:
    master = m3u8.loads(playlists.master([FILM, SMALL], SOUND, TEXT))

    first = master.playlists[0].stream_info
    assert first.bandwidth == 8_640_000
    assert first.average_bandwidth == 5_640_000
    assert first.codecs == "hvc1.2.4.L120.B0,ec-3,mp4a.40.2"
    assert first.resolution == (1920, 800)
    assert first.frame_rate == 23.976
    assert first.video_range == "PQ"
    assert master.playlists[1].stream_info.video_range == "SDR"
    assert [(item.type, item.language, item.default) for item in master.media] == [
        ("AUDIO", "en", "YES"),
        ("AUDIO", "de", "NO"),
        ("SUBTITLES", "en", "NO"),
    ]


@pytest.mark.parametrize(
    ("in_the_file", "told"),
    [
        ("eng", "en"),
        ("ger", "de"),
        ("pt-BR", "pt-BR"),
        ("und", None),
        ("Director's", None),
        ("", None),
    ],
)
def test_languages_are_told_as_browsers_know_them(in_the_file: str, told: str | None) -> None:
    sound = AudioRendition("audio/0/index.m3u8", "Sound", "mp4a.40.2", 192_000, 2, in_the_file)

    master = m3u8.loads(playlists.master([FILM], [sound], []))

    assert master.media[0].language == told


def test_sound_alone_has_no_size() -> None:
    text = playlists.master([Variant("audio/0/index.m3u8", "mp4a.40.2", 192_000)], SOUND, [])

    assert "RESOLUTION" not in text
    assert "SUBTITLES" not in text


def test_a_media_playlist_is_complete_and_its_target_right() -> None:
    durations = [Fraction(60, 10), Fraction(749, 100), Fraction(751, 100), Fraction(1, 2)]

    playlist = m3u8.loads(playlists.media(durations, "init.mp4", ".m4s"))

    assert playlist.is_endlist
    assert playlist.playlist_type == "vod"
    assert playlist.is_independent_segments
    assert playlist.target_duration == 8
    assert playlist.segment_map[0].uri == "init.mp4"
    assert [segment.uri for segment in playlist.segments] == [f"{n}.m4s" for n in range(4)]
    assert [segment.duration for segment in playlist.segments] == [6.0, 7.49, 7.51, 0.5]


def test_key_pictures_have_a_playlist_of_their_own() -> None:
    with_keys = FILM._replace(key_pictures_uri="original/keys.m3u8")

    master = m3u8.loads(playlists.master([with_keys, SMALL], SOUND, TEXT))
    keys = m3u8.loads(playlists.media([Fraction(1), Fraction(2)], "init.mp4", ".m4s", keys=True))

    [listed] = master.iframe_playlists
    assert listed.uri == "original/keys.m3u8"
    assert listed.iframe_stream_info.codecs == FILM.codec
    assert listed.iframe_stream_info.resolution == (1920, 800)
    assert keys.is_i_frames_only
    assert [segment.uri for segment in keys.segments] == ["key0.m4s", "key1.m4s"]


def test_the_average_bandwidth_is_never_above_the_peak() -> None:
    odd = SMALL._replace(peak_bit_rate=500_000, average_bit_rate=900_000)

    info = m3u8.loads(playlists.master([odd], [], [])).playlists[0].stream_info

    assert info.average_bandwidth == info.bandwidth == 500_000


def test_a_strict_parser_accepts_every_playlist(strictly: StrictParser) -> None:
    with_keys = FILM._replace(key_pictures_uri="original/keys.m3u8")
    durations = [Fraction(60, 10), Fraction(749, 100), Fraction(751, 100), Fraction(1, 2)]

    master, small, media, keys, text = strictly(
        playlists.master([with_keys, SMALL], SOUND, TEXT),
        playlists.master([SMALL], [], []),
        playlists.media(durations, "init.mp4", ".m4s"),
        playlists.media(durations, "init.mp4", ".m4s", keys=True),
        playlists.media(durations, None, ".vtt"),
    )

    assert [variant["isIFrameOnly"] for variant in master["variants"]] == [False, False, True]
    assert small["isMasterPlaylist"]
    assert len(media["segments"]) == len(text["segments"]) == 4
    assert keys["isIFrame"]


@given(st.text(max_size=200))
def test_a_track_title_cannot_break_the_playlist(title: str) -> None:
    hostile = AudioRendition("audio/0/index.m3u8", title, "mp4a.40.2", 1, 2, "en")

    text = playlists.master([SMALL], [hostile], [])

    assert [line for line in text.split("\n") if line and not line.startswith("#")] == [SMALL.uri]
    assert next(line for line in text.split("\n") if "EXT-X-MEDIA" in line).count('"') == 10


def test_tracks_with_the_same_name_are_told_apart() -> None:
    assert playlists.unique_names(["English", "English", "x", "English"]) == [
        *("English", "English (2)", "x", "English (3)")
    ]
