"""Programs for node that tests run, with the packages that their locks name."""

import hashlib
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from revenge.embedded.files import private_folder
from revenge.embedded.testing._cache import cache_folder

INSTALLED_WITHIN_S = 60.0


class NodeUnavailable(Exception):
    """Node or npm is not installed here, or the npm registry does not answer."""


def installed(program: Path) -> Path:
    """A copy of this folder, made once, with its packages; raises NodeUnavailable."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NodeUnavailable("node and npm are not installed")
    folder = cache_folder() / "npm" / _key(program)
    if not folder.exists():
        _install(npm, program, folder)
    return folder


def _key(program: Path) -> str:
    """Another script, or another lock, is another program."""
    files = sorted(file for file in program.iterdir() if file.is_file())
    content = b"\0".join(part for file in files for part in (file.name.encode(), file.read_bytes()))
    return f"{program.name}-{hashlib.sha256(content).hexdigest()[:16]}"


def _install(npm: str, program: Path, folder: Path) -> None:
    private_folder(folder.parent)
    with tempfile.TemporaryDirectory(prefix=".install-", dir=folder.parent) as scratch:
        draft = Path(scratch) / "draft"
        shutil.copytree(program, draft, ignore=shutil.ignore_patterns("node_modules"))
        _fetch_packages(npm, draft)
        with suppress(OSError):  # another worker was faster
            draft.rename(folder)


def _fetch_packages(npm: str, folder: Path) -> None:
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(  # noqa: S603  a program of the machine, with a lock of ours
            command, cwd=folder, check=True, capture_output=True, timeout=INSTALLED_WITHIN_S
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise NodeUnavailable("the npm registry does not answer") from error
