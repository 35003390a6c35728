"""A playback that is changed while it goes on, and one that is only asked about."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest

from revenge.contracts import PlaybackId, playback
from revenge.contracts.media import SubtitleStream
from revenge.kit import Bus, acting_as
from revenge.playback.testing.staging import House


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=house.url, timeout=60) as opened:
        yield opened


async def begin(bus: Bus, house: House, **wishes: object) -> playback.PlaybackSession:
    with acting_as(house.viewer()):
        return await bus.call(playback.start_playback, house.asking(**wishes))


async def change(
    bus: Bus, house: House, session: playback.PlaybackSession, **wishes: Any
) -> playback.PlaybackSession:
    wanted = playback.ChangePlayback(session.session_id, **wishes)
    with acting_as(house.viewer()):
        return await bus.call(playback.change_playback, wanted)


def names(session: playback.PlaybackSession) -> list[str]:
    return [profile.name for profile in session.profiles]


def address(session: playback.PlaybackSession) -> str:
    return session.master_playlist_url.rpartition("/")[0]


# -- asking


async def test_a_decision_is_had_without_starting_anything(bus: Bus, house: House) -> None:
    asked = playback.DecidePlayback(
        house.film.media_type, house.film.media_id, user_agent=house.film.user_agent
    )

    with acting_as(house.viewer()):
        decided = await bus.call(playback.decide_playback, asked)
        playing = await bus.call(playback.list_playbacks, playback.ListPlaybacks())

    assert decided.method == "copy"
    assert decided.client.name == "Chromium"
    assert decided.decisions[0].reasons == ("the client does not play matroska files",)
    assert playing.sessions == ()


async def test_a_session_is_given_what_was_decided(bus: Bus, house: House) -> None:
    asked = playback.DecidePlayback(
        house.film.media_type, house.film.media_id, user_agent=house.film.user_agent
    )

    session = await begin(bus, house)

    with acting_as(house.viewer()):
        decided = await bus.call(playback.decide_playback, asked)
    assert session.decisions == decided.decisions
    assert session.profiles == decided.profiles
    assert session.method == decided.method


async def test_a_client_that_can_play_nothing_of_it_is_told_why(bus: Bus, house: House) -> None:
    plain = playback.ClientProfile(
        containers=("mp4",), transports=(playback.Transport.PROGRESSIVE,)
    )

    with pytest.raises(playback.NotPlayable, match="does not play matroska files"):
        await begin(bus, house, client_profile=plain)


async def test_a_file_that_is_gone_cannot_be_started(bus: Bus, house: House) -> None:
    house.shelf.path.rename(house.shelf.path.with_suffix(".away"))
    house.shelf.path.mkdir()

    with pytest.raises(playback.FileUnreadable):
        await begin(bus, house)


# -- changing


async def test_a_change_of_quality_keeps_the_session_and_its_place(bus: Bus, house: House) -> None:
    session = await begin(bus, house)
    with acting_as(house.viewer()):
        await bus.call(playback.beat, playback.Heartbeat(session.session_id, 11))

    after = await change(bus, house, session, quality="original")

    assert after.session_id == session.session_id
    assert after.position_seconds == 11
    assert after.created_at == session.created_at
    assert (after.quality, names(after)) == ("original", ["original"])


async def test_what_is_not_given_stays_and_null_takes_a_choice_back(bus: Bus, house: House) -> None:
    session = await begin(bus, house, quality="original", subtitle_offset_ms=250)

    moved = await change(bus, house, session, position_seconds=15)
    freed = await change(bus, house, session, quality=None)

    assert (moved.quality, moved.subtitle_offset_ms) == ("original", 250)
    assert moved.position_seconds == 15
    assert (freed.quality, freed.position_seconds) == (None, 15)


async def test_a_quality_that_is_not_there_changes_nothing(bus: Bus, house: House) -> None:
    session = await begin(bus, house)

    with pytest.raises(playback.QualityUnknown, match="original"):
        await change(bus, house, session, quality="4k")

    with acting_as(house.viewer()):
        asked = playback.GetPlayback(session.session_id)
        now = await bus.call(playback.get_playback, asked)
    assert now.quality is None


async def test_drawing_a_subtitle_makes_all_pictures_encoded(bus: Bus, house: House) -> None:
    house.shelf.media = msgspec.structs.replace(
        house.shelf.media, subtitles=(SubtitleStream("hdmv_pgs_subtitle", index=2),)
    )
    session = await begin(bus, house)

    after = await change(bus, house, session, subtitle_track=0)
    back = await change(bus, house, session, subtitle_track=None)

    assert session.method == back.method == "copy"
    assert (after.method, after.burn_subtitle) == ("burn", True)
    assert not any(profile.is_original for profile in after.profiles)


async def test_a_drawn_subtitle_is_seen_and_its_offset_moves_it(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    words = house.shelf.path.with_suffix(".srt")
    words.write_text("1\n00:00:01,000 --> 00:00:02,000\n- WORDS -\n")
    house.shelf.media = msgspec.structs.replace(
        house.shelf.media, subtitles=(SubtitleStream("subrip", path=str(words)),)
    )
    small = playback.ClientProfile(video_codecs=("h264",), max_height=90)
    session = await begin(bus, house, client_profile=small)
    rung = session.profiles[0].name

    drawn = await change(bus, house, session, subtitle_track=0, burn_subtitle=True)
    later = await change(bus, house, session, subtitle_offset_ms=10_000)
    pictures = [await client.get(f"{address(one)}/{rung}/0.m4s") for one in (session, drawn, later)]

    assert {answer.status_code for answer in pictures} == {200}


async def test_a_script_is_had_as_it_is_and_as_webvtt(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    script = house.shelf.path.with_suffix(".ass")
    script.write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\b1}Ahoy\n"
    )
    house.shelf.media = msgspec.structs.replace(
        house.shelf.media, subtitles=(SubtitleStream("ass", path=str(script)),)
    )

    (track,) = (await begin(bus, house)).subtitle_tracks

    assert track.url is not None
    assert track.script_url is not None
    assert "Ahoy" in (await client.get(track.url)).text
    assert "{\\b1}Ahoy" in (await client.get(track.script_url)).text


async def test_the_addresses_after_a_change_play_what_was_chosen(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    session = await begin(bus, house)
    before = await client.get(f"{address(session)}/original/1.m4s")

    after = await change(bus, house, session, quality="original")
    playlist = await client.get(after.master_playlist_url)
    same = await client.get(f"{address(after)}/original/1.m4s")

    assert address(after) != address(session)  # or a browser would show what it has kept
    assert playlist.text.count("#EXT-X-STREAM-INF") == 1
    assert same.content == before.content


async def test_a_player_may_change_its_quality_with_several_requests_at_once(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    (video,) = house.shelf.media.video
    large = msgspec.structs.replace(video, width=1280, height=720, level=31)
    house.shelf.media = msgspec.structs.replace(house.shelf.media, video=(large,))
    old = playback.VideoSupport("h264", max_level=10)
    session = await begin(bus, house, client_profile=playback.ClientProfile(video=(old,)))
    assert (await client.get(f"{address(session)}/original/0.m4s")).status_code == 200

    names = ("index.m3u8", "init.mp4", "0.m4s", "1.m4s", "2.m4s")
    asked = (client.get(f"{address(session)}/480p/{name}") for name in names)

    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * len(names)


async def test_a_session_that_has_ended_cannot_be_changed(bus: Bus, house: House) -> None:
    unknown = playback.ChangePlayback(PlaybackId(house.shelf.film), quality="original")

    with acting_as(house.viewer()), pytest.raises(playback.PlaybackNotFound):
        await bus.call(playback.change_playback, unknown)


# -- a file that is replaced while it plays


async def test_a_replaced_file_is_said_to_be_and_a_change_goes_on_with_it(
    bus: Bus, house: House, client: httpx2.AsyncClient
) -> None:
    session = await begin(bus, house)
    assert (await client.get(f"{address(session)}/original/0.m4s")).status_code == 200
    other = house.shelf.path.with_suffix(".new")
    shutil.copy(house.shelf.path, other)
    other.replace(house.shelf.path)

    refused = [
        await client.get(f"{address(session)}/{what}")
        for what in ("original/1.m4s", "original/index.m3u8", "master.m3u8", "file")
    ]
    after = await change(bus, house, session)
    again = await client.get(f"{address(after)}/original/1.m4s")

    assert [answer.status_code for answer in refused] == [409] * 4
    assert refused[0].json()["type"].endswith("file_replaced")
    assert again.status_code == 200
    assert after.position_seconds == session.position_seconds
