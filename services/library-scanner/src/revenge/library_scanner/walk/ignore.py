"""What `.ignore` and `.plexignore` files hide: patterns as in `.gitignore`, one a line.

`*`, `?` and `[...]` match within one name, `**` across folders. A pattern without a slash matches
names at any depth below its file; one with a slash is relative to it. `!` shows again what an
earlier line hid, and a slash at the end matches folders only.
"""

import fnmatch
import os
import re
import stat
from collections.abc import Sequence
from typing import NamedTuple

_MAX_BYTES = 64 * 1024
_MAX_LINES = 1000
_MAX_LINE = 300
_MAX_STEPS = 32


class _Pattern(NamedTuple):
    steps: tuple[re.Pattern[str] | None, ...]  # one for each name of the path; None is `**`
    folders_only: bool
    shows: bool


class Patterns:
    """The lines of one file. Never raises: a line that makes no sense hides nothing."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.lstrip("\ufeff").splitlines()[:_MAX_LINES])
        said = [line for line in lines if line and not line.startswith("#")]
        self.hides_all = not said  # an empty file hides its whole folder
        self._patterns = tuple(_compile(line) for line in said if len(line) <= _MAX_LINE)

    def verdict(self, names: Sequence[str], *, is_folder: bool) -> bool | None:
        """True hides and False shows the path of these names; None says nothing about it."""
        verdict = None
        for pattern in self._patterns:
            if pattern.folders_only and not is_folder:
                continue
            if _matches(pattern.steps, names):
                verdict = not pattern.shows
        return verdict


def read(path: str) -> Patterns | None:
    """What this file hides; None if it is none: a folder, a pipe, a link to nothing.

    Raises OSError.
    """
    try:
        with open(path, "rb", opener=_open) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return Patterns(file.read(_MAX_BYTES).decode("utf-8", "surrogateescape"))
    except (FileNotFoundError, IsADirectoryError):
        return None


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would wait for its writer


def _compile(line: str) -> _Pattern:
    shows = line.startswith("!")
    line = line[shows:].removeprefix("\\").replace("\\", "/")
    folders_only = line.endswith("/")
    path = line.strip("/")
    anchored = "/" in line.rstrip("/")
    steps = [None if step == "**" else _step(step) for step in path.split("/")[:_MAX_STEPS]]
    return _Pattern(tuple(steps if anchored else [None, *steps]), folders_only, shows)


def _step(step: str) -> re.Pattern[str]:
    # fnmatch writes expressions that do not backtrack across stars
    return re.compile(fnmatch.translate(step))


def _matches(steps: Sequence[re.Pattern[str] | None], names: Sequence[str]) -> bool:
    """Whether all the names match all the steps, each step one name, `**` any number of them."""
    reached = {0}  # how many of the names the steps so far may have used
    for step in steps:
        if step is None:
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and step.match(names[at])}
        if not reached:
            return False
    return len(names) in reached
