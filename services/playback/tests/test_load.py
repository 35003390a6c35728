"""Who is let in while others play."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest

from revenge.contracts import FileId, PlaybackId, UserId
from revenge.contracts.catalog import MediaType
from revenge.contracts.media import AudioStream, Media, VideoStream
from revenge.contracts.playback import (
    BandwidthExhausted,
    PlayState,
    TooManySessions,
    TooManyTranscodes,
)
from revenge.playback.deciding import profiles
from revenge.playback.deciding.decide import decide
from revenge.playback.deciding.plan import StreamSession
from revenge.playback.load import Allowance, Limits, Load
from revenge.playback.sessions import Session

CHROME = profiles.known("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNE, MARY = UserId(UUID(int=1)), UserId(UUID(int=2))
OPEN = Limits(None, None, None)

AVC = VideoStream(0, "h264", 1920, 1080, bit_rate=8_000_000)
HEVC = VideoStream(0, "hevc", 1920, 1080, bit_rate=8_000_000)
AAC = AudioStream(1, "aac", 2, 48_000, bit_rate=192_000, default=True)


def playing(user: UserId = ANNE, *, path: str = "/a.mkv", video: VideoStream = AVC) -> Session:
    """8.2 Mbit/s that are copied; HEVC is encoded, at the same rate."""
    media = Media("matroska", 5400.0, 8_200_000, (video,), (AAC,))
    stream = StreamSession(PlaybackId(uuid4()), path, media, decide(media, CHROME))
    return Session(
        stream=stream,
        user_id=user,
        username="someone",
        media_type=MediaType.MOVIE,
        media_id=UUID(int=3),
        file_id=FileId(UUID(int=4)),
        library_ids=(),
        title="A Film",
        position_seconds=0,
        state=PlayState.PLAYING,
        created_at=NOW,
        seen_at=NOW,
    )


def on(session: Session, rung: str) -> Session:
    return msgspec.structs.replace(session, rung=rung)


def test_without_limits_everybody_is_let_in() -> None:
    Allowance(OPEN, OPEN).admit(playing(), [playing() for _ in range(50)])


def test_as_many_sessions_as_the_server_has_room_for() -> None:
    allowance = Allowance(Limits(2, None, None), OPEN)

    allowance.admit(playing(), [playing()])
    with pytest.raises(TooManySessions, match=r"this server has room for 2 .* stop one"):
        allowance.admit(playing(), [playing(), playing(MARY)])


def test_one_users_limit_is_not_anothers() -> None:
    allowance = Allowance(OPEN, Limits(1, None, None))

    allowance.admit(playing(MARY), [playing(ANNE)])
    with pytest.raises(TooManySessions, match="you may have 1 playbacks at once"):
        allowance.admit(playing(ANNE), [playing(ANNE)])


def test_a_session_that_changes_does_not_stand_in_its_own_way() -> None:
    session = playing()

    Allowance(Limits(1, None, None), Limits(1, None, None)).admit(session, [session])


def test_a_full_machine_refuses_another_transcode_but_not_a_copy() -> None:
    allowance = Allowance(Limits(None, 1, None), OPEN)
    busy = [playing(video=HEVC, path="/a.mkv")]

    allowance.admit(playing(MARY, path="/b.mkv"), busy)
    with pytest.raises(TooManyTranscodes, match=r"1 transcodes at once.*plays as it is"):
        allowance.admit(playing(MARY, path="/b.mkv", video=HEVC), busy)


def test_who_watches_the_same_transcode_shares_it() -> None:
    allowance = Allowance(Limits(None, 1, None), OPEN)

    allowance.admit(playing(MARY, video=HEVC), [playing(ANNE, video=HEVC)])


def test_who_has_a_subtitle_drawn_into_the_pictures_does_not_share_them() -> None:
    plain = playing(ANNE, video=HEVC)
    plan = msgspec.structs.replace(plain.stream.plan, burned_subtitle=0)
    stream = msgspec.structs.replace(plain.stream, plan=plan)
    drawn = msgspec.structs.replace(plain, stream=stream)

    assert Load.of([plain, drawn]).transcodes.keys() == {plain.transcode, drawn.transcode}
    assert plain.transcode != drawn.transcode


def test_switching_to_an_encoded_quality_is_a_transcode_as_well() -> None:
    allowance = Allowance(Limits(None, 1, None), OPEN)
    busy = [playing(video=HEVC, path="/a.mkv")]
    other = playing(MARY, path="/b.mkv")

    allowance.admit(on(other, "original"), [*busy, other])
    with pytest.raises(TooManyTranscodes):
        allowance.admit(on(other, "720p"), [*busy, other])


def encoded(session: Session, speed: float | None) -> Session:
    return msgspec.structs.replace(session, speed=speed)


UHD = VideoStream(0, "hevc", 3840, 2160, bit_rate=30_000_000)


@pytest.mark.parametrize("speed", [None, 2.3, 5.0])
def test_a_machine_that_keeps_up_transcodes_more(speed: float | None) -> None:
    busy = [encoded(playing(video=HEVC), speed)]

    Allowance(OPEN, OPEN).admit(playing(MARY, path="/b.mkv", video=HEVC), busy)


@pytest.mark.parametrize("speed", [0.4, 1.0, 2.1])
def test_a_machine_that_would_not_keep_up_transcodes_no_more(speed: float) -> None:
    busy = [encoded(playing(video=HEVC), speed)]
    allowance = Allowance(OPEN, OPEN)

    with pytest.raises(TooManyTranscodes, match=rf"{speed} times as fast as is watched.*lower one"):
        allowance.admit(playing(MARY, path="/b.mkv", video=HEVC), busy)

    allowance.admit(playing(MARY, path="/b.mkv"), busy)  # copied
    allowance.admit(playing(MARY, video=HEVC), busy)  # shared
    allowance.admit(busy[0], busy)  # its own


def test_what_costs_less_may_still_fit() -> None:
    busy = [encoded(playing(video=HEVC), 2.0)]
    newcomer = playing(MARY, path="/b.mkv", video=HEVC)

    Allowance(OPEN, OPEN).admit(on(newcomer, "720p"), busy)
    with pytest.raises(TooManyTranscodes):
        Allowance(OPEN, OPEN).admit(on(newcomer, "original"), busy)


def test_speed_is_that_of_all_together_on_every_machine() -> None:
    one = encoded(playing(video=UHD), 1.2)
    other = encoded(playing(MARY, path="/b.mkv", video=HEVC), 3.0)
    unknown = encoded(playing(MARY, path="/c.mkv", video=HEVC), None)

    assert Load.of([one, other]).speed == pytest.approx((4 * 1.2 + 3.0) / 5)
    assert Load.of([one, other, unknown]).speed == pytest.approx((4 * 1.2 + 3.0) / 6)
    assert Load.of([unknown]).speed is None
    assert Load.of([]).speed is None


def test_an_operator_may_not_care_about_speed() -> None:
    allowance = Allowance(OPEN, OPEN, least_speed=0)

    allowance.admit(playing(MARY, path="/b.mkv", video=HEVC), [encoded(playing(video=HEVC), 0.4)])


def test_bit_rates_add_up_to_what_the_line_carries() -> None:
    allowance = Allowance(Limits(None, None, 20_000_000), OPEN)

    allowance.admit(playing(), [playing()])
    with pytest.raises(BandwidthExhausted, match=r"20000 kbit/s, 16384 are taken.*needs 8192"):
        allowance.admit(playing(), [playing(), playing()])


def test_the_room_that_is_left_is_the_least_of_both_limits() -> None:
    allowance = Allowance(Limits(None, None, 20_000_000), Limits(None, None, 10_000_000))

    assert allowance.room([playing(MARY)], ANNE) == 10_000_000
    assert allowance.room([playing(ANNE)], ANNE) == 10_000_000 - 8_192_000
    assert Allowance(OPEN, OPEN).room([playing()], ANNE) is None


def test_a_load_counts_a_shared_transcode_once() -> None:
    load = Load.of([playing(video=HEVC), playing(MARY, video=HEVC), playing()])

    assert (load.sessions, len(load.transcodes)) == (3, 1)
