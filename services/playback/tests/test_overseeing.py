"""What plays now, as an administrator sees it, and what stands in the way of one more."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from revenge.contracts import PlaybackId, playback
from revenge.embedded.ports import free_ports
from revenge.kit import Bus, acting_as, qos, settings
from revenge.kit.following import follow
from revenge.kit.jobs import Workers
from revenge.kit.testing import an_admin, eventually
from revenge.playback.testing.staging import House, open_house

SMALL = playback.ClientProfile(video_codecs=("h264",), max_height=90)


async def begin(
    bus: Bus, house: House, who: str = "someone", **wishes: object
) -> playback.PlaybackSession:
    with acting_as(house.viewer(who)):
        return await bus.call(playback.start_playback, house.asking(**wishes))


async def active(bus: Bus, **of: Any) -> playback.ActivePlaybacks:
    with acting_as(an_admin()):
        return await bus.call(playback.list_playbacks, playback.ListPlaybacks(**of))


async def told(bus: Bus, event: str) -> dict[str, Any]:
    """The first event of this kind since the bus was made."""
    events = follow(bus, f"event.playback.{event}", after=0)
    try:
        return msgspec.json.decode((await anext(events)).payload)
    finally:
        await events.aclose()


async def test_who_plays_what_and_how_is_listed(bus: Bus, house: House) -> None:
    session = await begin(bus, house, "anne")
    with acting_as(house.viewer("anne")):
        beat = playback.Heartbeat(
            session.session_id, 9, stalls=2, dropped_frames=30, bandwidth_kbps=8000
        )
        await bus.call(playback.beat, beat)

    (shown,) = (await active(bus)).sessions

    assert (shown.username, shown.title, shown.position_seconds) == ("anne", "The Film", 9)
    assert (shown.method, shown.client) == ("copy", "Chromium")
    assert shown.user_agent == house.film.user_agent
    assert shown.decisions == session.decisions
    assert (shown.stalls, shown.dropped_frames, shown.bandwidth_kbps) == (2, 30, 8000)


async def test_what_a_heartbeat_does_not_say_stays_as_it_was(bus: Bus, house: House) -> None:
    session = await begin(bus, house)
    with acting_as(house.viewer()):
        await bus.call(playback.beat, playback.Heartbeat(session.session_id, 9, stalls=2))
        await bus.call(playback.beat, playback.Heartbeat(session.session_id))

    (shown,) = (await active(bus)).sessions

    assert (shown.position_seconds, shown.stalls) == (9, 2)


async def test_the_cost_of_a_session_is_told(bus: Bus, house: House) -> None:
    await begin(bus, house)
    await begin(bus, house, client_profile=SMALL)

    found = await active(bus)

    copied, encoded = found.sessions
    assert not copied.cost.transcodes_video
    assert encoded.cost.transcodes_video
    assert encoded.cost.bit_rate_kbps > 0
    assert (found.load.sessions, found.load.transcodes) == (2, 1)
    assert found.load.most_sessions == 2


async def test_the_quality_that_is_fetched_is_shown(bus: Bus, house: House) -> None:
    session = await begin(bus, house)
    address = session.master_playlist_url.rpartition("/")[0]

    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as client:
        await client.get(f"{address}/original/0.m4s")

    async def is_shown() -> bool:
        return [item.quality for item in (await active(bus)).sessions] == ["original"]

    await eventually(is_shown)


async def test_one_users_sessions_are_listed_alone(bus: Bus, house: House) -> None:
    await begin(bus, house, "anne")
    await begin(bus, house, "mary")

    found = await active(bus, user_id=house.viewer("mary").user_id)

    assert [item.username for item in found.sessions] == ["mary"]
    assert found.load.sessions == 2


async def test_an_administrator_ends_a_session_with_a_word_to_its_viewer(
    bus: Bus, house: House
) -> None:
    session = await begin(bus, house, "anne")

    with acting_as(an_admin()):
        wanted = playback.EndPlayback(session.session_id, "the server goes down")
        await bus.call(playback.end_playback, wanted)

    assert (await active(bus)).sessions == ()
    event = await told(bus, "stopped")
    assert event["reason"] == "the server goes down"
    assert event["user_id"] == str(house.viewer("anne").user_id)


async def test_a_message_is_for_the_viewer_of_the_session(bus: Bus, house: House) -> None:
    session = await begin(bus, house, "anne")

    with acting_as(an_admin("Calico Jack")):
        message = playback.MessageViewer(session.session_id, "Turn it down, please")
        await bus.call(playback.message_viewer, message)

    event = await told(bus, "viewer_messaged")
    assert (event["text"], event["sent_by"]) == ("Turn it down, please", "Calico Jack")
    assert event["user_id"] == str(house.viewer("anne").user_id)


async def test_who_is_not_there_gets_no_message(bus: Bus, house: House) -> None:
    message = playback.MessageViewer(PlaybackId(house.shelf.film), "Hello?")

    with acting_as(an_admin()), pytest.raises(playback.PlaybackNotFound):
        await bus.call(playback.message_viewer, message)


# -- limits


async def test_a_place_that_is_left_can_be_taken(bus: Bus, house: House) -> None:
    first, _ = await begin(bus, house, "anne"), await begin(bus, house, "mary")
    with pytest.raises(playback.TooManySessions, match="stop one, or try again later"):
        await begin(bus, house, "jack")

    with acting_as(house.viewer("anne")):
        await bus.call(playback.stop_playback, playback.GetPlayback(first.session_id))

    await begin(bus, house, "jack")


async def test_a_full_machine_refuses_another_transcode(
    bus: Bus, nats: settings.Nats, database_url: str, film: Path
) -> None:
    (port,) = free_ports(1)
    async with open_house(nats, database_url, film, port, max_transcodes=1) as house:
        await begin(bus, house, "anne", client_profile=SMALL)
        await begin(bus, house, "mary")  # is copied
        smaller = msgspec.structs.replace(SMALL, max_height=80)
        with pytest.raises(playback.TooManyTranscodes, match="room for 1 transcodes"):
            await begin(bus, house, "jack", client_profile=smaller)


async def test_who_shares_a_transcode_may_not_leave_it_for_another_on_a_full_machine(
    bus: Bus, nats: settings.Nats, database_url: str, film: Path
) -> None:
    old = playback.ClientProfile(
        video_codecs=("h264",), video=(playback.VideoSupport("h264", max_level=10),)
    )
    (port,) = free_ports(1)
    async with (
        open_house(nats, database_url, film, port, max_transcodes=1) as house,
        httpx2.AsyncClient(base_url=house.url, timeout=60) as client,
    ):
        (video,) = house.shelf.media.video
        large = msgspec.structs.replace(video, width=1280, height=720, level=31)
        house.shelf.media = msgspec.structs.replace(house.shelf.media, video=(large,))
        await begin(bus, house, "anne", client_profile=old)
        session = await begin(bus, house, "mary", client_profile=old)
        address = session.master_playlist_url.rpartition("/")[0]

        refused = await client.get(f"{address}/480p/0.m4s")
        looked_at = await client.get(f"{address}/480p/index.m3u8")
        kept = await client.get(f"{address}/original/index.m3u8")
        shared = await client.get(f"{address}/original/0.m4s")

    assert [profile.name for profile in session.profiles] == ["original", "720p", "480p"]
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert refused.json()["type"].endswith("too_many_transcodes")
    assert looked_at.status_code == 503  # so that a player does not even begin to change to it
    assert (kept.status_code, shared.status_code) == (200, 200)


async def test_a_line_that_is_full_takes_no_more(
    bus: Bus, nats: settings.Nats, database_url: str, film: Path
) -> None:
    (port,) = free_ports(1)
    limit = {"max_bit_rate_per_user_kbps": 500}
    async with open_house(nats, database_url, film, port, **limit) as house:
        house.shelf.media = msgspec.structs.replace(house.shelf.media, bit_rate=3_000_000)
        session = await begin(bus, house, "anne")
        with pytest.raises(playback.BandwidthExhausted, match="you may have 500 kbit/s"):
            await begin(bus, house, "anne")
        with acting_as(house.viewer("anne")):  # who changes has their own share to themselves
            wanted = playback.ChangePlayback(session.session_id, position_seconds=4)
            changed = await bus.call(playback.change_playback, wanted)

    assert changed.profiles == session.profiles
    assert session.profiles[0].bitrate < 500
    assert "the file has more than 500 kbit/s" in session.decisions[0].reasons


# -- quality of service


@pytest.fixture
async def workers(nats: settings.Nats) -> AsyncIterator[Workers]:
    """Those of another service, which make way."""
    async with Bus.connect(nats, "another") as bus:
        made = Workers(settings.Jobs())
        following = asyncio.create_task(qos.follow(bus, made))
        yield made
        following.cancel()
        await asyncio.wait([following])


async def test_background_work_makes_way_as_long_as_somebody_watches(
    bus: Bus, house: House, workers: Workers
) -> None:
    async def make_way() -> bool:
        return workers.watched

    async def work() -> bool:
        return not workers.watched

    first, second = await begin(bus, house, "anne"), await begin(bus, house, "anne")
    await eventually(make_way)
    with acting_as(house.viewer("anne")):
        await bus.call(playback.stop_playback, playback.GetPlayback(first.session_id))
        paused = playback.Heartbeat(second.session_id, 3, playback.PlayState.PAUSED)
        await bus.call(playback.beat, paused)
        await eventually(work)
        await bus.call(playback.beat, playback.Heartbeat(second.session_id, 4))
        await eventually(make_way)
        await bus.call(playback.stop_playback, playback.GetPlayback(second.session_id))
    await eventually(work)
