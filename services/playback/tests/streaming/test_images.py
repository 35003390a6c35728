"""Subtitles of images from a session to the client that shows them."""

from pathlib import Path

import httpx2
import msgspec
import pytest

from revenge.contracts import playback
from revenge.contracts.media import SubtitleStream
from revenge.kit import Bus, acting_as
from revenge.playback.testing.pgs import pgs
from revenge.playback.testing.rig import shown
from revenge.playback.testing.staging import House

SHOWS_IMAGES = playback.ClientProfile(subtitle_formats=("webvtt", "PGS"))


@pytest.fixture
def beside(house: House) -> Path:
    """A bar from the third second to the sixth."""
    path = house.shelf.path.with_suffix(".sup")
    path.write_bytes(pgs(3, 6))
    track = SubtitleStream("hdmv_pgs_subtitle", path=str(path))
    house.shelf.media = msgspec.structs.replace(house.shelf.media, subtitles=(track,))
    return path


async def begin(bus: Bus, house: House, **wishes: object) -> playback.PlaybackSession:
    with acting_as(house.viewer()):
        return await bus.call(playback.start_playback, house.asking(**wishes))


@pytest.mark.usefixtures("beside")
async def test_who_shows_images_is_given_them_as_they_are(
    bus: Bus, house: House, tmp_path: Path
) -> None:
    session = await begin(
        bus, house, client_profile=SHOWS_IMAGES, subtitle_track=0, subtitle_offset_ms=500
    )

    (track,) = session.subtitle_tracks
    assert track.images_url is not None
    assert (track.method, track.url) == (playback.Method.COPY, None)
    assert session.method is playback.Method.COPY  # of the pictures: nothing is drawn into them
    async with httpx2.AsyncClient(base_url=house.url, timeout=30) as client:
        answer = await client.get(track.images_url)
    assert answer.status_code == 200
    received = tmp_path / "received.sup"
    received.write_bytes(answer.content)
    assert float(shown(received)[0].pts) == pytest.approx(3.5, abs=0.05)


@pytest.mark.usefixtures("beside")
async def test_who_does_not_show_images_is_not_given_them(bus: Bus, house: House) -> None:
    session = await begin(bus, house)

    (track,) = session.subtitle_tracks
    assert (track.images_url, track.method) == (None, playback.Method.NONE)
