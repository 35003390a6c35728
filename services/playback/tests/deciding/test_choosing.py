"""What each kind of client is given of each kind of file: the table of decisions."""

from dataclasses import dataclass, replace

import msgspec
import pytest

from revenge.contracts.media import AudioStream, HdrKind, Media, SubtitleStream, VideoStream
from revenge.contracts.playback import (
    AudioSupport,
    ClientProfile,
    QualityUnknown,
    Transport,
    VideoSupport,
)
from revenge.playback.deciding import profiles
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.wishes import Wishes

CLIENTS = {
    "chrome": profiles.known("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36"),
    "firefox": profiles.known("Mozilla/5.0 (X11; rv:133.0) Gecko/20100101 Firefox/133.0"),
    "safari": profiles.known("Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15"),
    "apple tv": profiles.known("AppleCoreMedia/1.0.0.20J373 (Apple TV; U; CPU OS 16_0)"),
    "lg": profiles.known("Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/94.0 Safari/537.36 webOSTV"),
    "samsung": profiles.known("Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) Chrome/76.0 TV Safari"),
    "android tv": profiles.known("Mozilla/5.0 (Linux; Android 11; BRAVIA 4K UR2) Chrome/131.0"),
    "roku": profiles.known("Roku/DVP-12.0 (12.0.0.4182-88)"),
    "kodi": profiles.known("Kodi/21.1 (Linux; Ubuntu 24.04) App_Bitness/64 Version/21.1"),
    "unknown": profiles.known("curl/8.0"),
}

AVC = VideoStream(
    0, "h264", 1920, 1080, profile="High", level=41, bit_rate=8_000_000, pixel_format="yuv420p"
)
HEVC = VideoStream(
    0, "hevc", 3840, 2160, profile="Main 10", level=153, bit_depth=10, pixel_format="yuv420p10le"
)
AAC = AudioStream(1, "aac", 2, 48_000, default=True)
DTS = AudioStream(1, "dts", 6, 48_000, default=True)
EAC3 = AudioStream(1, "eac3", 8, 48_000, default=True)
SRT = SubtitleStream("subrip", index=2, language="eng")
PGS = SubtitleStream("hdmv_pgs_subtitle", index=3, language="eng")


def changed(track: VideoStream, **changes: object) -> VideoStream:
    return msgspec.structs.replace(track, **changes)


HDR10 = changed(HEVC, hdr=HdrKind.HDR10)
HDR10_PLUS = changed(HEVC, hdr=HdrKind.HDR10_PLUS)
VISION_5 = changed(HEVC, hdr=HdrKind.DOLBY_VISION, dolby_vision_profile=5)
VISION_8 = changed(
    HEVC, hdr=HdrKind.DOLBY_VISION, dolby_vision_profile=8, dolby_vision_compatibility=1
)

FILMS = {
    "mp4": Media("mov", 5400.0, None, (AVC,), (AAC,)),
    "mkv": Media("matroska", 5400.0, None, (AVC,), (AAC,), (SRT, PGS)),
    "mkv, dts": Media("matroska", 5400.0, None, (AVC,), (DTS,)),
    "mkv, e-ac-3": Media("matroska", 5400.0, None, (AVC,), (EAC3,)),
    "4k": Media("matroska", 5400.0, None, (HEVC,), (AAC,)),
    "hdr10": Media("matroska", 5400.0, None, (HDR10,), (AAC,)),
    "hdr10+": Media("matroska", 5400.0, None, (HDR10_PLUS,), (AAC,)),
    "vision 5": Media("mov", 5400.0, None, (VISION_5,), (AAC,)),
    "vision 8": Media("mov", 5400.0, None, (VISION_8,), (AAC,)),
    "hi10p": Media(
        "matroska", 5400.0, None, (changed(AVC, profile="High 10", bit_depth=10),), (AAC,)
    ),
    "level 6": Media("mov", 5400.0, None, (changed(AVC, level=60),), (AAC,)),
    "4:2:2": Media(
        "mov", 5400.0, None, (changed(AVC, profile="High 4:2:2", pixel_format="yuv422p"),), (AAC,)
    ),
    "mpeg-2": Media("mpegts", 5400.0, None, (changed(AVC, codec="mpeg2video"),), (AAC,)),
    "web": Media(
        "matroska",
        5400.0,
        None,
        (changed(AVC, codec="vp9", profile="Profile 0"),),
        (msgspec.structs.replace(AAC, codec="opus"),),
    ),
}

TABLE = """
film         client      file    video      audio
mp4          chrome      direct  copy       copy
mp4          unknown     direct  copy       copy
mp4          roku        direct  copy       copy
mkv          chrome      -       copy       copy
mkv          lg          direct  copy       copy
mkv          kodi        direct  copy       copy
mkv, dts     chrome      -       copy       transcode
mkv, dts     lg          -       copy       transcode
mkv, dts     kodi        direct  copy       transcode
mkv, e-ac-3  firefox     -       copy       transcode
mkv, e-ac-3  safari      -       copy       copy
mkv, e-ac-3  samsung     direct  copy       copy
mkv, e-ac-3  roku        -       copy       transcode
4k           chrome      -       transcode  copy
4k           safari      -       copy       copy
4k           apple tv    -       copy       copy
4k           android tv  direct  copy       copy
4k           roku        -       transcode  copy
hdr10        lg          direct  copy       copy
hdr10        samsung     direct  copy       copy
hdr10        kodi        direct  copy       copy
hdr10        roku        -       transcode  copy
hdr10+       samsung     direct  copy       copy
hdr10+       safari      -       copy       copy
vision 5     apple tv    direct  copy       copy
vision 5     lg          direct  copy       copy
vision 5     samsung     -       transcode  copy
vision 8     safari      direct  copy       copy
vision 8     samsung     direct  copy       copy
vision 8     chrome      -       transcode  copy
hi10p        chrome      -       transcode  copy
hi10p        apple tv    -       transcode  copy
hi10p        kodi        direct  copy       copy
level 6      lg          -       transcode  copy
level 6      chrome      direct  copy       copy
4:2:2        safari      -       transcode  copy
4:2:2        kodi        direct  copy       copy
mpeg-2       chrome      -       transcode  copy
mpeg-2       kodi        direct  transcode  copy
web          chrome      direct  copy       copy
web          firefox     direct  copy       copy
web          safari      -       transcode  transcode
"""


