import msgspec
import pytest

from revenge.contracts.media import AudioStream, HdrKind, Media, SubtitleStream, VideoStream
from revenge.contracts.playback import ClientProfile, Method, NotPlayable
from revenge.playback.deciding import profiles
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.wishes import Wishes

CHROME = profiles.known("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36")
SAFARI = profiles.known("Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15")
VLC = profiles.known("VLC/3.0.20 LibVLC/3.0.20")

PICTURES = VideoStream(
    0, "h264", 1920, 1080, bit_rate=8_000_000, frame_rate="24/1", pixel_format="yuv420p"
)
SOUND = AudioStream(1, "aac", 2, 48000, bit_rate=192_000, default=True)
FILM = Media("mov", 5400.0, 8_200_000, (PICTURES,), (SOUND,))


def film(
    container: str = "mov",
    video: VideoStream = PICTURES,
    audio: tuple[AudioStream, ...] = (SOUND,),
    subtitles: tuple[SubtitleStream, ...] = (),
) -> Media:
    return Media(container, 5400.0, 8_200_000, (video,), audio, subtitles)


def pictures(**changes: object) -> VideoStream:
    return msgspec.structs.replace(PICTURES, **changes)


def sound(**changes: object) -> AudioStream:
    return msgspec.structs.replace(SOUND, **changes)


def reasons(media: Media, profile: ClientProfile, stream: str) -> str:
    decisions = decide(media, profile).decisions
    return "; ".join(
        reason for item in decisions if item.stream == stream for reason in item.reasons
    )


def test_what_the_client_plays_is_played_as_it_is() -> None:
    plan = decide(FILM, CHROME)

    assert plan.direct
    assert plan.video[0].encoding is None
    assert plan.audio[0].copied
    assert [decision.method for decision in plan.decisions] == [
        *(Method.DIRECT, Method.COPY, Method.COPY)
    ]


def test_another_container_is_a_remux_and_nothing_more() -> None:
    plan = decide(film("matroska"), CHROME)

    assert not plan.direct
    assert plan.video[0].encoding is None
    assert plan.audio[0].copied


def test_sound_alone_is_encoded_when_only_the_sound_is_not_played() -> None:
    plan = decide(film("matroska", audio=(sound(codec="dts", channels=6),)), CHROME)

    assert plan.video[0].encoding is None
    assert not plan.audio[0].copied


@pytest.mark.parametrize(("source", "most", "channels"), [(8, 8, 6), (6, 2, 2), (2, 8, 2)])
def test_encoded_sound_is_surround_for_those_who_play_it(
    source: int, most: int, channels: int
) -> None:
    client = msgspec.structs.replace(CHROME, max_audio_channels=most)

    plan = decide(film("matroska", audio=(sound(codec="dts", channels=source),)), client)

    assert plan.audio[0].channels == channels


def test_sound_that_browsers_do_not_find_in_hls_is_encoded_for_it() -> None:
    """Chromium plays MP3, but takes it in no fragmented MP4."""
    media = film("matroska", audio=(sound(codec="mp3"),))

    plan = decide(media, CHROME)

    assert plan.video[0].encoding is None
    assert not plan.audio[0].copied
    assert reasons(media, CHROME, "audio") == "mp3 cannot be sent as HLS"
    assert decide(film(audio=(sound(codec="mp3"),)), CHROME).direct


def test_opus_is_for_those_who_play_no_aac() -> None:
    client = msgspec.structs.replace(CHROME, audio_codecs=("opus",))

    assert decide(film("matroska", audio=(sound(codec="dts"),)), client).audio[0].codec == "opus"
    assert decide(film("matroska", audio=(sound(codec="dts"),)), CHROME).audio[0].codec == "aac"


def test_sound_that_cannot_be_cut_is_encoded_and_says_why() -> None:
    media = film("matroska")
    obstacles = {media.audio[0].index: "its sound starts later than its pictures"}

    plan = decide(media, CHROME, audio_obstacles=obstacles)

    assert not plan.audio[0].copied
    assert "its sound starts later than its pictures" in str(plan.decisions)


def test_fields_are_woven_together_for_those_who_would_show_combs() -> None:
    media = film(video=pictures(interlaced=True))

    plan = decide(media, CHROME)

    assert not plan.direct
    assert all(offer.encoding and offer.encoding.deinterlace for offer in plan.video)
    assert reasons(media, CHROME, "video") == "the client shows no interlaced h264"
    assert decide(media, VLC).direct


def test_pictures_whose_name_in_the_file_is_not_known_are_copied_under_another() -> None:
    """Most tools write `hev1`, of which Apple's players show nothing."""
    media = film(video=pictures(codec="hevc"))

    unknown, known = (decide(media, SAFARI, tag=tag) for tag in ("hev1", "hvc1"))

    assert not unknown.direct
    assert unknown.video[0].encoding is None
    assert "under the name hev1" in str(unknown.decisions[0].reasons)
    assert known.direct
    assert decide(media, SAFARI).direct
    assert decide(media, VLC, tag="hev1").direct


def test_a_song_is_played_as_it_is() -> None:
    song = Media("mp3", 180.0, audio=(sound(codec="mp3"),))

    assert decide(song, CHROME).direct
    assert decide(song, SAFARI).direct


