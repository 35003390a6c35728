"""What a plan comes to: its cost, what a narrow line leaves of it, and when there is nothing."""

import msgspec
import pytest

from revenge.contracts.media import AudioStream, Media, SubtitleStream, VideoStream
from revenge.contracts.playback import ClientProfile, NotPlayable, Transport
from revenge.playback.deciding import planning, profiles
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.wishes import Wishes

CHROME = profiles.known("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36")
AVC = VideoStream(0, "h264", 1280, 720, bit_rate=4_000_000)
HEVC = VideoStream(0, "hevc", 1280, 720, bit_rate=4_000_000)
AAC = AudioStream(1, "aac", 2, 48_000, default=True)
DTS = AudioStream(2, "dts", 6, 48_000)
PGS = SubtitleStream("hdmv_pgs_subtitle", index=3)


def film(container: str = "matroska", video: VideoStream = AVC, *audio: AudioStream) -> Media:
    return Media(container, 60.0, 4_200_000, (video,), audio or (AAC,), (PGS,))


@pytest.mark.parametrize(
    ("media", "wishes", "method"),
    [
        (film("mov"), Wishes(), "direct"),
        (film(), Wishes(), "copy"),
        (film("matroska", AVC, AAC, DTS), Wishes(), "copy"),
        (film("matroska", AVC, AAC, DTS), Wishes(audio_track=1), "transcode"),
        (film("matroska", HEVC), Wishes(), "transcode"),
        (film("mov"), Wishes(subtitle_track=0), "burn"),
    ],
)
def test_a_plan_costs_what_the_costliest_of_its_streams_does(
    media: Media, wishes: Wishes, method: str
) -> None:
    assert planning.method(decide(media, CHROME, wishes)) == method


@pytest.mark.parametrize(
    ("own", "room", "limit"),
    [
        (None, None, None),
        (8000, None, 8000),
        (None, 5_000_000, 5000),
        (8000, 5_000_000, 5000),
        (3000, 5_000_000, 3000),
        (8000, 0, 8000),  # refused for that, and not squeezed into nothing
        (8000, -1, 8000),
    ],
)
def test_a_client_gets_no_more_than_its_line_and_the_servers(
    own: int | None, room: int | None, limit: int | None
) -> None:
    profile = ClientProfile(max_bitrate_kbps=own)

    assert planning.within(profile, room).max_bitrate_kbps == limit


def test_a_plan_without_anything_to_play_is_refused_with_every_reason_once() -> None:
    plain = msgspec.structs.replace(CHROME, transports=(Transport.PROGRESSIVE,))
    plan = decide(film("matroska", HEVC), plain)

    with pytest.raises(NotPlayable) as refused:
        planning.demand_playable(plan)

    assert str(refused.value).split("; ")[:3] == [
        "the client does not play matroska files",
        "the client does not play hevc",
        "the client does not play HLS",
    ]
