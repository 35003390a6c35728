import pytest

from revenge.contracts.playback import ClientProfile, VideoSupport
from revenge.playback.deciding import profiles
from revenge.playback.deciding.clients import CLIENTS, Client

CHROME = "Mozilla/5.0 (Windows NT 10.0) (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
EDGE = f"{CHROME} Edg/131.0.0.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
SAFARI = "Mozilla/5.0 (Macintosh) (KHTML, like Gecko) Version/18.1 Safari/605.1.15"
_ANDROID = "Mozilla/5.0 (Linux; Android"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
_JELLYFIN = "Jellyfin Media Player"
CHROME_ON_IPHONE = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 CriOS/131.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "hevc", "vp9", "ac3"),
    [
        (CHROME, False, True, False),
        (EDGE, False, True, False),
        (FIREFOX, False, True, False),
        (SAFARI, True, False, True),
        (CHROME_ON_IPHONE, True, False, True),
        ("VLC/3.0.20 LibVLC/3.0.20", True, True, True),
        ("curl/8.0", False, False, False),
        (None, False, False, False),
    ],
)
def test_clients_are_known_by_what_they_call_themselves(
    agent: str | None, hevc: bool, vp9: bool, ac3: bool
) -> None:
    profile = profiles.known(agent)

    assert ("hevc" in profile.video_codecs) is hevc
    assert ("vp9" in profile.video_codecs) is vp9
    assert ("ac3" in profile.audio_codecs) is ac3


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chromium"),
        (EDGE, "Chromium"),
        (FIREFOX, "Firefox"),
        (SAFARI, "Safari"),
        (CHROME_ON_IPHONE, "Chromium on iOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) FxiOS/131.0 Mobile Safari", "Firefox on iOS"),
        ("AppleCoreMedia/1.0.0.22A3354 (iPhone; U; CPU OS 18_0 like Mac OS X; en_us)", "Safari"),
        ("AppleCoreMedia/1.0.0.20J373 (Apple TV; U; CPU OS 16_0 like Mac OS X)", "Apple TV"),
        ("Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/94.0 Safari/537.36 (; LGE; webOSTV)", "webOS"),
        ("Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) 85.0.4183.93/6.5 TV Safari/537.36", "Tizen"),
        ("Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH22) Chrome/112.0 Safari", "Android TV"),
        ("Mozilla/5.0 (Linux; Android 9; AFTKA) Chrome/100.0 Safari/537.36", "Android TV"),
        ("Mozilla/5.0 (X11; Linux armv7l) Chrome/115.0 Safari/537.36 CrKey/1.56", "Chromecast"),
        (f"{_ANDROID} 12) {_CHROME} CrKey/1.56 DeviceType/AndroidTV", "Chromecast"),
        (f"{_ANDROID} 9; AFTMM Build/NS6294) {_CHROME} Silk/112.4.1", "Android TV"),
        (f"{_ANDROID} 11; SHIELD Android TV Build/RQ1A) {_CHROME}", "Android TV"),
        (f"{_ANDROID} 14; Pixel 8) {_CHROME} Mobile", "Chromium"),
        (f"{_ANDROID} 14; SM-S918B) SamsungBrowser/27.0 {_CHROME} Mobile", "Chromium"),
        (f"{_WINDOWS}; Xbox; Xbox Series X) {_CHROME} Edge/44.18363.8131", "Chromium"),
        (f"{_WINDOWS}) {_CHROME} OPR/117.0.0.0", "Chromium"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/131.0 Safari/537.36", "Chromium"),
        (f"{_ANDROID} 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox"),
        ("Mozilla/5.0 (iPad; CPU OS 15_6 like Mac OS X) Version/15.6 Safari/604.1", "Safari"),
        ("AppleCoreMedia/1.0.0.21G72 (Macintosh; U; Intel Mac OS X 12_6; en_us)", "Safari"),
        ("AppleTV11,1/11.1", "Apple TV"),
        ("Mozilla/5.0 (Linux; U) Chrome/88.0 Safari/537.36 VIDAA/6.0 (Hisense)", "HbbTV"),
        ("HbbTV/1.4.1 (+DRM;LGE;43UP75;WEBOS6.0) Web0S Chrome/79.0 Safari/537.36", "webOS"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 2.4.0) SamsungBrowser/1.1 TV Safari/538.1", "Tizen"),
        # WebKit, and called like Safari, with other decoders
        ("Mozilla/5.0 (PlayStation; PlayStation 5/6.50) Version/13.0 Safari/605.1.15", None),
        ("Mozilla/5.0 (X11; Linux x86_64) Version/17.0 Safari/605.1.15", None),
        ("Dalvik/2.1.0 (Linux; U; Android 12; CRAFT X1)", None),
        ("Roku/DVP-12.0 (12.0.0.4182-88)", "Roku"),
        ("Kodi/21.1 (Linux; Android 11.0; BRAVIA 4K UR2) Android/11.0", "Kodi"),
        ("VLC/3.0.20 LibVLC/3.0.20", "VLC"),
        ("mpv 0.39.0", "mpv"),
        ("Lavf/61.7.100", "mpv"),
        ("Infuse-Direct/8.0", "Infuse"),
        ("Mozilla/5.0 (X11) QtWebEngine Chrome/122.0 Safari JellyfinMediaPlayer 1.11", _JELLYFIN),
        ("MyPlayer/1.0 (Linux;Android 14) ExoPlayerLib/2.19.1", "ExoPlayer"),
        ("curl/8.0", None),
        ("", None),
        (None, None),
    ],
)
def test_each_client_is_told_by_its_user_agent(agent: str | None, name: str | None) -> None:
    assert profiles.known(agent).name == name


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_what_is_said_of_a_codec_is_said_of_one_that_is_played(client: Client) -> None:
    profile = client.profile

    assert {support.codec for support in profile.video} <= set(profile.video_codecs)
    assert {support.codec for support in profile.audio} <= set(profile.audio_codecs)
    assert profile.containers
    assert profile.transports


def test_a_codec_that_is_only_described_counts_as_named() -> None:
    said = ClientProfile(video=(VideoSupport("H265", max_level=120),))

    profile = profiles.complete(said, CHROME)

    assert profile.video_codecs == ("hevc",)
    assert profile.video == (VideoSupport("hevc", max_level=120),)


def test_a_client_that_names_its_codecs_is_not_held_to_what_is_known_of_its_kind() -> None:
    said = ClientProfile(video_codecs=("h264",), subtitle_formats=("SubRip", "PGSSUB"))

    profile = profiles.complete(said, CHROME)

    assert profile.video == ()
    assert profile.subtitle_formats == ("srt", "pgs")
    assert profile.name == "Chromium"


def test_what_the_client_says_counts_and_what_it_does_not_is_as_known() -> None:
    said = ClientProfile(video_codecs=("H265", "avc"), max_height=720)

    profile = profiles.complete(said, CHROME)

    assert profile.video_codecs == ("hevc", "h264")
    assert profile.audio_codecs == profiles.known(CHROME).audio_codecs
    assert profile.max_height == 720
    assert not profile.supports_hdr10
