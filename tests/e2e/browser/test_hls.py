"""A film that hls.js plays in Chromium: from the first frame to the last, and in any order."""

from urllib.parse import urljoin

import pytest
from tests.e2e.browser import films
from tests.e2e.browser.chromium import Course, Player
from tests.e2e.browser.conftest import Begin, Record
from tests.e2e.suite import Suite

pytestmark = [pytest.mark.xdist_group("suite"), pytest.mark.timeout(300)]

# on a machine that has much else to do
FRAME_WITHIN_S = 20.0
LATE_S = 1.0  # a frame that was shown before may not have been seen
STALLED_AT_MOST_S = 20.0

HOLE = "bufferSeekOverHole"
IN_STEP_S = 0.005
JUMP_S = 0.5
FRAME_S = 1 / 24


@pytest.fixture
def master(begin: Begin, suite: Suite) -> str:
    return urljoin(suite.url, begin(films.LONG_SHORE)["master_playlist_url"])


def is_smooth(course: Course) -> bool:
    return course.ahead < JUMP_S and course.back < FRAME_S


def is_sound(player: Player) -> bool:
    """No error ended it, no hole was jumped over, nothing was refused by the server."""
    seen = player.summary()
    fatal = [error for error in seen.errors if error.fatal]
    holes = [error for error in seen.errors if error.details == HOLE]
    refused = [fetched for fetched in player.fetched() if fetched.status >= 400]
    assert (fatal, holes, refused) == ([], [], [])
    return True


def test_the_browser_is_offered_every_quality_and_track(player: Player, master: str) -> None:
    player.open_hls(master, films.HEIGHT)

    offers = player.offers()

    assert sorted(offers.heights) == [films.LESS_HEIGHT, films.HEIGHT]
    assert offers.audio == ["English", "Deutsch"]
    assert offers.subtitles == ["For all"]


@pytest.mark.parametrize("height", [films.HEIGHT, films.LESS_HEIGHT], ids=["copied", "transcoded"])
def test_a_film_plays_from_its_first_frame(
    player: Player, master: str, height: int, record: Record
) -> None:
    first = player.open_hls(master, height)
    course = player.watch(4)
    seen = player.summary()

    record("time to first frame", first.after)
    record("stalls", len(seen.stalls))
    assert first.at < LATE_S
    assert first.height == height
    assert first.after < FRAME_WITHIN_S
    assert is_smooth(course)
    assert sum(stall.lasted for stall in seen.stalls) < STALLED_AT_MOST_S
    assert is_sound(player)


@pytest.mark.parametrize("height", [films.HEIGHT, films.LESS_HEIGHT], ids=["copied", "transcoded"])
def test_pictures_and_sound_begin_together_at_zero(
    player: Player, master: str, height: int
) -> None:
    player.open_hls(master, height)

    begun = player.buffered_from()

    assert begun.video == pytest.approx(0, abs=IN_STEP_S)
    assert begun.audio == pytest.approx(0, abs=IN_STEP_S)


@pytest.mark.parametrize("height", [films.HEIGHT, films.LESS_HEIGHT], ids=["copied", "transcoded"])
def test_a_seek_shows_the_frame_that_was_sought(
    player: Player, master: str, height: int, record: Record
) -> None:
    player.open_hls(master, height)

    for place in (21.0, 3.0, 12.5):
        frame = player.seek(place)
        record(f"time to the frame at {place}", frame.after)
        assert frame.at == pytest.approx(place, abs=LATE_S)
        assert frame.after < FRAME_WITHIN_S
        assert is_smooth(player.watch(1))
    assert is_sound(player)


def test_the_quality_changes_while_the_film_plays_on(player: Player, master: str) -> None:
    player.open_hls(master, films.HEIGHT)
    player.watch(1)

    less = player.change_quality(films.LESS_HEIGHT)
    player.seek(2)
    more = player.change_quality(films.HEIGHT)

    assert (less.height, more.height) == (films.LESS_HEIGHT, films.HEIGHT)
    assert is_smooth(less)
    assert is_smooth(more)
    assert is_sound(player)


def test_the_sound_changes_while_the_film_plays_on(player: Player, master: str) -> None:
    player.open_hls(master, films.HEIGHT)
    player.hear(films.ENGLISH)

    german = player.change_audio(1, films.GERMAN)
    english = player.change_audio(0, films.ENGLISH)

    assert is_smooth(german)
    assert is_smooth(english)
    assert is_sound(player)


def test_subtitles_are_shown_at_their_time(player: Player, master: str) -> None:
    player.open_hls(master, films.HEIGHT)
    player.change_subtitles(0)
    expected = films.CUES[1]

    player.seek(expected.start_s + 0.5)
    (shown,) = player.read()

    assert shown.text == expected.text
    assert (shown.start, shown.end) == (
        pytest.approx(expected.start_s, abs=FRAME_S),
        pytest.approx(expected.end_s, abs=FRAME_S),
    )
    assert is_sound(player)


@pytest.mark.parametrize("height", [films.HEIGHT, films.LESS_HEIGHT], ids=["copied", "transcoded"])
def test_a_film_ends_where_it_should(player: Player, master: str, height: int) -> None:
    player.open_hls(master, height)
    player.seek(films.SECONDS - 3)

    end = player.play_to_the_end()

    assert end.duration == pytest.approx(films.SECONDS, abs=0.1)
    assert end.at == pytest.approx(end.duration, abs=0.1)
    assert is_sound(player)
