"""Films to play: one that was rendered, under as many names as are wanted."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
from imageio_ffmpeg import get_ffmpeg_exe
from tests.bench.house import House
from tests.e2e.suite import eventually

TITLE = "The Long Take"
SECONDS = 60
COPIES = 20
ROOM = 1 << 18  # bytes that are read at once
PLAYS = {"containers": ["mp4"], "video_codecs": ["h264"], "audio_codecs": ["aac"]}

_INPUTS = (
    *("-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate=24:duration={SECONDS}"),
    *("-f", "lavfi", "-i", f"sine=440:duration={SECONDS}"),
)
_PICTURES = (
    *("-vf", "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-g", "48"),
    *("-b:v", "8M", "-maxrate", "10M", "-bufsize", "10M", "-pix_fmt", "yuv420p"),
)
_SOUND = ("-c:a", "aac", "-ac", "2")


def ffmpeg(*arguments: str | Path) -> float:
    """Seconds that it takes, as a process."""
    command = [get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    began = time.perf_counter()
    subprocess.run(command, check=True)  # with a timeout, it would look every 50 ms only
    return time.perf_counter() - began


@dataclass(frozen=True)
class Films:
    """Every one is new to the service until it is played: another path is another file."""

    path: Path
    ids: list[str]

    @classmethod
    def made(cls, house: House) -> Films:
        root = house.root / "films"
        first = _folder(root, 0) / "film.mkv"
        ffmpeg(*_INPUTS, *_PICTURES, *_SOUND, first)
        for number in range(1, COPIES):
            os.link(first, _folder(root, number) / "film.mkv")
        with house.client() as client:
            wanted = {"name": "Films", "type": "movie", "paths": [str(root)]}
            client.post("/api/v1/libraries", json=wanted).raise_for_status()
            ids = eventually(lambda: _ids(client), within=60, every=0.2)
        return cls(first, ids)

    def next(self) -> str:
        return self.ids.pop()


def _folder(root: Path, number: int) -> Path:
    folder = root / f"{TITLE} {number} (2021)"
    folder.mkdir(parents=True)
    return folder


def _ids(client: httpx2.Client) -> list[str] | None:
    """Those of all copies, once they are known."""
    films = client.get("/api/v1/movies", params={"limit": 100}).json()["items"]
    found = [film["id"] for film in films if film["title"].startswith(TITLE)]
    return found if len(found) == COPIES else None


class Line:
    """One connection, as a player has it: httpx would add 3 ms to a segment, not the server's."""

    def __init__(self, client: httpx2.Client) -> None:
        self._over = HTTPConnection(client.base_url.host, client.base_url.port, timeout=60)
        self._headers = {"authorization": client.headers["authorization"]}
        self._room = bytearray(ROOM)

    def ask(self, method: str, url: str, body: object = None) -> bytes:
        """The answer's body. Raises RuntimeError for an error, and where there is nothing."""
        return self._answer(method, url, body).read()

    def take(self, url: str) -> int:
        """As a player with a buffer does it, into memory that it has already. Returns its size."""
        answer, size = self._answer("GET", url), 0
        while got := answer.readinto(self._room):
            size += got
        return size

    def _answer(self, method: str, url: str, body: object = None) -> HTTPResponse:
        sent = None if body is None else json.dumps(body).encode()
        headers = self._headers | ({} if sent is None else {"content-type": "application/json"})
        self._over.request(method, urlsplit(url).path, sent, headers)
        answer = self._over.getresponse()
        if answer.status >= 300 or answer.length == 0:
            raise RuntimeError(f"{method} {url}: {answer.status} {answer.read(200)!r}")
        return answer

    def lines(self, url: str) -> list[str]:
        """Of a playlist, without its tags."""
        lines = self.ask("GET", url).decode().splitlines()
        return [line for line in lines if not line.startswith("#")]


@dataclass(frozen=True)
class Play:
    """A session as a player has it, its playlists read."""

    client: httpx2.Client
    line: Line
    id: str
    session: dict[str, Any]
    folder: str  # of the only quality
    names: list[str]  # of its segments

    @classmethod
    def begun(cls, client: httpx2.Client, film: str, quality: str) -> Play:
        line = Line(client)
        wanted = {
            "media_type": "movie",
            "media_id": film,
            "client_profile": PLAYS,
            "quality": quality,
        }
        session = json.loads(line.ask("POST", "/api/v1/playback/sessions", wanted))
        master = session["master_playlist_url"]
        playlist = urljoin(master, line.lines(master)[0])
        names = line.lines(playlist)
        play = cls(client, line, session["session_id"], session, playlist, names)
        play.fetch("init.mp4")
        return play

    @property
    def address(self) -> str:
        """Where its streams are."""
        return str(self.session["master_playlist_url"]).removesuffix("/master.m3u8")

    def fetch(self, name: str) -> float:
        """Seconds that it takes."""
        began = time.perf_counter()
        self.line.take(urljoin(self.folder, name))
        return time.perf_counter() - began

    def end(self) -> None:
        self.client.delete(f"/api/v1/playback/sessions/{self.id}").raise_for_status()
