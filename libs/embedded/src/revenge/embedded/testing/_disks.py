"""File systems of their own, for tests of disks that are away, or full."""

import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Disks:
    mounted: list[Path] = field(default_factory=list[Path])

    def mount(self, folder: Path, *options: str) -> Path:
        """An empty one in memory; `size=16m` makes it small. Skips where that is not allowed."""
        folder.mkdir(parents=True, exist_ok=True)
        wished = [part for option in options for part in ("-o", option)]
        command = [_program("mount"), "-t", "tmpfs", *wished, "tmpfs", str(folder)]
        done = subprocess.run(command, check=False, stderr=subprocess.DEVNULL)  # noqa: S603  a test's own folder
        if done.returncode:
            pytest.skip("nothing can be mounted here: that takes a privilege")
        self.mounted.append(folder)
        return folder

    def unmount(self, folder: Path) -> None:
        self.mounted.remove(folder)
        command = [_program("umount"), "--lazy", str(folder)]
        subprocess.run(command, check=True)  # noqa: S603  the same


def fill(disk: Path) -> Path:
    """A file that leaves no room for another."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(64 * 1024)):
            pass
    return ballast


def _program(name: str) -> str:
    return shutil.which(name) or "false"