@dataclass(frozen=True)
class Row:
    film: str
    client: str
    file: str
    video: str
    audio: str

    def __str__(self) -> str:
        return f"{self.film} for {self.client}"


def rows() -> list[Row]:
    head, *lines = TABLE.strip("\n").splitlines()
    starts = [head.index(name) for name in ("film", "client", "file", "video", "audio")]
    spans = list(zip(starts, [*starts[1:], None], strict=True))
    return [Row(*(line[start:end].strip() for start, end in spans)) for line in lines]


@pytest.mark.parametrize("row", rows(), ids=str)
def test_each_client_is_given_the_cheapest_that_it_plays(row: Row) -> None:
    plan = decide(FILMS[row.film], CLIENTS[row.client])

    chosen = {decision.stream: str(decision.method) for decision in plan.decisions}
    found = replace(
        row,
        file="direct" if plan.direct else "-",
        video=chosen["video"],
        audio=chosen["audio"],
    )
    assert found == row


@pytest.mark.parametrize("row", rows(), ids=str)
def test_whatever_is_not_given_as_it_is_has_a_reason(row: Row) -> None:
    plan = decide(FILMS[row.film], CLIENTS[row.client])

    cheap = {"direct", "copy"}
    assert all(
        bool(decision.reasons) is (decision.method not in cheap) for decision in plan.decisions
    )


SAYS = ClientProfile(
    containers=("mp4",),
    video_codecs=("h264",),
    audio_codecs=("aac",),
    subtitle_formats=("webvtt",),
    transports=(Transport.HLS, Transport.PROGRESSIVE),
)


def told(**changes: object) -> ClientProfile:
    return msgspec.structs.replace(SAYS, **changes)


@pytest.mark.parametrize(
    ("film", "profile", "reason"),
    [
        (FILMS["mkv"], SAYS, "the client does not play matroska files"),
        (FILMS["mp4"], told(transports=(Transport.HLS,)), "the client plays nothing but HLS"),
        (
            FILMS["mp4"],
            told(video=(VideoSupport("h264", max_level=40),)),
            "the client plays h264 up to level 4, and this is 4.1",
        ),
        (
            FILMS["mp4"],
            told(video=(VideoSupport("h264", profiles=("Baseline", "main")),)),
            "the client does not play the profile High of h264",
        ),
        (
            FILMS["hi10p"],
            told(video=(VideoSupport("h264", max_bit_depth=8),)),
            "10 bits are more than the client's 8",
        ),
        (
            FILMS["hdr10"],
            told(
                video_codecs=("hevc",),
                supports_hdr10=True,
                video=(VideoSupport("hevc", hdr=(HdrKind.HLG,)),),
            ),
            "the client does not show hdr10",
        ),
        (
            FILMS["mkv, e-ac-3"],
            told(audio_codecs=("eac3",), audio=(AudioSupport("eac3", max_channels=6),)),
            "the client plays 6 channels of 8",
        ),
        (FILMS["mp4"], told(max_height=720), "1920x1080 is more than the client shows"),
        (FILMS["mp4"], told(max_bitrate_kbps=5000), "the pictures have more than 5000 kbit/s"),
    ],
)
def test_the_reason_says_what_the_client_lacks(
    film: Media, profile: ClientProfile, reason: str
) -> None:
    assert reason in decide(film, profile).decisions[0].reasons


def test_what_a_client_passes_on_may_have_more_channels_than_it_plays() -> None:
    receiver = told(
        audio_codecs=("aac", "eac3"),
        max_audio_channels=2,
        audio=(AudioSupport("eac3", max_channels=8),),
    )

    assert decide(FILMS["mkv, e-ac-3"], receiver).audio[0].copied


# -- quality and transport


def test_a_chosen_quality_is_the_only_one_that_is_offered() -> None:
    plan = decide(FILMS["mp4"], CLIENTS["chrome"], Wishes(quality="720p"))

    assert [offer.name for offer in plan.video] == ["720p"]
    assert not plan.direct
    assert plan.decisions[1].reasons == ("the quality 720p is wanted",)


def test_the_original_as_a_quality_is_still_the_file_itself() -> None:
    plan = decide(FILMS["mp4"], CLIENTS["chrome"], Wishes(quality="original"))

    assert plan.direct
    assert [offer.name for offer in plan.video] == ["original"]


def test_a_quality_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(QualityUnknown, match="original, 1080p, 720p, 480p"):
        decide(FILMS["mp4"], CLIENTS["chrome"], Wishes(quality="8k"))


def test_a_client_without_hls_gets_the_file_or_nothing() -> None:
    plain = told(transports=(Transport.PROGRESSIVE,))

    assert decide(FILMS["mp4"], plain).direct
    refused = decide(FILMS["mkv"], plain)
    assert not refused.direct
    assert refused.video == refused.audio == ()
    assert {decision.method for decision in refused.decisions[:3]} == {"none"}
