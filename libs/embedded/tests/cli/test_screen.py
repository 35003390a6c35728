"""What `revenge up` says of what happens to its parts."""

from pathlib import Path

import pytest

from revenge.embedded.cli.screen import show
from revenge.embedded.suite.room import Room
from revenge.embedded.supervisor import Died

WAL = 'PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device'
JETSTREAM = "[ERR] JetStream failed to store a msg on stream: no space left on device"


@pytest.mark.parametrize("last", [WAL, JETSTREAM])
def test_what_dies_of_a_full_disk_says_what_to_do(
    last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(Died("postgres", -6, (last, "and so on")))

    assert "the disk is full: make room, and it goes on by itself" in capsys.readouterr().out


def test_what_dies_of_something_else_says_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    show(Died("catalog", 1, ("[bold] of [/]",)))

    said = capsys.readouterr().out
    assert "catalog died: exit code 1" in said
    assert "[bold] of [/]" in said
    assert "disk" not in said


def test_a_signal_is_called_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    show(Died("catalog", -9, ()))

    assert "catalog died: SIGKILL" in capsys.readouterr().out


def test_a_full_disk_is_told_and_that_there_is_room_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(Room(Path("/media/[a]"), 3 * 1024**2, is_enough=False))
    show(Room(Path("/media/[a]"), 500 * 1024**2, is_enough=True))

    said = capsys.readouterr().out
    assert "the disk of /media/[a] is full: 3 MiB are free" in said
    assert "the disk of /media/[a] has room again: 500 MiB" in said
