"""The whole of Revenge as a user starts it: one process, asked over HTTP, killed at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from revenge.embedded.ports import free_ports, hold
from revenge.embedded.testing import _rights

T = TypeVar("T")

ADMIN = {"username": "ada", "password": "correct horse battery"}
READY_WITHIN_S = 180.0


def public_port() -> int:
    """With a free one for probes and metrics 1000 further."""
    while True:
        (port,) = free_ports(1)
        if hold(port + 1000):
            return port


@dataclass
class Suite:
    """`revenge up` on a data folder of its own."""

    root: Path
    media: Path
    settings: dict[str, str] = field(default_factory=dict[str, str])
    port: int = field(default_factory=public_port)
    process: subprocess.Popen[bytes] | None = None
    is_ordinary: bool = False  # without root's right to read everything
    said_before: int = 0  # how much an earlier start has printed

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def output(self) -> str:
        """What the start has printed so far."""
        return (self.root / "output").read_text("utf-8")

    def diagnosis(self) -> str:
        """What it printed, and the last words of each of its parts."""
        logs = sorted((self.data / "logs").glob("*.log"))
        ends = (f"--- {log.name}\n{log.read_text('utf-8', 'replace')[-1500:]}" for log in logs)
        return "\n".join((self.output, *ends))

    def start(self) -> None:
        with (self.root / "output").open("ab") as output:
            self.said_before = len(self.output)
            self.process = subprocess.Popen(
                [*self._launcher(), *self.command("up"), "--media", str(self.media)],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(self._is_ready, within=READY_WITHIN_S)

    def stop(self) -> int:
        """As Ctrl-C does. Returns the exit code."""
        if self.process is None or self.process.poll() is not None:
            return 0
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=120)

    def kill(self) -> None:
        """As a power cut does: nothing gets to say goodbye."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """A command of `revenge` beside the running suite."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def components(self) -> dict[str, dict[str, Any]]:
        """What `revenge status` says, by the component's name."""
        said = self.run("status", "--json")
        return {component["name"]: component for component in json.loads(said.stdout)}

    def pid_of(self, name: str) -> int:
        state = json.loads((self.data / "run" / "suite.json").read_bytes())
        return next(c["pid"] for c in state["components"] if c["name"] == name)

    def kill_component(self, name: str) -> None:
        os.kill(self.pid_of(name), signal.SIGKILL)

    def client(self, token: str = "") -> httpx2.Client:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def sign_in(self, username: str = ADMIN["username"], password: str = ADMIN["password"]) -> str:
        with self.client() as client:
            answer = client.post(
                "/api/v1/auth/login", json={"username": username, "password": password}
            )
            answer.raise_for_status()
            return answer.json()["access_token"]

    def command(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).with_name("revenge")), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("REVENGE_")}
        return {
            **inherited,
            "REVENGE_DATA_DIR": str(self.data),
            "REVENGE_SERVER_PORT": str(self.port),
            "REVENGE_SERVER_HOST": "127.0.0.1",
            "REVENGE_ADMIN_USERNAME": ADMIN["username"],
            "REVENGE_ADMIN_PASSWORD": ADMIN["password"],
            "REVENGE_SERVER_RATE_LIMIT_ENABLED": "false",
            **self.settings,
        }

    def _launcher(self) -> list[str]:
        return [sys.executable, "-m", _rights.__name__] if self.is_ordinary else []

    def _is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.output}")
        return "Revenge is ready" in self.output[self.said_before :]


@dataclass(frozen=True)
class Shelf:
    """A library of one test's own."""

    client: httpx2.Client
    id: str
    name: str
    root: Path

    @property
    def path(self) -> str:
        return f"/api/v1/libraries/{self.id}"

    def described(self) -> dict[str, Any]:
        return self.client.get(self.path).json()

    def begin_scan(self, headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self.client.post(f"{self.path}/scan", json={}, headers=headers)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def wait(self, within: float = 120) -> dict[str, Any]:
        """The latest scan, once it is over."""
        eventually(lambda: self.described()["latest_scan"].get("completed_at"), within=within)
        return self.described()["latest_scan"]

    def scan(self) -> dict[str, Any]:
        self.begin_scan()
        return self.wait()

    def settle(self) -> None:
        """As if its files had lain there for a minute: what is younger may still grow."""
        then = time.time() - 60
        for path in self.root.rglob("*"):
            os.utime(path, (then, then))

    def grant(self, user_id: str) -> None:
        self.client.post(
            f"{self.path}/permissions", json={"user_id": user_id, "permission": "view"}
        ).raise_for_status()

    def is_seen_by(self, client: httpx2.Client) -> bool:
        return client.get(self.path).status_code == 200


def make_shelf(client: httpx2.Client, root: Path, **wishes: Any) -> Shelf:
    """A library on this folder, looked at for the first time."""
    wanted = {"name": f"Shelf {root.name}", "type": "movie", "paths": [str(root)], **wishes}
    answer = client.post("/api/v1/libraries", json=wanted)
    assert answer.status_code == 201, answer.text
    shelf = Shelf(client, answer.json()["id"], wanted["name"], root)
    shelf.wait()
    return shelf


def make_user(admin: httpx2.Client, name: str) -> dict[str, str]:
    """Their password is `password of` and their name."""
    answer = admin.post(
        "/api/v1/admin/users", json={"username": name, "password": f"password of {name}"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def draw(path: Path, size: tuple[int, int]) -> None:
    from PIL import Image  # noqa: PLC0415 - only tests that make media need it

    Image.new("RGB", size, (40, 90, 120)).save(path)


def eventually(question: Callable[[], T], *, within: float = 60.0, every: float = 0.05) -> T:
    """The first answer that is not false or empty; fails the test when there is none in time."""
    end = time.monotonic() + within
    while not (answer := question()):
        if time.monotonic() > end:
            raise AssertionError(f"no answer within {within:g} s")
        time.sleep(every)
    return answer
