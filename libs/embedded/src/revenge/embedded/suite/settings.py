"""What the operator may choose for the all-in-one start, from `REVENGE_*` or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from revenge.kit.settings import Section, Settings

METRICS = 1000  # ports further than the public one


class ServerSettings(Section, frozen=True, kw_only=True):
    host: str = "0.0.0.0"  # noqa: S104 - a media server is there for the other machines at home
    port: Annotated[int, Meta(ge=1, le=65_535 - METRICS)] = 8096


class DataSettings(Section, frozen=True, kw_only=True):
    dir: Annotated[str, Meta(min_length=1)] = ".revenge"


class SuiteSettings(Settings, frozen=True, kw_only=True):
    server: ServerSettings = ServerSettings()
    data: DataSettings = DataSettings()

    @property
    def metrics_port(self) -> int:
        """Metrics and probes of the gateway."""
        return self.server.port + METRICS

    @property
    def root(self) -> Path:
        return Path(self.data.dir).expanduser()

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = "localhost" if self.server.host in ("0.0.0.0", "::") else self.server.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server.port}"
