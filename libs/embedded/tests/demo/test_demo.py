"""The demo library: complete, readable, made once, taken up where it was left."""

import asyncio
import fcntl
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from revenge.embedded.demo import Progress, make_demo
from revenge.embedded.demo._movies import MOVIES
from revenge.embedded.servers import Ffmpeg

MOVIE = "The Lighthouse Keeper's Clock (2019)"


class Told:
    def __init__(self) -> None:
        self.steps: list[Progress] = []

    def __call__(self, progress: Progress) -> None:
        self.steps.append(progress)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def files_of(folder: Path, pattern: str) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob(pattern)}


@pytest.fixture
def interrupted(library: Path, tmp_path: Path) -> Path:
    """The library as it is when its rendering was cut short: without some files and the marker."""
    for file in library.rglob("*"):
        if file.is_file() and file.suffix not in {"", ".nfo"}:
            copy = tmp_path / file.relative_to(library)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    scratch = tmp_path / "Movies" / MOVIE / ".render-0a1b2c3d"
    scratch.mkdir()
    (scratch / "draft.mkv").touch()
    (tmp_path / "Movies" / MOVIE / ".poster.jpg.0a1b2c3d").touch()
    return tmp_path


@pytest.fixture(scope="session")
async def library(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Rendered by the first worker that wants it, and read by all."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo"
    with (folder.parent / "demo.lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        await make_demo(folder, Ffmpeg.bundled(), Told())
    return folder


class TestTheLibrary:
    def test_it_holds_a_dozen_videos_that_play(self, library: Path) -> None:
        ffmpeg = Ffmpeg.bundled()
        videos = sorted(p for p in library.rglob("*") if p.suffix in {".mkv", ".mp4"})

        assert len(videos) == 14
        for video in videos:
            decoding = [ffmpeg.binary, "-v", "error", "-i", video, "-t", "2", "-f", "null", "-"]
            done = subprocess.run(decoding, capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (0, b""), video

    def test_a_movie_has_all_that_can_lie_beside_it(self, library: Path) -> None:
        names = {path.name for path in (library / "Movies" / MOVIE).iterdir()}

        assert names == {
            f"{MOVIE}.mkv",
            f"{MOVIE}.nfo",
            f"{MOVIE}.en.forced.srt",
            f"{MOVIE}.en.sdh.srt",
            f"{MOVIE}.fr.srt",
            "poster.jpg",
            "fanart.jpg",
        }

    def test_an_nfo_file_says_what_the_movie_is(self, library: Path) -> None:
        root = ET.parse(library / "Movies" / MOVIE / f"{MOVIE}.nfo").getroot()  # noqa: S314  ours

        assert root.findtext("title") == "The Lighthouse Keeper's Clock"
        assert root.findtext("year") == "2019"
        assert [genre.text for genre in root.findall("genre")] == ["Mystery", "Drama"]
        assert root.findtext("ratings/rating/value") == "7.8"
        assert root.findtext("uniqueid") == "dm-0001"
        assert root.findtext("actor/name") == "Ines Hallowell"

    def test_a_file_of_two_episodes_describes_both(self, library: Path) -> None:
        (nfo,) = library.rglob("*S02E02-E03*.nfo")
        text = nfo.read_text()

        assert text.count("<episodedetails>") == 2
        assert "<episode>3</episode>" in text

    def test_art_has_the_shape_that_clients_expect(self, library: Path) -> None:
        folder = library / "TV Shows" / "Tidewater Station (2020)"

        sizes = {path.name: size_of(path) for path in folder.glob("*.jpg")}

        assert sizes == {
            "poster.jpg": (600, 900),
            "season01-poster.jpg": (600, 900),
            "season02-poster.jpg": (600, 900),
            "fanart.jpg": (1280, 720),
        }

    def test_nothing_unfinished_is_left(self, library: Path) -> None:
        hidden = [path.name for path in library.rglob(".*")]

        assert hidden == [".revenge-demo"]


async def test_a_library_that_is_complete_is_not_touched_again(tmp_path: Path) -> None:
    (tmp_path / ".revenge-demo").touch()
    told = Told()

    await make_demo(tmp_path, Ffmpeg.bundled(), told)

    assert told.steps == []


async def test_what_was_cut_short_is_taken_up_where_it_was_left(
    library: Path, interrupted: Path
) -> None:
    told = Told()

    await make_demo(interrupted, Ffmpeg.bundled(), told)

    total = told.steps[0].total
    assert [step.done for step in told.steps] == list(range(total - 12, total + 1))
    assert {step.what for step in told.steps} == {p.name for p in files_of(library, "*.nfo")}
    assert files_of(interrupted, "*") == files_of(library, "*")


def test_no_two_movies_share_a_name() -> None:
    assert len({movie.name for movie in MOVIES}) == len(MOVIES)
