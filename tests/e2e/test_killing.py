"""Everything killed in the middle of its work, and nothing lost."""

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import msgspec
import pytest
from tests.e2e import streams
from tests.e2e.suite import Suite, eventually

from revenge.contracts.services import SERVICES
from revenge.embedded.testing._videos import Videos

pytestmark = [pytest.mark.xdist_group("killing"), pytest.mark.timeout(900)]

T = TypeVar("T")

FILMS = 1000  # enough for a scan to last while all that works on it is killed
SHOWS, EPISODES = 5, 6
SERVERS = ("postgres", "nats", "typesense", "valkey")
BETWEEN = 0.2  # seconds from one death to the next: while others still start again
RECOVERED = 180.0  # seconds; a job whose worker was killed goes to another after 30


@pytest.fixture
def doomed(videos: Videos) -> Generator[Suite]:
    """A suite of its own, that has looked at nothing yet."""
    # not below pytest's folder: PostgreSQL may run as another user, who cannot go through that
    root = Path(tempfile.mkdtemp(prefix="revenge-killing-"))
    root.chmod(0o755)
    make_media(root, videos)
    (root / "nothing").mkdir()
    suite = Suite(root, root / "nothing")
    try:
        suite.start()
        yield suite
    finally:
        suite.stop()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def client(doomed: Suite) -> Generator[httpx2.Client]:
    with doomed.client(doomed.sign_in()) as signed_in:
        yield signed_in


def make_media(root: Path, videos: Videos) -> None:
    """One tiny video under many names, as old as if they had always been there."""
    original = videos.make(root / "original.mkv", seconds=0.2)
    os.utime(original, (0, time.time() - 60))
    for path in (*film_paths(root), *episode_paths(root)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(original)


def film_titles() -> list[str]:
    return [f"Harbour Story {number:04}" for number in range(FILMS)]


def film_paths(root: Path) -> Iterator[Path]:
    for number, title in enumerate(film_titles()):
        name = f"{title} ({1950 + number % 70})"
        yield root / "films" / name / f"{name}.mkv"


def episode_paths(root: Path) -> Iterator[Path]:
    for show in range(SHOWS):
        title = f"Night Train {show}"
        for episode in range(1, EPISODES + 1):
            yield root / "shows" / title / "Season 01" / f"{title} - S01E{episode:02}.mkv"


def begin_library(client: httpx2.Client, folder: Path, kind: str) -> str:
    """Its scan begins at once. Returns its path in the API."""
    wanted = {"name": folder.name, "type": kind, "paths": [str(folder)]}
    answer = client.post("/api/v1/libraries", json=wanted)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/libraries/{answer.json()['id']}"


def kill_in_turn(suite: Suite, names: Sequence[str]) -> None:
    for name in names:
        suite.kill_component(name)
        time.sleep(BETWEEN)


def recovers(question: Callable[[], T], *, within: float = RECOVERED) -> T:
    """`eventually`, with patience for an API that is away or answers 503 meanwhile."""

    def asked() -> T | None:
        try:
            return question()
        except (httpx2.HTTPError, KeyError):
            return None

    found = eventually(asked, within=within, every=0.2)
    assert found is not None
    return found


def get(client: httpx2.Client, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    answer.raise_for_status()
    return answer.json()


def is_scanned(client: httpx2.Client, library: str) -> bool:
    return get(client, library)["latest_scan"]["status"] == "completed"


def count_films(client: httpx2.Client) -> int:
    return get(client, "/api/v1/movies", limit=1)["total"]


def titles(client: httpx2.Client) -> list[str]:
    starts = range(0, FILMS + 100, 100)
    pages = [get(client, "/api/v1/movies", limit=100, offset=start) for start in starts]
    return sorted(film["title"] for page in pages for film in page["items"])


def episodes(client: httpx2.Client) -> list[list[int]]:
    """The numbers of the episodes of each show."""
    shows = get(client, "/api/v1/tvshows", limit=100)["items"]
    listed = [get(client, f"/api/v1/tvshows/{show['id']}/episodes") for show in shows]
    return [[episode["episode_number"] for episode in of_one] for of_one in listed]


def found_films(client: httpx2.Client) -> list[str]:
    asked = {"q": "Harbour Story", "per_page": 100}
    numbers = range(1, FILMS // 100 + 2)
    pages = [get(client, "/api/v1/search/movies", **asked, page=number) for number in numbers]
    return sorted(hit["document"]["title"] for page in pages for hit in page["hits"])


def count_found_episodes(client: httpx2.Client) -> int:
    return get(client, "/api/v1/search/multi", q="Night Train")["episodes"]["total_hits"]


def announced(suite: Suite, subject: str, id_of: str) -> list[int]:
    """How often an event was told of each title."""
    told = [event for event in streams.events(suite) if event.subject == subject]
    return list(Counter(msgspec.json.decode(event.payload)[id_of] for event in told).values())


def test_whatever_is_killed_during_a_scan_no_title_and_no_event_is_lost(
    doomed: Suite, client: httpx2.Client
) -> None:
    films = begin_library(client, doomed.root / "films", "movie")
    shows = begin_library(client, doomed.root / "shows", "tvshow")
    services = [service.name for service in SERVICES]
    kill_in_turn(doomed, services)  # while files are read
    recovers(lambda: count_films(client) > 0)
    assert recovers(lambda: get(client, films)["latest_scan"]["status"]) == "running"
    kill_in_turn(doomed, [*reversed(services), *SERVERS])  # while titles are made of them

    recovers(lambda: is_scanned(client, films) and is_scanned(client, shows))
    recovers(lambda: titles(client) == film_titles(), within=180)
    recovers(lambda: episodes(client) == SHOWS * [list(range(1, EPISODES + 1))], within=120)
    recovers(lambda: found_films(client) == film_titles(), within=120)
    recovers(lambda: count_found_episodes(client) == SHOWS * EPISODES, within=120)

    assert announced(doomed, "event.movies.added", "movie_id") == [1] * FILMS
    assert announced(doomed, "event.tvshows.series_added", "series_id") == [1] * SHOWS
    assert announced(doomed, "event.tvshows.episode_added", "episode_id") == [1] * SHOWS * EPISODES
    assert streams.count_dead(doomed) == 0


def test_after_a_power_cut_everything_is_there(doomed: Suite, client: httpx2.Client) -> None:
    films = begin_library(client, doomed.root / "films", "movie")
    recovers(lambda: count_films(client) > 0)

    doomed.kill()
    doomed.start()

    recovers(lambda: is_scanned(client, films))
    recovers(lambda: titles(client) == film_titles(), within=120)
    recovers(lambda: found_films(client) == film_titles(), within=120)
    client.post(f"{films}/scan", json={}).raise_for_status()
    recovers(lambda: is_scanned(client, films), within=120)
    again = get(client, films)["latest_scan"]
    assert (again["items_scanned"], again["items_added"], again["items_updated"]) == (FILMS, 0, 0)
    assert announced(doomed, "event.movies.added", "movie_id") == [1] * FILMS
