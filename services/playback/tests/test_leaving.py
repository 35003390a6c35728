"""What is encoded for a viewer stops when they have gone, wherever they said so."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from prometheus_client import REGISTRY

from revenge.contracts import playback
from revenge.embedded.ports import free_ports
from revenge.embedded.testing._videos import Videos
from revenge.kit import Bus, acting_as, settings
from revenge.kit.testing import eventually
from revenge.playback.keeping import Sessions
from revenge.playback.testing.staging import House, open_house

SMALL = playback.ClientProfile(video_codecs=("h264",), max_height=90)


@pytest.fixture
async def house(
    tmp_path: Path,
    videos: Videos,
    nats: settings.Nats,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """A film that is longer than a run makes ahead, so that a run does not end by itself."""
    monkeypatch.setattr("revenge.playback.playing.SWEEP_EVERY", 0.5)
    film = videos.make(tmp_path / "film.mkv", seconds=90, width=320, height=180)
    (port,) = free_ports(1)
    async with open_house(nats, database_url, film, port) as opened:
        yield opened


async def begin(bus: Bus, house: House) -> playback.PlaybackSession:
    """Its first segment has been fetched."""
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.asking(client_profile=SMALL))
    address = session.master_playlist_url.rpartition("/")[0]
    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as client:
        answer = await client.get(f"{address}/{session.profiles[0].name}/0.m4s")
    assert answer.status_code == 200, answer.text
    return session


async def nothing_is_encoded() -> bool:
    return not REGISTRY.get_sample_value("revenge_transcoding_sessions_active")


async def test_a_session_that_is_stopped_stops_its_transcode(bus: Bus, house: House) -> None:
    session = await begin(bus, house)
    assert not await nothing_is_encoded()

    with acting_as(house.viewer()):
        await bus.call(playback.stop_playback, playback.GetPlayback(session.session_id))

    await eventually(nothing_is_encoded)


async def test_a_session_that_another_replica_ended_stops_its_transcode(
    bus: Bus, house: House
) -> None:
    session = await begin(bus, house)

    await (await Sessions.of(bus)).remove(session.session_id)

    await eventually(nothing_is_encoded)


async def test_a_viewer_who_changes_the_pictures_stops_those_they_had(
    bus: Bus, house: House
) -> None:
    session = await begin(bus, house)

    with acting_as(house.viewer()):
        wanted = playback.ChangePlayback(session.session_id, position_seconds=4)
        await bus.call(playback.change_playback, wanted)
    assert not await nothing_is_encoded()  # they are the same still
    house.shelf.path.touch()
    with acting_as(house.viewer()):
        await bus.call(playback.change_playback, wanted)

    await eventually(nothing_is_encoded)
