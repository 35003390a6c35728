"""Letting one unprivileged user through closed folders, with real access control lists."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from revenge.embedded.accounts import Account, unprivileged
from revenge.embedded.passage import open_passage

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root lets others through")

NOBODY = Account("nobody", 65534, 65534)


def can_read(path: Path, account: Account) -> bool:
    """Asked as that user, of the kernel."""
    done = subprocess.run(
        ["/bin/cat", path],
        check=False,
        capture_output=True,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
    )
    return done.returncode == 0


@pytest.fixture
def closed(own_folder: Path) -> Path:
    """A file that all may read, behind two folders that only root may enter."""
    inner = own_folder / "inner"
    inner.mkdir(mode=0o700)
    file = inner / "file"
    file.write_text("x")
    file.chmod(0o644)
    return file


def test_the_user_gets_through_and_nobody_else(closed: Path) -> None:
    daemon = pwd.getpwnam("daemon")

    open_passage(closed, NOBODY)

    assert can_read(closed, NOBODY)
    assert not can_read(closed, Account("daemon", daemon.pw_uid, daemon.pw_gid))


def test_passing_is_not_looking_around(closed: Path) -> None:
    open_passage(closed, NOBODY)

    listing = ["/bin/ls", closed.parent]
    done = subprocess.run(listing, check=False, capture_output=True, user=NOBODY.uid)
    assert b"Permission denied" in done.stderr


def test_a_way_that_is_open_is_left_alone(closed: Path) -> None:
    opened = open_passage(closed, NOBODY)

    assert closed.parent in opened
    assert open_passage(closed, NOBODY) == ()


def test_two_users_can_be_let_through(closed: Path) -> None:
    entry = pwd.getpwnam("daemon")
    daemon = Account("daemon", entry.pw_uid, entry.pw_gid)

    open_passage(closed, NOBODY)
    open_passage(closed, daemon)

    assert can_read(closed, NOBODY)
    assert can_read(closed, daemon)


def test_data_that_exists_keeps_its_owner(tmp_path: Path) -> None:
    entry = pwd.getpwnam("daemon")
    os.chown(tmp_path, entry.pw_uid, entry.pw_gid)

    account = unprivileged(tmp_path)

    assert account is not None
    assert account.name == "daemon"


def test_root_becomes_someone_who_exists(tmp_path: Path) -> None:
    account = unprivileged(tmp_path / "not-made-yet")

    assert account is not None
    assert account.uid != 0
