"""What is kept of a process's output."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from revenge.embedded.supervisor._log import OLD_FILES, ProcessLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ProcessLog]:
    opened = ProcessLog(tmp_path / "x.log", file_bytes=100)
    yield opened
    opened.close()


def test_lines_are_told_whole_however_they_came(log: ProcessLog) -> None:
    for part in (b"one\ntw", b"o\r\nth", b"ree"):
        log.write(part)

    assert log.last_lines() == ("one", "two", "three")


def test_files_are_rotated_and_the_oldest_is_dropped(log: ProcessLog, tmp_path: Path) -> None:
    for number in range(10):
        log.write(b"%d" % number * 60)

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["x.log", *(f"x.log.{n}" for n in range(1, OLD_FILES + 1))]
    assert (tmp_path / "x.log").read_bytes() == b"9" * 60
    assert (tmp_path / "x.log.1").read_bytes() == b"8" * 60


def test_only_the_owner_may_read_a_log(log: ProcessLog, tmp_path: Path) -> None:
    log.write(b"hello\n")

    assert (tmp_path / "x.log").stat().st_mode & 0o777 == 0o600
