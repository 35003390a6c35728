"""A page in a real Chromium that plays, driven through Playwright from node."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from revenge.embedded.testing._npm import installed

PAGE = Path(__file__).parent / "page"
NAMES = ("chromium", "chromium-browser", "google-chrome")

T = TypeVar("T")


class BrowserMissing(Exception):
    """There is no Chromium on PATH."""


class StepFailed(AssertionError):
    """What the page was told to do did not come about."""


class Frame(msgspec.Struct):
    """The first one that was wanted: where in the film, and after how many seconds."""

    at: float
    after: float
    height: int


class Course(msgspec.Struct):
    """How it went on. `ahead` and `back` are its greatest jumps, in seconds."""

    at: float
    ahead: float
    back: float
    height: int


class Begun(msgspec.Struct):
    """When the first picture is shown, and when the first sound is heard."""

    video: float
    audio: float


class End(msgspec.Struct):
    at: float
    duration: float


class Cue(msgspec.Struct):
    start: float
    end: float
    text: str


class Offers(msgspec.Struct):
    heights: list[int]
    audio: list[str]
    subtitles: list[str]


class PlayerError(msgspec.Struct):
    details: str
    fatal: bool
    at: float


class Stall(msgspec.Struct):
    at: float
    lasted: float


class Summary(msgspec.Struct):
    errors: list[PlayerError]
    stalls: list[Stall]
    frames: int
    dropped: int
    duration: float


class Fetched(msgspec.Struct):
    """An answer of the server. `range` is its Content-Range."""

    path: str
    status: int
    range: str | None


class _Answer(msgspec.Struct):
    seen: Any = None
    failed: str | None = None


class Player:
    """The page. Each step waits until it has come about, and raises StepFailed when it does not."""

    def __init__(self, driver: subprocess.Popen[bytes]) -> None:
        self._driver = driver

    @classmethod
    @contextmanager
    def opened(cls, files: Path | None = None) -> Generator[Player]:
        """`files` are at `/files/` of the page. Raises BrowserMissing or NodeUnavailable."""
        arguments = [_chromium(), *([str(files)] if files else [])]
        command = ["node", "drive.mjs", *arguments]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=installed(PAGE), stdin=pipe, stdout=pipe) as driver:
            yield cls(driver)

    def user_agent(self) -> str:
        return self._do(str, "userAgent")

    def renew(self) -> str:
        """A page that knows of nothing; its address."""
        return self._do(str, "renew")

    def open_hls(self, url: str, height: int) -> Frame:
        """Begins in the quality of this height."""
        return self._do(Frame, "openHls", url, height)

    def open_file(self, url: str) -> Frame:
        return self._do(Frame, "openFile", url)

    def seek(self, to: float) -> Frame:
        return self._do(Frame, "seek", to)

    def watch(self, seconds: float) -> Course:
        return self._do(Course, "watch", seconds)

    def change_quality(self, height: int) -> Course:
        """Until pictures of this height have been seen for a second."""
        return self._do(Course, "changeQuality", height)

    def change_audio(self, index: int, pitch: int) -> Course:
        """Until a tone of this pitch, in Hz, has been heard."""
        return self._do(Course, "changeAudio", index, pitch)

    def change_subtitles(self, index: int) -> None:
        self._tell("changeSubtitles", index)

    def play_to_the_end(self) -> End:
        return self._do(End, "playToTheEnd")

    def hear(self, pitch: int) -> None:
        self._tell("hear", pitch)

    def read(self) -> list[Cue]:
        """The subtitles that are shown, as soon as there are any."""
        return self._do(list[Cue], "read")

    def buffered_from(self) -> Begun:
        return self._do(Begun, "bufferedFrom")

    def offers(self) -> Offers:
        return self._do(Offers, "offers")

    def summary(self) -> Summary:
        return self._do(Summary, "summary")

    def fetched(self) -> list[Fetched]:
        return self._do(list[Fetched], "fetched")

    def _do(self, kind: type[T], step: str, *given: object) -> T:
        return msgspec.convert(self._tell(step, *given), kind)

    def _tell(self, step: str, *given: object) -> Any:
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(msgspec.json.encode([step, *given]) + b"\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        if not line:
            raise StepFailed(f"{step}: the browser has gone")
        answer = msgspec.json.decode(line, type=_Answer)
        if answer.failed is not None:
            raise StepFailed(f"{step}: {answer.failed}")
        return answer.seen


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise BrowserMissing(f"no browser is installed, under none of {', '.join(NAMES)}")
    return found
