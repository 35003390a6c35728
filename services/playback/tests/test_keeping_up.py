"""A machine that encodes as fast as it can lets nobody in who would make all others wait."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from revenge.contracts import playback
from revenge.contracts.media import AudioStream, Media, VideoStream
from revenge.embedded.ports import free_ports
from revenge.embedded.testing._videos import Videos
from revenge.kit import Bus, acting_as, settings
from revenge.kit.testing import an_admin, eventually
from revenge.playback import reporting
from revenge.playback.deciding.planning import BUSY
from revenge.playback.keeping import Sessions
from revenge.playback.testing.staging import House, open_house

#: Cannot be copied for browsers, and so is encoded.
MEDIA = Media(
    "matroska",
    60.0,
    video=(VideoStream(0, "hevc", 1280, 720, frame_rate="24/1"),),
    audio=(AudioStream(1, "aac", 2, 48_000, default=True),),
)
SLOW = 0.8  # times as fast as it is watched
COPYING = playback.ClientProfile(video_codecs=("hevc",))


@pytest.fixture
def film(tmp_path: Path, videos: Videos) -> Path:
    """So long that ffmpeg is not at its end before viewers are."""
    return videos.make(tmp_path / "film.mkv", seconds=60, width=320, height=180)


@pytest.fixture
async def house(
    film: Path, nats: settings.Nats, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setattr(reporting, "REPORT_EVERY", 0.1)
    (port,) = free_ports(1)
    async with open_house(
        nats, database_url, film, port, least_speed=1.1, max_transcodes=50, session_timeout_s=600
    ) as opened:
        opened.shelf.media = MEDIA
        yield opened


def another_film(house: House) -> None:
    """In the place of the one that plays."""
    house.shelf.path = house.shelf.path.rename(house.shelf.path.with_name("another.mkv"))


async def begin(bus: Bus, house: House, **wishes: object) -> playback.PlaybackSession:
    with acting_as(house.viewer()):
        return await bus.call(playback.start_playback, house.asking(**wishes))


async def decide(
    bus: Bus, house: House, profile: playback.ClientProfile | None = None
) -> playback.PlaybackDecision:
    film = house.film
    asked = playback.DecidePlayback(
        film.media_type, film.media_id, client_profile=profile, user_agent=film.user_agent
    )
    with acting_as(house.viewer()):
        return await bus.call(playback.decide_playback, asked)


async def encoding(bus: Bus, house: House, speed: float) -> None:
    """Somebody watches what is encoded so fast, on any replica."""
    session = await begin(bus, house)
    sessions = await Sessions.of(bus)
    await sessions.note(session.session_id, speed=speed)
    another_film(house)


async def test_who_would_make_all_wait_is_refused_and_told_why(bus: Bus, house: House) -> None:
    await encoding(bus, house, SLOW)

    with pytest.raises(playback.TooManyTranscodes, match=r"0\.8 times as fast as is watched"):
        await begin(bus, house)

    decision = await decide(bus, house)
    assert decision.method is playback.Method.TRANSCODE
    assert decision.refused is not None
    assert "0.8 times as fast as is watched" in decision.refused


async def test_who_needs_no_transcode_is_let_in_all_the_same(bus: Bus, house: House) -> None:
    await encoding(bus, house, SLOW)

    decision = await decide(bus, house, COPYING)
    session = await begin(bus, house, client_profile=COPYING)

    assert decision.refused is None
    assert session.method is decision.method is playback.Method.COPY


async def test_a_busy_machine_offers_the_qualities_that_it_keeps_up_with(
    bus: Bus, house: House
) -> None:
    await encoding(bus, house, 1.7)

    session = await begin(bus, house)

    assert [profile.name for profile in session.profiles] == ["480p"]
    assert [BUSY in item.reasons for item in session.decisions if item.stream == "video"] == [True]


async def test_a_machine_with_time_to_spare_offers_every_quality(bus: Bus, house: House) -> None:
    await encoding(bus, house, 9.0)

    session = await begin(bus, house)

    assert [profile.name for profile in session.profiles] == ["original", "720p", "480p"]


async def test_how_fast_is_encoded_is_known_to_all_replicas(bus: Bus, house: House) -> None:
    small = playback.ClientProfile(video_codecs=("h264",), max_height=90)
    session = await begin(bus, house, client_profile=small)
    sessions = await Sessions.of(bus)
    address = session.master_playlist_url.rpartition("/")[0]
    name = session.profiles[0].name

    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as client:
        for number in range(3):
            (await client.get(f"{address}/{name}/{number}.m4s")).raise_for_status()

    async def is_known() -> bool:
        kept = await sessions.get(session.session_id)
        return kept is not None and kept.speed is not None and kept.speed > 0

    await eventually(is_known)
    with acting_as(an_admin()):
        (shown,) = (await bus.call(playback.list_playbacks, playback.ListPlaybacks())).sessions
    assert (shown.cost.speed or 0) > 0
