import pytest

from revenge.contracts.playback import ClientProfile
from revenge.playback import profiles

CHROME = "Mozilla/5.0 (Windows NT 10.0) (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
EDGE = f"{CHROME} Edg/131.0.0.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
SAFARI = "Mozilla/5.0 (Macintosh) (KHTML, like Gecko) Version/18.1 Safari/605.1.15"
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


def test_what_the_client_says_counts_and_what_it_does_not_is_as_known() -> None:
    said = ClientProfile(video_codecs=("H265", "avc"), max_height=720)

    profile = profiles.complete(said, CHROME)

    assert profile.video_codecs == ("hevc", "h264")
    assert profile.audio_codecs == profiles.known(CHROME).audio_codecs
    assert profile.max_height == 720
    assert not profile.supports_hdr10
