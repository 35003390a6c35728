"""One suite for all end-to-end tests of a run, on a small library that they can reason about."""

from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest
from tests.e2e.suite import Shelf, Suite, draw, eventually, make_shelf

from revenge.embedded.media import Audio, Chapter, Cue, Subtitles
from revenge.embedded.testing._videos import Videos

MOVIE_NFO = """<?xml version="1.0" encoding="utf-8"?>
<movie>
  <title>The Glass Harbour</title>
  <year>2019</year>
  <plot>A lighthouse keeper finds a city under the ice.</plot>
  <genre>Drama</genre>
  <genre>Science Fiction</genre>
  <uniqueid type="imdb" default="true">tt9000001</uniqueid>
  <uniqueid type="tmdb">9000001</uniqueid>
  <ratings>
    <rating name="imdb" max="10" default="true"><value>7.4</value><votes>1200</votes></rating>
  </ratings>
  <director>Mara Lindqvist</director>
  <actor><name>Ines Okafor</name><role>Keeper</role></actor>
</movie>
"""

SHOW_NFO = """<tvshow><title>Northern Line</title><year>2020</year>
<plot>Six strangers, one carriage.</plot><genre>Drama</genre></tvshow>
"""


JSON_LOGS = {"REVENGE_LOGGING_FORMAT": "json", "REVENGE_LOGGING_LEVEL": "debug"}


def make_media(root: Path, videos: Videos) -> None:
    """Two films (one of them in two versions) and a show of two seasons."""
    harbour = root / "Movies" / "The Glass Harbour (2019)"
    videos.make(
        harbour / "The Glass Harbour (2019) - 1080p.mkv",
        seconds=20,
        width=640,
        height=360,
        audio=(Audio(language="eng"), Audio(language="ger")),
        subtitles=(Subtitles(language="eng", cues=(Cue(1, 3, "Hello under the ice"),)),),
        chapters=(Chapter(0, "Above"), Chapter(10, "Below")),
    )
    videos.make(harbour / "The Glass Harbour (2019) - 480p.mp4", seconds=20, width=320, height=180)
    (harbour / "The Glass Harbour (2019).nfo").write_text(MOVIE_NFO)
    draw(harbour / "poster.jpg", (1000, 1500))
    videos.make(root / "Movies" / "Salt and Iron (1987)" / "Salt and Iron (1987).mkv", seconds=6)
    show = root / "TV Shows" / "Northern Line (2020)"
    for season, episodes in ((1, (1, 2)), (2, (1,))):
        for episode in episodes:
            name = f"Northern Line - S{season:02}E{episode:02}.mkv"
            videos.make(show / f"Season {season:02}" / name, seconds=5)
    (show / "tvshow.nfo").write_text(SHOW_NFO)


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory, videos: Videos) -> Generator[Suite]:
    """Started once, with an administrator, its libraries scanned."""
    root = tmp_path_factory.mktemp("suite")
    make_media(root / "media", videos)
    running = Suite(root, root / "media", JSON_LOGS, is_ordinary=True)
    running.start()
    try:
        fill(running)
        yield running
    finally:
        running.stop()


def fill(running: Suite) -> None:
    """Wait for its libraries. A suite that fails here fails every test: it says what it logged."""
    try:
        with running.client(running.sign_in()) as client:
            eventually(lambda: is_filled(client), within=180)
    except Exception as error:
        error.add_note(running.diagnosis())
        raise


def is_filled(client: httpx2.Client) -> bool:
    films = client.get("/api/v1/movies").json()["total"]
    shows = client.get("/api/v1/tvshows").json()["items"]
    described = all(film["poster_path"] for film in films_named(client, "The Glass Harbour"))
    return films == 2 and len(shows) == 1 and shows[0]["total_episodes"] == 3 and described


def films_named(client: httpx2.Client, title: str) -> list[dict[str, str]]:
    return [f for f in client.get("/api/v1/movies").json()["items"] if f["title"] == title]


@pytest.fixture
def admin(suite: Suite) -> Generator[httpx2.Client]:
    with suite.client(suite.sign_in()) as client:
        yield client


@pytest.fixture
def shelf(admin: httpx2.Client, tmp_path: Path) -> Generator[Shelf]:
    """A library of films, empty at first; gone after the test, with all that came of it."""
    root = tmp_path / "shelf"
    root.mkdir()
    made = make_shelf(admin, root)
    yield made
    admin.delete(made.path).raise_for_status()
    eventually(lambda: is_filled(admin))
