"""Two films that are there for the browser, and a page to play them in."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from tests.e2e.browser import films
from tests.e2e.browser.chromium import BrowserMissing, Player
from tests.e2e.suite import Suite, eventually, make_shelf

from revenge.embedded.testing._npm import NodeUnavailable
from revenge.embedded.testing._videos import Videos

Begin = Callable[[str], dict[str, Any]]
Record = Callable[[str, object], None]


@pytest.fixture
def record(request: pytest.FixtureRequest, record_testsuite_property: Record) -> Record:
    """Writes what was measured into the JUnit report, where there is one."""
    name = request.node.name
    return lambda what, value: record_testsuite_property(f"{name}: {what}", value)


@pytest.fixture(scope="session")
def browser() -> Generator[Player]:
    try:
        with Player.opened() as opened:
            yield opened
    except (BrowserMissing, NodeUnavailable) as missing:
        pytest.skip(f"nothing is played in a browser: {missing}")


@pytest.fixture
def player(browser: Player) -> Player:
    browser.renew()
    return browser


@pytest.fixture(scope="module")
def begin(
    browser: Player, suite: Suite, videos: Videos, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Begin]:
    """Begins to play a film, by its title, as this browser would."""
    root = tmp_path_factory.mktemp("films")
    films.make_films(root, videos)
    agent = browser.user_agent()
    with suite.client(suite.sign_in()) as client:
        shelf = make_shelf(client, root)
        shelf.settle()
        shelf.scan()
        for title in (films.LONG_SHORE, films.SHORT_CUT):
            eventually(lambda title=title: films.find(client, title))
        yield lambda title: films.begin(client, title, agent)
        client.delete(shelf.path).raise_for_status()
