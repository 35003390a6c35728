"""What somebody sees who presses play in a browser, beside files that need no server of ours."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from tests.bench.figure import Figure
from tests.bench.house import House
from tests.e2e.browser import films
from tests.e2e.browser.chromium import BrowserMissing, Player
from tests.e2e.suite import eventually

from revenge.embedded.media import Recipe
from revenge.embedded.testing._npm import NodeUnavailable

TITLES = ("Bench Tide", "Bench Dune", "Bench Reef")  # each is seen for the first time once
HEIGHT, LESS_HEIGHT = 720, 480
FILM = Recipe(seconds=60, width=1280, height=HEIGHT, grain=9)
FAR = 46.0  # seconds into it: where no segment has been made yet
WATCHED_S = 6.0
MASTER = "/files/master.m3u8"
FILES = "what ffmpeg wrote beforehand, from a bare file server"


class Seen(NamedTuple):
    """In seconds."""

    first_frame: float
    far_frame: float
    stalled: float


def measure(house: House) -> Iterator[Figure]:
    files = house.root / "files"
    files.mkdir()
    try:
        with Player.opened(files) as player:
            yield from _measured(house, player, files)
    except (BrowserMissing, NodeUnavailable) as missing:
        print(f"the browser is left out: {missing}")


def _measured(house: House, player: Player, files: Path) -> Iterator[Figure]:
    _make_films(house, files)
    page = player.renew()
    floor = _median(lambda _: _watch(player, nullcontext(urljoin(page, MASTER)), HEIGHT))
    copied = _median(lambda title: _watch(player, _playing(house, player, title), HEIGHT))
    encoded = _median(lambda title: _watch(player, _playing(house, player, title), LESS_HEIGHT))
    yield from _figures("copied", copied, floor, first=1.0, far=0.5)
    yield from _figures(f"transcoded to {LESS_HEIGHT}p", encoded, floor, first=2.0, far=2.0)


def _figures(how: str, seen: Seen, floor: Seen, *, first: float, far: float) -> Iterator[Figure]:
    yield Figure(
        what=f"Chromium: play to the first frame, {how}",
        unit="s",
        value=seen.first_frame,
        floor=floor.first_frame,
        floor_is=FILES,
        goal=first,
        note="with the request that starts the session",
    )
    yield Figure(
        what=f"Chromium: a seek far ahead to its frame, {how}",
        unit="s",
        value=seen.far_frame,
        floor=floor.far_frame,
        floor_is=FILES,
        goal=far,
    )
    yield Figure(
        what=f"Chromium: stalled in {WATCHED_S:g} s of play, {how}",
        unit="s",
        value=seen.stalled,
        floor=floor.stalled,
        floor_is=FILES,
        goal=0.0,
    )


def _median(watch: Callable[[str], Seen]) -> Seen:
    """Over the films, for each of what is seen."""
    return Seen(*map(statistics.median, zip(*map(watch, TITLES), strict=True)))


def _watch(player: Player, playing: AbstractContextManager[str], height: int) -> Seen:
    player.renew()
    began = time.monotonic()
    with playing as url:
        asked = time.monotonic() - began
        first = player.open_hls(url, height)
        far = player.seek(FAR)
        player.watch(WATCHED_S)
        stalled = sum(stall.lasted for stall in player.summary().stalls)
    return Seen(asked + first.after, far.after, stalled)


@contextmanager
def _playing(house: House, player: Player, title: str) -> Generator[str]:
    agent = player.user_agent()
    with house.client() as client, films.playing(client, title, agent) as session:
        yield urljoin(house.suite.url, session["master_playlist_url"])


def _make_films(house: House, files: Path) -> None:
    original = house.videos.render(house.root / "aside" / "browser.mkv", FILM)
    _write_hls(house.videos.ffmpeg.binary, original, files)
    with house.client() as client:
        for title in TITLES:
            folder = house.suite.media / "Movies" / f"{title} (2003)"
            folder.mkdir(parents=True)
            shutil.copyfile(original, folder / f"{title} (2003).mkv")
        for title in TITLES:
            eventually(lambda title=title: films.find(client, title), within=60)


def _write_hls(ffmpeg: Path, film: Path, files: Path) -> None:
    segments = ("-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")
    named = ("-master_pl_name", Path(MASTER).name, str(files / "film.m3u8"))
    command = [str(ffmpeg), "-nostdin", "-loglevel", "error", "-i", str(film), "-c", "copy"]
    subprocess.run([*command, "-f", "hls", *segments, *named], check=True)
