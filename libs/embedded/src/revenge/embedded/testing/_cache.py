"""A folder that outlives test runs: Typesense's program and the rendered videos lie there."""

import os
import tempfile
from pathlib import Path

from revenge.embedded.files import private_folder


def cache_folder() -> Path:
    """The user's cache where it may be written, else one of our own among the temporary files."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "revenge-tests"
    try:
        private_folder(folder)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"revenge-tests-{os.geteuid()}"
        private_folder(folder)
    if folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to someone else")
    return folder
