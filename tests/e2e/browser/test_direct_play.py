"""A file that a browser plays by itself, in ranges of the original."""

from urllib.parse import urljoin

import pytest
from tests.e2e.browser import films
from tests.e2e.browser.chromium import Player
from tests.e2e.browser.conftest import Begin, Record
from tests.e2e.suite import Suite

pytestmark = [pytest.mark.xdist_group("suite"), pytest.mark.timeout(300)]

# on a machine that has much else to do
FRAME_WITHIN_S = 20.0
LATE_S = 1.0  # a frame that was shown before may not have been seen


@pytest.fixture
def file(begin: Begin, suite: Suite) -> str:
    return urljoin(suite.url, begin(films.SHORT_CUT)["direct_play_url"])


def test_the_file_itself_plays_and_is_sought_in(player: Player, file: str, record: Record) -> None:
    first = player.open_file(file)
    player.hear(films.ENGLISH)
    late = player.seek(20)
    player.watch(1)
    early = player.seek(1)

    record("time to first frame", first.after)
    assert first.at < LATE_S
    assert first.after < FRAME_WITHIN_S
    assert late.at == pytest.approx(20, abs=LATE_S)
    assert early.at == pytest.approx(1, abs=LATE_S)


def test_only_what_is_needed_of_the_file_is_fetched(player: Player, file: str) -> None:
    player.open_file(file)

    fetched = player.fetched()

    assert {answer.status for answer in fetched} == {206}
    assert any(not str(answer.range).startswith("bytes 0-") for answer in fetched)


def test_the_file_ends_where_it_should(player: Player, file: str) -> None:
    player.open_file(file)
    player.seek(films.SECONDS - 2)

    end = player.play_to_the_end()

    assert end.duration == pytest.approx(films.SECONDS, abs=0.1)
    assert end.at == pytest.approx(end.duration, abs=0.1)
