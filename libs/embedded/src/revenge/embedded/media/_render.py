"""Renders a recipe with ffmpeg: whole or not at all, and with the rest of the machine first."""

import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from revenge.embedded.errors import EmbeddedError
from revenge.embedded.media._arguments import arguments
from revenge.embedded.media._lettering import font, writable
from revenge.embedded.media._recipe import Chapter, Cue, Recipe
from revenge.embedded.servers.ffmpeg import Ffmpeg
from revenge.embedded.supervisor import Command

NICENESS = 10
LONGEST_S = 120.0
MILLISECONDS = 1000


class RenderFailed(EmbeddedError):
    """ffmpeg could not make a video."""


def render(ffmpeg: Ffmpeg, recipe: Recipe, target: Path) -> None:
    """Blocks for as long as it takes; the container follows the suffix. Raises RenderFailed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".render-", dir=target.parent) as folder:
        scratch = Path(folder)
        draft = scratch / f"draft{target.suffix}"
        _write_ingredients(recipe, scratch)
        _run(ffmpeg, arguments(recipe, draft.absolute()), scratch, target)
        draft.replace(target)


def subrip(cues: tuple[Cue, ...]) -> str:
    """The SubRip format: a number, the times, the text, an empty line."""
    blocks = (
        f"{number}\n{_time(cue.start_s)} --> {_time(cue.end_s)}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def _write_ingredients(recipe: Recipe, scratch: Path) -> None:
    (scratch / "title.txt").write_text(writable(recipe.title))
    for number, track in enumerate(recipe.subtitles):
        (scratch / f"{number}.srt").write_text(subrip(track.cues))
    if recipe.chapters:
        (scratch / "chapters.txt").write_text(_chapters(recipe.chapters, recipe.seconds))
    if recipe.title:
        (scratch / "font.ttf").write_bytes(font(size=20).font_bytes)


def _chapters(chapters: tuple[Chapter, ...], seconds: float) -> str:
    """FFmpeg's metadata format, version 1."""
    ends = (*(chapter.start_s for chapter in chapters[1:]), seconds)
    blocks = (
        f"[CHAPTER]\nTIMEBASE=1/{MILLISECONDS}\nSTART={chapter.start_s * MILLISECONDS:.0f}\n"
        f"END={end * MILLISECONDS:.0f}\ntitle={chapter.title}\n"
        for chapter, end in zip(chapters, ends, strict=True)
    )
    return ";FFMETADATA1\n" + "".join(blocks)


def _time(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * MILLISECONDS), MILLISECONDS)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{thousandths:03}"


def _run(ffmpeg: Ffmpeg, options: tuple[str, ...], scratch: Path, target: Path) -> None:
    command = Command(argv=(str(ffmpeg.binary), *options), directory=scratch)
    with subprocess.Popen(  # noqa: S603  a program out of a wheel that we depend on
        command.launcher(),
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        with suppress(OSError):  # it may be done already
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        try:
            _, said = process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise RenderFailed(f"{target.name} took longer than {LONGEST_S:g} s") from error
    if process.returncode != 0:
        raise RenderFailed(f"ffmpeg could not make {target.name}: {said.strip()[-500:]}")
