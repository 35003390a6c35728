"""The data folder: private, locked, with secrets and ports that stay."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from revenge.embedded.datadir import Data, DataInUse, DataUnusable, NoSpace
from revenge.embedded.ports import LOOPBACK


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data.at(tmp_path / "data")


def test_folders_are_their_owners_alone(data: Data) -> None:
    modes = {folder.stat().st_mode & 0o777 for folder in (data.root, data.secrets, data.logs)}

    assert modes == {0o700}


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)

    data = Data.at(tmp_path / "open")

    assert data.root.stat().st_mode & 0o777 == 0o700


def test_a_place_that_cannot_be_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DataUnusable, match="choose another with REVENGE_DATA_DIR"):
        Data.at(tmp_path / "file" / "data")


def test_a_secret_is_made_once_and_kept(data: Data) -> None:
    secret = data.secret("postgres")

    assert data.secret("postgres") == secret
    assert Data.at(data.root).secret("postgres") == secret
    assert len(secret) > 40
    assert data.secret("nats") != secret


def test_a_secret_is_for_its_owner_only(data: Data) -> None:
    data.secret("postgres")

    assert (data.secrets / "postgres").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["../escape", "", ".", "a/b", "A", "a\n"])
def test_a_secret_cannot_be_named_like_a_path(data: Data, name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        data.secret(name)


def test_ports_stay_the_same_from_start_to_start(data: Data) -> None:
    ports = data.ports("postgres", "nats", "valkey")

    assert Data.at(data.root).ports("postgres", "nats", "valkey") == ports
    assert len(set(ports)) == 3


def test_a_port_that_someone_took_meanwhile_is_replaced(data: Data) -> None:
    before = data.ports("postgres", "nats")
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind((LOOPBACK, before[0]))
        thief.listen()

        after = data.ports("postgres", "nats")

    assert after[0] != before[0]
    assert after[1] == before[1]


def test_a_damaged_port_file_is_written_anew(data: Data) -> None:
    (data.root / "ports.json").write_bytes(b'{"postg')

    assert len(data.ports("postgres")) == 1


def test_a_second_start_is_refused_and_told_who_holds_the_data(data: Data) -> None:
    with (
        data.locked(),
        pytest.raises(DataInUse, match=rf"\(pid {os.getpid()}\)"),
        Data.at(data.root).locked(),
    ):
        pass


def test_the_data_is_free_again_after_its_holder_was_killed(data: Data) -> None:
    code = (
        "import sys, time; from pathlib import Path; from revenge.embedded.datadir import Data\n"
        "with Data.at(Path(sys.argv[1])).locked(): print('held', flush=True); time.sleep(600)"
    )
    argv = [sys.executable, "-c", code, str(data.root)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.send_signal(signal.SIGKILL)

    with data.locked():
        text = (data.run / "lock").read_text()

    assert re.fullmatch(rf"{os.getpid()}\n", text)


def test_a_full_disk_is_said_with_figures(data: Data) -> None:
    with pytest.raises(NoSpace, match=r"\d+ MiB are free, 1099511627776 MiB are needed"):
        data.require_space(2**60)


def test_enough_space_is_let_pass(data: Data) -> None:
    data.require_space(1)
