"""A session from start to end: on a real bus, a real database and a real file."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import httpx2
import pytest

from revenge.contracts import catalog, playback
from revenge.kit import Bus, acting_as
from revenge.kit.following import Followed, follow
from revenge.kit.testing import an_admin, eventually
from revenge.playback.testing.staging import House


async def test_a_session_says_where_to_play_from(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)

    assert session.title == "The Film"
    assert session.position_seconds == 7
    assert session.duration_seconds == 20.0
    assert session.profiles[0].is_original
    assert [decision.method for decision in session.decisions][1:] == ["copy", "copy"]
    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as client:
        playlist = await client.get(session.master_playlist_url)
    assert playlist.status_code == 200
    assert 'CODECS="avc1.' in playlist.text


@pytest.mark.parametrize(("wished", "begins"), [(None, 7), (0, 0), (3, 3)])
async def test_it_begins_where_it_was_left_unless_another_place_is_wished(
    bus: Bus, house: House, wished: float | None, begins: float
) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.asking(start_position=wished))

    assert session.position_seconds == begins


async def test_every_segment_of_the_original_can_be_fetched(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)
    address = session.master_playlist_url.rpartition("/")[0]

    async with httpx2.AsyncClient(base_url=house.url, timeout=30) as client:
        playlist = (await client.get(f"{address}/original/index.m3u8")).text
        names = [line for line in playlist.splitlines() if line.endswith(".m4s")]
        found = [await client.get(f"{address}/original/{name}") for name in reversed(names)]

    assert len(names) >= 3
    assert all(answer.status_code == 200 for answer in found)
    assert all(b"moof" in answer.content[:64] for answer in found)


async def test_another_user_finds_nothing(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)

    with acting_as(house.viewer("another")), pytest.raises(playback.PlaybackNotFound):
        await bus.call(playback.get_playback, playback.GetPlayback(session.session_id))
    with acting_as(an_admin()):
        await bus.call(playback.get_playback, playback.GetPlayback(session.session_id))


async def test_what_is_not_in_the_catalogue_is_not_played(bus: Bus, house: House) -> None:
    unknown = playback.StartPlayback(catalog.MediaType.MOVIE, uuid4())

    with acting_as(house.viewer()), pytest.raises(catalog.MediaNotFound):
        await bus.call(playback.start_playback, unknown)


async def test_heartbeats_move_the_position_and_are_told(bus: Bus, house: House) -> None:
    events = heard(bus)
    await anext(events)
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)
        await bus.call(playback.beat, playback.Heartbeat(session.session_id, 12))
        paused = playback.Heartbeat(session.session_id, 13, playback.PlayState.PAUSED)
        await bus.call(playback.beat, paused)
        now = await bus.call(playback.get_playback, playback.GetPlayback(session.session_id))
        await bus.call(playback.stop_playback, playback.GetPlayback(session.session_id))

    assert (now.position_seconds, now.state) == (13, "paused")
    told = [await anext(events) for _ in range(4)]
    assert [kind.removeprefix("event.playback.") for kind in told] == [
        "started",
        "progressed",
        "paused",
        "stopped",
    ]


async def heard(bus: Bus) -> AsyncGenerator[str]:
    """The subjects of what is told; the first one only says that we listen."""
    events: AsyncGenerator[Followed] = follow(bus, "event.playback.>", after=0)
    yield "listening"
    async for event in events:
        yield event.subject


async def test_a_stopped_session_plays_no_more(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)
        await bus.call(playback.stop_playback, playback.GetPlayback(session.session_id))

    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as client:
        answer = await client.get(session.master_playlist_url)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_as_many_sessions_as_allowed_and_no_more(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        for _ in range(2):
            await bus.call(playback.start_playback, house.film)
        with pytest.raises(playback.TooManySessions):
            await bus.call(playback.start_playback, house.film)


async def test_a_session_without_a_sign_of_life_ends(
    bus: Bus, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revenge.playback.playing.SWEEP_EVERY", 0.5)
    events = heard(bus)
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)

    async def is_gone() -> bool:
        try:
            with acting_as(house.viewer()):
                await bus.call(playback.get_playback, playback.GetPlayback(session.session_id))
        except playback.PlaybackNotFound:
            return True
        return False

    assert await eventually(is_gone, within=20)
    told = [await anext(events) for _ in range(3)]
    assert told[-1] == "event.playback.stopped"


async def test_forged_addresses_play_nothing(bus: Bus, house: House) -> None:
    with acting_as(house.viewer()):
        session = await bus.call(playback.start_playback, house.film)
    *before, token, name = session.master_playlist_url.split("/")
    forged = "/".join([*before, token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), name])

    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as client:
        answer = await client.get(forged)
    assert answer.status_code == 403
