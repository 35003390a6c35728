"""Two films that are there for the browser, and a page to play them in."""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from tests.e2e.browser import films
from tests.e2e.browser.chromium import BrowserMissing, Player
from tests.e2e.suite import Shelf, Suite, eventually, make_shelf

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
def client(
    browser: Player,  # noqa: ARG001  without one, no suite is started
    suite: Suite,
) -> Generator[httpx2.Client]:
    with suite.client(suite.sign_in()) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def library(
    client: httpx2.Client, videos: Videos, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Shelf]:
    """With the films in it; gone after the tests that play them."""
    root = tmp_path_factory.mktemp("films")
    films.make_films(root, videos)
    shelf = make_shelf(client, root)
    shelf.settle()
    shelf.scan()
    for title in (films.LONG_SHORE, films.SHORT_CUT):
        eventually(lambda title=title: films.find(client, title))
    yield shelf
    client.delete(shelf.path).raise_for_status()


@pytest.fixture
def begin(player: Player, library: Shelf) -> Generator[Begin]:
    """Begins to play a film, by its title, as this browser would, until the test is over."""
    agent = player.user_agent()
    with ExitStack() as sessions:
        yield lambda title: sessions.enter_context(films.playing(library.client, title, agent))
