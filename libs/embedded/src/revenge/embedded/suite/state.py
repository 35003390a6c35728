"""What a running suite writes down for the other commands: where everything is."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from revenge.embedded.datadir import Data
from revenge.embedded.errors import EmbeddedError
from revenge.embedded.files import write_whole
from revenge.embedded.supervisor import State, Status
from revenge.kit import settings


class NotRunning(EmbeddedError):
    """Revenge does not run on this data folder."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"Revenge does not run on {root.resolve()}; start it with `revenge up`")


class Component(msgspec.Struct, frozen=True):
    name: str
    address: str
    version: str
    health_url: str = ""  # services only
    state: str = "starting"
    pid: int | None = None
    restarts: int = 0

    @property
    def trouble(self) -> str:
        """What is wrong with one that is not healthy."""
        return "unwell" if self.state == State.READY else self.state


class SuiteState(msgspec.Struct, frozen=True):
    """`nats_user` may do everything; its password is in the data folder's secrets."""

    pid: int
    url: str
    nats_url: str
    nats_user: str
    started_at: datetime
    components: tuple[Component, ...]

    def with_statuses(self, statuses: tuple[Status, ...]) -> SuiteState:
        """The same, with how each component is now."""
        by_name = {status.name: status for status in statuses}
        return msgspec.structs.replace(
            self,
            components=tuple(
                _updated(component, by_name.get(component.name)) for component in self.components
            ),
        )


def _updated(component: Component, status: Status | None) -> Component:
    if status is None:
        return component
    return msgspec.structs.replace(
        component, state=status.state.value, pid=status.pid, restarts=status.restarts
    )


def begin(url: str, bus: settings.Nats, components: tuple[Component, ...]) -> SuiteState:
    return SuiteState(os.getpid(), url, bus.url, bus.user, datetime.now(UTC), components)


def write(data: Data, state: SuiteState) -> None:
    write_whole(_path(data), msgspec.json.encode(state))


def read(data: Data) -> SuiteState:
    """Raises NotRunning."""
    try:
        state = msgspec.json.decode(_path(data).read_bytes(), type=SuiteState)
    except (OSError, msgspec.DecodeError) as error:
        raise NotRunning(data.root) from error
    if data.holder() != state.pid:  # what a power cut has left
        raise NotRunning(data.root)
    return state


def forget(data: Data) -> None:
    _path(data).unlink(missing_ok=True)


def bus_settings(data: Data) -> settings.Nats:
    """How the command line reaches the bus of the running suite. Raises NotRunning."""
    state = read(data)
    return settings.Nats(url=state.nats_url, user=state.nats_user, password=data.secret("nats"))


def _path(data: Data) -> Path:
    return data.run / "suite.json"
