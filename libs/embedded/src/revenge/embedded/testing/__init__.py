"""A pytest plugin: real servers, started when the first test wants one, and gone with the run.

Load it with `-p revenge.embedded.testing`. It starts nothing by itself: the first fixture that
needs a server starts a host process (see `_host`), which all workers of pytest-xdist share and
which ends with the process that runs pytest, however that ends.
"""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from revenge.embedded.testing import _rights
from revenge.embedded.testing._disks import Disks
from revenge.embedded.testing._run import Run

if TYPE_CHECKING:
    from revenge.embedded.testing._videos import Videos

RUN = pytest.StashKey[Run]()
INPUT = "revenge_run"
"""The name under which pytest-xdist carries the run from the controller to its workers."""


@dataclass(frozen=True)
class PostgresServer:
    url: str
    """As the superuser. Make a database of your own: every worker uses the same server."""


@dataclass(frozen=True)
class NatsServer:
    url: str
    """Without users and permissions. Streams and subjects are shared by all workers."""


@dataclass(frozen=True)
class ValkeyServer:
    url: str


@dataclass(frozen=True)
class TypesenseServer:
    url: str
    api_key: str


def pytest_configure(config: pytest.Config) -> None:
    carried = getattr(config, "workerinput", None)
    config.stash[RUN] = Run.decode(carried[INPUT]) if carried else Run.begun_here()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Of pytest-xdist, which publishes no types: `node` is a worker that is about to start."""
    node.workerinput[INPUT] = node.config.stash[RUN].encode()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)  # none where configuring failed
    if run is not None:
        run.end()


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresServer:
    return PostgresServer(pytestconfig.stash[RUN].server("postgres").url)


@pytest.fixture(scope="session")
def nats_server(pytestconfig: pytest.Config) -> NatsServer:
    return NatsServer(pytestconfig.stash[RUN].server("nats").url)


@pytest.fixture(scope="session")
def valkey_server(pytestconfig: pytest.Config) -> ValkeyServer:
    return ValkeyServer(pytestconfig.stash[RUN].server("valkey").url)


@pytest.fixture(scope="session")
def typesense_server(pytestconfig: pytest.Config) -> TypesenseServer:
    started = pytestconfig.stash[RUN].server("typesense")
    return TypesenseServer(started.url, started.secret)


@pytest.fixture
def ordinary_rights() -> Generator[None]:
    """What may not be read cannot be read, also when root runs the tests."""
    with _rights.ordinary():
        yield


@pytest.fixture
def disks() -> Generator[Disks]:
    made = Disks()
    yield made
    for folder in list(made.mounted):
        made.unmount(folder)


@pytest.fixture(scope="session")
def ffmpeg() -> Path:
    from revenge.embedded.servers.ffmpeg import Ffmpeg  # noqa: PLC0415  unit tests load nothing

    return Ffmpeg.bundled().binary


@pytest.fixture(scope="session")
def videos() -> "Videos":
    from revenge.embedded.testing._videos import Videos  # noqa: PLC0415  unit tests load nothing

    return Videos.cached()
