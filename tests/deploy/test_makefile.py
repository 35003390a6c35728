"""What make does before it starts anything, as far as it says so with `-n`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh one, as far as make looks at it, of a user who has uv."""
    for name in ("Makefile", "uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    uv = tmp_path / ".uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.touch()
    return tmp_path


def make(checkout: Path, target: str) -> str:
    done = subprocess.run(
        ["make", "-n", target, f"UV={checkout}/.uv/bin/uv"],  # noqa: S607  wherever it is
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("target", ["run", "setup", "test", "lint", "types", "bench", "proto"])
def test_whatever_comes_first_installs_what_it_needs(checkout: Path, target: str) -> None:
    assert "uv sync" in make(checkout, target)


def test_an_install_that_was_cut_short_is_taken_up_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)

    assert "uv sync" in make(checkout, "run")


def test_a_second_start_needs_no_install(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".installed").touch()

    said = make(checkout, "run")

    assert "uv sync" not in said
    assert "revenge up" in said


def test_another_lock_is_installed(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".installed").touch()
    os.utime(checkout / ".venv" / ".installed", (0, 0))

    assert "uv sync" in make(checkout, "run")