def test_pictures_that_are_not_played_are_encoded_with_a_reason() -> None:
    media = film("matroska", pictures(codec="hevc"))

    assert decide(media, CHROME).video[0].encoding is not None
    assert reasons(media, CHROME, "video") == "the client does not play hevc"
    assert decide(media, SAFARI).video[0].encoding is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"bit_depth": 10, "profile": "High 10"}, "10 bits"),
        ({"pixel_format": "yuv422p"}, "yuv422p"),
        ({"hdr": HdrKind.DOLBY_VISION}, "dolby_vision"),
        ({"codec": "mpeg2video"}, "cannot be sent as HLS"),
    ],
)
def test_pictures_that_players_do_not_decode_are_encoded(
    changes: dict[str, object], reason: str
) -> None:
    assert reason in reasons(film(video=pictures(**changes)), CHROME, "video")


def test_what_cannot_be_cut_is_encoded_but_played_as_a_file() -> None:
    plan = decide(FILM, CHROME, obstacle="its key frames are too far apart")

    assert plan.direct
    assert plan.video[0].encoding is not None
    assert "its key frames are too far apart" in plan.decisions[1].reasons


def test_a_webm_is_a_matroska_with_the_codecs_of_the_web() -> None:
    web = film("matroska", pictures(codec="vp9"), (sound(codec="opus"),))

    assert decide(web, CHROME).direct
    assert not decide(film("matroska"), CHROME).direct
    assert decide(film("matroska"), VLC).direct


def test_rungs_lie_below_the_source() -> None:
    names = [offer.name for offer in decide(FILM, CHROME).video]

    assert names == ["original", "1080p", "720p", "480p"]
    assert [
        offer.name for offer in decide(film(video=pictures(width=640, height=360)), CHROME).video
    ] == ["original"]


def test_a_client_with_limits_gets_nothing_above_them() -> None:
    small = msgspec.structs.replace(CHROME, max_width=1280, max_height=720, max_bitrate_kbps=3000)

    plan = decide(FILM, small)

    assert not plan.direct
    assert [offer.name for offer in plan.video] == ["720p", "480p"]


def test_a_client_below_the_ladder_gets_a_rung_of_its_own() -> None:
    tiny = msgspec.structs.replace(CHROME, max_width=320, max_bitrate_kbps=500)

    offers = decide(FILM, tiny).video

    assert len(offers) == 1
    assert offers[0].encoding is not None
    assert (offers[0].encoding.width, offers[0].bit_rate) == (320, 500_000)


def test_another_audio_track_cannot_be_chosen_in_the_file_itself() -> None:
    media = film(audio=(SOUND, sound(index=2, language="deu", default=False)))

    plan = decide(media, CHROME, Wishes(audio_track=1))

    assert not plan.direct
    assert plan.default_audio == 1
    assert len(plan.audio) == 2


def test_a_track_that_is_not_there_is_the_first() -> None:
    plan = decide(FILM, CHROME, Wishes(audio_track=7, subtitle_track=7))

    assert plan.default_audio == 0
    assert plan.default_subtitle is None


def test_more_channels_than_the_client_plays_are_mixed_down() -> None:
    media = film(audio=(sound(codec="eac3", channels=8),))
    stereo = msgspec.structs.replace(SAFARI, max_audio_channels=2)

    assert decide(media, SAFARI).audio[0].copied
    assert not decide(media, stereo).audio[0].copied


def test_text_becomes_webvtt_and_images_are_left_out() -> None:
    media = film(
        subtitles=(
            SubtitleStream("subrip", index=2),
            SubtitleStream("hdmv_pgs_subtitle", index=3),
            SubtitleStream("ass", path="/films/film.ass"),
        )
    )

    plan = decide(media, CHROME, Wishes(subtitle_track=2))

    assert [(offer.number, offer.index, offer.path) for offer in plan.subtitles] == [
        (0, 2, None),
        (2, None, "/films/film.ass"),
    ]
    assert plan.default_subtitle == 2
    assert plan.direct  # a player may show text beside the file


def test_a_file_with_nothing_to_play_is_not_playable() -> None:
    with pytest.raises(NotPlayable):
        decide(Media("matroska", 0.0), CHROME)


def test_a_song_has_no_pictures() -> None:
    plan = decide(Media("mp3", 180.0, audio=(sound(codec="mp3"),)), VLC)

    assert plan.direct
    assert plan.video == ()


def test_a_plan_survives_the_bucket_that_it_is_kept_in() -> None:
    plan = decide(film("matroska", pictures(codec="hevc", hdr=HdrKind.HDR10)), CHROME)

    assert msgspec.json.decode(msgspec.json.encode(plan), type=type(plan)) == plan


def test_dolby_vision_falls_back_to_its_base_layer() -> None:
    video = pictures(
        codec="hevc",
        bit_depth=10,
        hdr=HdrKind.DOLBY_VISION,
        dolby_vision_profile=8,
        dolby_vision_compatibility=1,
    )
    without = msgspec.structs.replace(SAFARI, supports_dolby_vision=False, video=())

    [for_all, *_] = decide(film("matroska", video), SAFARI).video
    [for_hdr10, *_] = decide(film("matroska", video), without).video

    assert for_all.encoding is None
    assert not for_all.base_layer
    assert for_hdr10.encoding is None
    assert for_hdr10.base_layer


@pytest.mark.parametrize(
    ("plays", "codec"), [(("h264", "hevc"), "h264"), (("hevc",), "hevc"), (("av1",), "av1")]
)
def test_pictures_are_encoded_to_what_the_client_plays(plays: tuple[str, ...], codec: str) -> None:
    client = msgspec.structs.replace(CHROME, video_codecs=plays, video=())

    [best, *_] = decide(film("matroska", pictures(codec="mpeg2video")), client).video

    assert best.encoding
    assert best.encoding.codec == codec
