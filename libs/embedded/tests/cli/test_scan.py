"""`revenge scan`: what it says of a scan, and a look at a folder that changes nothing."""

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rich.console import Console

from revenge.contracts import LibraryId, ScanId
from revenge.contracts.library import LibraryScan, LibraryType, ScanStatus, ScanType
from revenge.contracts.media import Media
from revenge.embedded.cli.dry_run import show, shown
from revenge.embedded.cli.scan import counts, pace
from revenge.embedded.testing._videos import Videos
from revenge.library_scanner.preview import look

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def a_scan(**fields: Any) -> LibraryScan:
    return LibraryScan(
        ScanId(uuid4()),
        LibraryId(uuid4()),
        ScanType.INCREMENTAL,
        ScanStatus.RUNNING,
        BEGAN,
        started_at=BEGAN,
        **fields,
    )


def test_all_that_a_scan_counts_is_said() -> None:
    scan = a_scan(items_scanned=9, items_added=1, items_updated=2, items_removed=3, error_count=4)

    assert counts(scan) == "9 files, 1 new, 2 changed, 3 gone, 4 failed"


def test_a_scan_that_goes_on_says_its_pace_and_how_long_it_may_take() -> None:
    assert pace(a_scan(items_per_second=1200.4, seconds_left=83.6)) == "1,200/s, 0:01:24 left"


def test_the_pace_of_a_scan_that_is_over_is_that_of_all_of_it() -> None:
    over = a_scan(items_scanned=500, completed_at=BEGAN + timedelta(seconds=5))

    assert pace(over) == "100/s"


def test_there_is_no_pace_before_there_is_something_to_count() -> None:
    assert pace(a_scan()) == ""
    assert pace(a_scan(completed_at=BEGAN)) == ""


def dry_run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """As a user runs it, with its output not on a terminal."""
    program = "from revenge.embedded.cli import main; main()"
    command = [sys.executable, "-c", program, "scan", "--dry-run", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "Heat (1995)/Heat (1995) - Bluray-1080p.mkv",
        "Heat (1995)/Heat (1995) - Bluray-1080p.de.forced.srt",
        "Heat (1995)/poster.jpg",
        "Heat (1995)/Trailers/First.mkv",
        "Lost/Season 1/Lost - S01E01-E02 - Pilot.mkv",
        "notes.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def test_a_dry_run_shows_what_would_be_made_of_a_folder(folder: Path) -> None:
    done = dry_run(folder)

    said = [line.split("\t") for line in done.stdout.splitlines()]
    film = ("Heat", "1995", "", "", "Bluray-1080p", "deu forced", "poster", "")
    assert said == [
        ["movie", "Heat (1995)/Heat (1995) - Bluray-1080p.mkv", *film],
        ["episode", "Lost/Season 1/Lost - S01E01-E02 - Pilot.mkv", "Lost", "", "S01E01-E02",
         "", "", "", "", ""],
        ["extra", "Heat (1995)/Trailers/First.mkv", "trailer"],
        ["ignored", "notes.txt", "no kind of file that is looked into"],
    ]  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def on_a_terminal(folder: Path, columns: int) -> list[str]:
    """With what is in the videos, and without colours."""
    written = io.StringIO()
    found = look(str(folder), LibraryType.MIXED)
    titles = tuple(title._replace(media=Media("matroska", 5400.0)) for title in found.titles)
    show(found._replace(titles=titles), Console(file=written, width=columns, soft_wrap=True))
    return [line.strip() for line in written.getvalue().splitlines()]


def test_on_a_narrow_terminal_a_file_stands_below_its_title(folder: Path) -> None:
    said = on_a_terminal(folder, 80)

    known = "Heat 1995 Bluray-1080p deu forced poster 1:30:00 none"
    words = " ".join(" ".join(said).split())
    assert f"{known} Heat (1995)/Heat (1995) - Bluray-1080p.mkv" in words


def test_on_a_wide_terminal_a_file_stands_beside_its_title(folder: Path) -> None:
    said = on_a_terminal(folder, 160)

    assert any(
        line.startswith("Heat") and line.endswith("Heat (1995)/Heat (1995) - Bluray-1080p.mkv")
        for line in said
    )


def test_a_dry_run_fails_when_something_cannot_be_read(folder: Path) -> None:
    (folder / "Ronin (1998).mkv").touch()

    done = dry_run(folder)

    assert "unreadable\tRonin (1998).mkv\tthe file is empty" in done.stdout.splitlines()
    assert done.returncode == 1


def test_a_dry_run_reads_what_is_in_the_videos_where_that_is_asked_for(
    tmp_path: Path, videos: Videos
) -> None:
    videos.make(tmp_path / "Heat (1995).mkv", seconds=2)
    (tmp_path / "Ronin (1998).mkv").write_bytes(b"not a film at all" * 1000)

    done = dry_run("--probe", tmp_path)

    film, ronin = (line.split("\t") for line in done.stdout.splitlines())
    assert film[:4] == ["movie", "Heat (1995).mkv", "Heat", "1995"]
    assert film[-2:] == ["0:00:02", "160x90"]
    assert ronin == ["unreadable", "Ronin (1998).mkv", "it is damaged, or no media at all"]
    assert done.returncode == 1


def test_a_dry_run_of_a_folder_without_videos_says_so_by_its_exit_code(tmp_path: Path) -> None:
    assert dry_run(tmp_path).returncode == 3


def test_a_dry_run_of_no_folder_is_refused(tmp_path: Path) -> None:
    away = dry_run(tmp_path / "nothing")

    assert (away.returncode, "is not there" in away.stderr) == (1, True)
    assert dry_run().returncode == 2
    assert dry_run(tmp_path, tmp_path).returncode == 2
    assert dry_run("--type", "music", tmp_path).returncode == 2


def test_names_do_nothing_to_the_terminal(folder: Path) -> None:
    (folder / "Evil\x1b[2J\n\u202egpj.mkv").write_bytes(b"x")

    done = dry_run(folder)

    assert "Evil\\x1b[2J\\n\\u202egpj.mkv" in done.stdout


@pytest.mark.parametrize("text", ["Amélie", "東京物語", "Люди", "a [b] c"])
def test_names_of_any_language_are_shown_as_they_are(text: str) -> None:
    assert shown(text) == text
