"""A suite to measure: started once for all, on a small library."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from tests.e2e.conftest import make_media
from tests.e2e.suite import Suite, eventually

from revenge.embedded.testing._videos import Videos


@dataclass(frozen=True)
class House:
    root: Path
    suite: Suite
    videos: Videos
    token: str

    @classmethod
    @contextmanager
    def open(cls, root: Path) -> Generator[House]:
        videos = Videos.cached()
        make_media(root / "media", videos)
        suite = Suite(root, root / "media", {"REVENGE_LOGGING_LEVEL": "warning"})
        suite.start()
        try:
            house = cls(root, suite, videos, suite.sign_in())
            with house.client() as client:
                eventually(lambda: client.get("/api/v1/movies").json()["total"] == 2, within=60)
            yield house
        finally:
            suite.stop()

    def client(self) -> httpx2.Client:
        return self.suite.client(self.token)

    def load(self, path: str, *, connections: int, seconds: float = 4.0) -> dict[str, float]:
        """As many GETs as it can answer."""
        header = f"authorization: Bearer {self.token}"
        return load(self.suite.url + path, connections, seconds, header)


def load(url: str, connections: int, seconds: float, *headers: str) -> dict[str, float]:
    asked = [sys.executable, "-m", "tests.bench.load", url, str(connections), str(seconds)]
    done = subprocess.run([*asked, *headers], check=True, capture_output=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    if found["failed"]:
        raise RuntimeError(f"{found['failed']:.0f} of the answers from {url} were errors")
    return found
