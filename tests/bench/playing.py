"""Playing: how soon, how fast, and at what cost, each beside ffmpeg alone doing the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx2
from tests.bench import streaming
from tests.bench.figure import Figure
from tests.bench.films import Films, Play, ffmpeg
from tests.bench.house import House

from revenge.playback.media import surveying

TRIES = 7  # of what takes some milliseconds
LONG_TRIES = 3  # of what takes seconds
OPEN = 20  # sessions
KIBI = 1024
HOURS_2 = 7200  # seconds

_OUT = ("-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", "/dev/null")
_ENCODE = (
    *("-vf", "scale=1280:720", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"),
    *("-maxrate", "2800k", "-bufsize", "5600k", "-profile:v", "high", "-pix_fmt", "yuv420p"),
)


def measure(house: House) -> Iterator[Figure]:
    films = Films.made(house)
    with house.client() as client:
        yield _start_copied(client, films)
        yield from _seeks(client, films)
        yield _start_transcoded(client, films)
        yield _steady(client, films)
        yield _memory(house, client, films)
    yield from streaming.measure(house, films)
    yield from _cut_points(house.root / "long", films.path)


def _start_copied(client: httpx2.Client, films: Films) -> Figure:
    alone, ours = [], []
    for _ in range(TRIES):
        alone.append(ffmpeg("-i", films.path, "-map", "0:v", "-c", "copy", "-t", "6", *_OUT))
        ours.append(_to_first_segment(client, films.next(), "original"))
    return Figure(
        what="start of a session to its first segment, copied",
        unit="ms",
        value=1000 * median(ours),
        floor=1000 * median(alone),
        floor_is="ffmpeg alone, as a process",
        goal=1000 * median(alone),
    )


def _to_first_segment(client: httpx2.Client, film: str, quality: str) -> float:
    began = time.perf_counter()
    play = Play.begun(client, film, quality)
    play.fetch(play.names[0])
    took = time.perf_counter() - began
    play.end()
    return took


def _seeks(client: httpx2.Client, films: Films) -> Iterator[Figure]:
    play = Play.begun(client, films.next(), "original")
    play.fetch(play.names[0])
    names = play.names[2:-1]
    alone = [
        ffmpeg(
            "-ss", str(6 * number), "-i", films.path, "-map", "0:v", "-c", "copy", "-t", "6", *_OUT
        )
        for number, _ in enumerate(names, 2)
    ]
    yield Figure(
        what="seek to a point nobody has visited, copied",
        unit="ms",
        value=1000 * median(play.fetch(name) for name in reversed(names)),
        floor=1000 * median(alone),
        floor_is="ffmpeg alone, as a process",
        goal=1000 * median(alone),
    )
    yield Figure(
        what="seek to a visited point",
        unit="ms",
        value=1000 * median(play.fetch(name) for name in names),
        floor=1000 * median(alone),
        floor_is="the same",
        goal=10.0,
    )
    play.end()


def _start_transcoded(client: httpx2.Client, films: Films) -> Figure:
    alone, ours = [], []
    for _ in range(LONG_TRIES):
        alone.append(ffmpeg("-i", films.path, "-map", "0:v", "-t", "4", *_ENCODE, *_OUT))
        ours.append(_to_first_segment(client, films.next(), "720p"))
        time.sleep(1)  # the run behind the first segment ends
    return Figure(
        what="start of a session to its first segment, 1080p to 720p",
        unit="ms",
        value=1000 * median(ours),
        floor=1000 * median(alone),
        floor_is="ffmpeg alone, as a process",
        goal=1150 * median(alone),
    )


def _steady(client: httpx2.Client, films: Films) -> Figure:
    """Speeds, in seconds of film a second."""
    alone = ffmpeg("-i", films.path, "-map", "0:v", *_ENCODE, *_OUT)
    play = Play.begun(client, films.next(), "720p")
    began = time.perf_counter()
    for name in play.names:
        play.fetch(name)
    took = time.perf_counter() - began
    play.end()
    alone = (alone + ffmpeg("-i", films.path, "-map", "0:v", *_ENCODE, *_OUT)) / 2
    return Figure(
        what="steady transcode, 1080p to 720p",
        unit="x",
        value=60 / took,
        floor=60 / alone,
        floor_is="ffmpeg alone over the whole film",
        goal=0.95 * 60 / alone,
        more_is_better=True,
    )


def _memory(house: House, client: httpx2.Client, films: Films) -> Figure:
    before = len(films.ids)
    plays = [Play.begun(client, films.ids[number % before], "original") for number in range(OPEN)]
    for play in plays:
        play.fetch(play.names[0])
    pids = _family(house.suite.pid_of("playback"))
    used = sum(_pss(pid) for pid in pids)
    for play in plays:
        play.end()
    return Figure(
        what=f"memory of playback with {OPEN} open sessions, its workers included (PSS)",
        unit="MB",
        value=used,
        floor=_pss(pids[0]),
        floor_is="the service's own process among them",
        goal=150.0,
    )


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / KIBI


def _cut_points(folder: Path, film: Path) -> Iterator[Figure]:
    """Of a film of two hours at 2 Mbit/s, in the page cache."""
    folder.mkdir()
    scene = folder / "scene.mp4"
    small = ("-vf", "scale=1280:720", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "2M")
    ffmpeg("-i", film, "-t", "20", *small, "-g", "48", "-c:a", "copy", scene)
    for name, goal, how in (
        ("film.mp4", 0.1, "index"),
        ("film.mkv", 0.1, "index"),
        ("film.ts", 2.0, "scan"),
    ):
        path = folder / name
        ffmpeg("-stream_loop", str(HOURS_2 // 20 - 1), "-i", scene, "-c", "copy", path)
        path.read_bytes()
        opened = median(_seconds(path, whole=False) for _ in range(3))
        yield Figure(
            what=f"cut points of two hours by {how}, {path.suffix[1:]}",
            unit="s",
            value=median(_seconds(path, whole=True) for _ in range(3)) if how == "scan" else opened,
            floor=ffmpeg("-i", path, "-map", "0:v", "-c", "copy", "-f", "null", "-"),
            floor_is="ffmpeg alone reading all packets",
            goal=goal,
        )
        path.unlink()


def _seconds(path: Path, *, whole: bool) -> float:
    began = time.perf_counter()
    surveying.survey(str(path), whole=whole)
    return time.perf_counter() - began
