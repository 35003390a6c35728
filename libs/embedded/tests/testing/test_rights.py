import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from revenge.embedded.testing import _rights


@pytest.fixture
def closed(tmp_path: Path) -> Generator[Path]:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.usefixtures("ordinary_rights")
def test_a_closed_folder_is_closed_whoever_runs_the_tests(closed: Path) -> None:
    with pytest.raises(PermissionError):
        list(closed.iterdir())


@pytest.mark.skipif(not _rights.is_mighty(), reason="only root has rights to get back")
def test_afterwards_root_is_root_again(closed: Path) -> None:
    with _rights.ordinary():
        pass

    assert list(closed.iterdir()) == []


def test_a_program_may_be_started_without_the_rights_of_root(closed: Path) -> None:
    launched = [sys.executable, "-m", _rights.__name__, sys.executable, "-c"]
    listing = f"import os; os.listdir({str(closed)!r})"

    done = subprocess.run([*launched, listing], capture_output=True, check=False)

    assert b"PermissionError" in done.stderr
