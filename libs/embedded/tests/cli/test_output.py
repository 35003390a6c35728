"""What the command line does where its output cannot be written as it is."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO

import pytest

from revenge.embedded.cli.screen import Unheard

FULL = Path("/dev/full")


def revenge(
    *arguments: str,
    to: IO[bytes] | int = subprocess.PIPE,
    environment: Mapping[str, str] = MappingProxyType({}),
    **variables: str,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from revenge.embedded.cli import main; main()", *arguments],
        env={**os.environ, **environment, **variables},
        stdin=subprocess.DEVNULL,
        stdout=to,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["secrets", "doctor", "nats-config"])
def test_a_full_disk_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    with FULL.open("wb") as full:
        done = revenge(command, to=full, REVENGE_DATA_DIR=str(tmp_path))

    assert (
        done.stderr.decode()
        == "revenge: its data or its output cannot be written: No space left on device\n"
    )
    assert done.returncode == 1


def test_a_terminal_without_our_signs_gets_others(tmp_path: Path) -> None:
    done = revenge("doctor", PYTHONIOENCODING="ascii", REVENGE_DATA_DIR=str(tmp_path))

    assert done.stderr == b""
    assert rb"\u2714 Python" in done.stdout


def test_where_nothing_runs_the_whole_path_is_named(tmp_path: Path) -> None:
    done = revenge("status", REVENGE_DATA_DIR=os.path.relpath(tmp_path / "away"))

    assert f"Revenge does not run on {tmp_path / 'away'}" in done.stderr.decode()
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SERVER_PORT", "64536"), ("SERVER_PORT", "0"), ("SERVER_PORT", "many"), ("DATA_DIR", "")],
)
def test_a_setting_that_cannot_be_is_named(variable: str, value: str) -> None:
    done = revenge("doctor", environment={f"REVENGE_{variable}": value})

    assert f"revenge: REVENGE_{variable}: " in done.stderr.decode()
    assert done.returncode == 78


@pytest.mark.parametrize("subject", ["library.>", "rpc.>", "event.a b", "event.>.x", "event..x"])
def test_only_events_can_be_followed(subject: str) -> None:
    done = revenge("events", subject)

    assert "is no subject of events" in done.stderr.decode()
    assert done.returncode == 2


def test_without_a_terminal_there_is_another_way_to_give_a_password(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()

    done = revenge("user", "add", "ada", REVENGE_DATA_DIR=str(tmp_path))

    assert "--password-stdin" in done.stderr.decode()
    assert done.returncode == 2


def test_the_doctor_sees_that_the_data_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    done = revenge("doctor", REVENGE_DATA_DIR=str(tmp_path / "data"))

    assert f"{tmp_path / 'data'} cannot be written to" in done.stdout.decode()
    assert done.returncode == 1


def test_home_is_home_also_where_no_shell_has_seen_to_it(tmp_path: Path) -> None:
    (tmp_path / "films").touch()

    asked = revenge("status", REVENGE_DATA_DIR="~/data", HOME=str(tmp_path))
    given = revenge("up", "--media", "~/films", HOME=str(tmp_path), COLUMNS="300")

    assert f"Revenge does not run on {tmp_path / 'data'}" in asked.stderr.decode()
    assert f"'{tmp_path / 'films'}' is a file" in given.stderr.decode()


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_server_goes_on_when_nobody_can_read_what_it_says() -> None:
    with Unheard(FULL.open("wb", buffering=0), write_through=True) as said:
        print("ready", file=said, flush=True)


def test_a_server_that_is_heard_says_what_it_says() -> None:
    kept = io.BytesIO()

    with Unheard(kept) as said:
        print("ready", file=said, flush=True)
        assert kept.getvalue() == b"ready\n"
