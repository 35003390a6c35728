"""Writes the demo library: every file whole or not at all, so that it can go on where it ended."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from revenge.embedded.demo import _art, _nfo
from revenge.embedded.demo._movies import MOVIES
from revenge.embedded.demo._shows import SHOWS
from revenge.embedded.demo._titles import EpisodeFile, Movie, Show, Sidecar
from revenge.embedded.files import write_whole
from revenge.embedded.media import Cue, Recipe, render, subrip
from revenge.embedded.servers.ffmpeg import Ffmpeg

MARKER = ".revenge-demo"
"""Written last. A demo library that is complete is the person's: what they delete stays away."""


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    what: str
    """The file that was finished last."""


@dataclass(frozen=True)
class Step:
    path: Path
    make: Callable[[Path], None]


async def make_demo(folder: Path, ffmpeg: Ffmpeg, tell: Callable[[Progress], None]) -> None:
    """`Movies` and `TV Shows` in `folder`; returns at once when they were made before.

    Takes about 20 s on two cores. Raises RenderFailed; what is finished by then stays.
    """
    marker = folder / MARKER
    if marker.exists():
        return
    _clear(folder)
    steps = tuple(_steps(folder, ffmpeg))
    missing = tuple(step for step in steps if not step.path.exists())
    finished = len(steps) - len(missing)
    at_once = asyncio.Semaphore(os.cpu_count() or 1)

    async def take(step: Step) -> None:
        nonlocal finished
        async with at_once:
            await asyncio.to_thread(step.make, step.path)
        finished += 1
        tell(Progress(finished, len(steps), step.path.name))

    await asyncio.gather(*(take(step) for step in missing))
    write_whole(marker, b"complete\n")


def _clear(folder: Path) -> None:
    """Of what a start that was killed has begun, and of nothing that is whole."""
    for scratch in folder.rglob(".render-*"):
        shutil.rmtree(scratch)
    for draft in folder.rglob(f".*.{'?' * 8}"):
        draft.unlink()


def _steps(folder: Path, ffmpeg: Ffmpeg) -> Iterator[Step]:
    for movie in MOVIES:
        yield from _movie(movie, folder / "Movies" / movie.name, ffmpeg)
    for show in SHOWS:
        yield from _show(show, folder / "TV Shows" / show.name, ffmpeg)


def _movie(movie: Movie, folder: Path, ffmpeg: Ffmpeg) -> Iterator[Step]:
    for version in movie.versions:
        label = f" - {version.label}" if version.label else ""
        path = folder / f"{movie.name}{label}.{version.container}"
        yield Step(path, _rendering(ffmpeg, version.recipe))
    for sidecar in movie.sidecars:
        yield Step(folder / f"{movie.name}{sidecar.suffix}", _writing(_subtitles(sidecar)))
    if movie.is_bare:
        return
    colours = movie.versions[0].recipe.colours
    yield Step(folder / f"{movie.name}.nfo", _writing(_nfo.movie(movie)))
    line = f"{movie.year}  ·  {movie.director}"
    yield Step(folder / "poster.jpg", _drawing(lambda: _art.poster(movie.title, line, colours)))
    yield Step(folder / "fanart.jpg", _drawing(lambda: _art.fanart(movie.title, colours)))


def _show(show: Show, folder: Path, ffmpeg: Ffmpeg) -> Iterator[Step]:
    for file in show.files:
        path = folder / f"Season {file.episodes[0].season:02}" / f"{_name(show, file)}.mkv"
        yield Step(path, _rendering(ffmpeg, file.recipe))
        yield Step(path.with_suffix(".nfo"), _writing(_nfo.episodes(file.episodes)))
    yield Step(folder / "tvshow.nfo", _writing(_nfo.show(show)))
    yield Step(folder / "poster.jpg", _drawing(lambda: _show_poster(show, str(show.year))))
    yield Step(folder / "fanart.jpg", _drawing(lambda: _art.fanart(show.title, show.colours)))
    for season in show.seasons:
        yield Step(folder / f"season{season:02}-poster.jpg", _season_poster(show, season))


def _name(show: Show, file: EpisodeFile) -> str:
    numbers = "-".join(f"E{episode.number:02}" for episode in file.episodes)
    title = file.episodes[0].title.partition(", Part")[0]
    return f"{show.title} - S{file.episodes[0].season:02}{numbers} - {title}"


def _season_poster(show: Show, season: int) -> Callable[[Path], None]:
    return _drawing(lambda: _show_poster(show, f"Season {season}"))


def _show_poster(show: Show, line: str) -> bytes:
    return _art.poster(show.title, line, show.colours)


def _subtitles(sidecar: Sidecar) -> bytes:
    cues = (Cue(1 + 4 * n, 4.5 + 4 * n, line) for n, line in enumerate(sidecar.lines))
    return subrip(tuple(cues)).encode()


def _rendering(ffmpeg: Ffmpeg, recipe: Recipe) -> Callable[[Path], None]:
    return lambda path: render(ffmpeg, recipe, path)


def _drawing(draw: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda path: _write(path, draw())


def _writing(contents: bytes) -> Callable[[Path], None]:
    return lambda path: _write(path, contents)


def _write(path: Path, contents: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, contents)
