"""The services as programs: each with its own settings, its own password, and nothing else's."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import timedelta

from revenge.contracts.services import GATEWAY, SERVICES, Service
from revenge.embedded.datadir import Data
from revenge.embedded.ports import LOOPBACK
from revenge.embedded.servers._probe import is_well
from revenge.embedded.suite.servers import Servers
from revenge.embedded.suite.settings import SuiteSettings
from revenge.embedded.supervisor import Command, Program

READY_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class Services:
    data: Data
    settings: SuiteSettings
    servers: Servers
    health_ports: dict[str, int]
    playback_port: int
    metadata_port: int

    @classmethod
    def of(cls, data: Data, settings: SuiteSettings, servers: Servers) -> Services:
        names = [f"{service.name}-health" for service in SERVICES if service is not GATEWAY]
        *health, playback, metadata = data.ports(*names, "playback-http", "metadata-http")
        ports = {
            name.removesuffix("-health"): port for name, port in zip(names, health, strict=True)
        }
        ports[GATEWAY.name] = settings.metrics_port
        return cls(data, settings, servers, ports, playback, metadata)

    def programs(self) -> tuple[Program, ...]:
        return tuple(self._program(service) for service in SERVICES)

    def health_url(self, service: Service) -> str:
        return f"http://{LOOPBACK}:{self.health_ports[service.name]}/health/ready"

    def _program(self, service: Service) -> Program:
        async def is_ready() -> bool:
            return await is_well(self.health_url(service))

        return Program(
            name=service.name,
            command=Command(
                argv=(sys.executable, "-m", service.package),
                environment=tuple({**os.environ, **self._environment(service)}.items()),
                grace=timedelta(seconds=25),
            ),
            address=self._address(service),
            is_ready=is_ready,
            ready_within=READY_WITHIN,
        )

    def _address(self, service: Service) -> str:
        match service.name:
            case "gateway":
                return self.settings.url
            case "playback":
                return f"http://{LOOPBACK}:{self.playback_port}"
            case "metadata":
                return f"http://{LOOPBACK}:{self.metadata_port}"
            case _:
                return f"rpc.{service.domains[0].name}.>"

    def _environment(self, service: Service) -> dict[str, str]:
        bus = self.servers.nats.address
        settings = {
            "REVENGE_NATS_URL": bus,
            "REVENGE_NATS_USER": service.name,
            "REVENGE_NATS_PASSWORD": self.servers.passwords[service.name],
            "REVENGE_HEALTH_PORT": str(self.health_ports[service.name]),
            **self._own(service),
        }
        if service.schemas:
            settings["REVENGE_DATABASE_URL"] = self.servers.database_of(service)
        return settings

    def _own(self, service: Service) -> dict[str, str]:
        """What only this one needs."""
        of_each = {
            "auth": {
                "REVENGE_AUTH_SECRET": self.data.secret("auth"),
                "REVENGE_SETUP_TOKEN": self.data.secret("setup-token"),
            },
            "metadata": {
                "REVENGE_METADATA_SECRET": self.data.secret("metadata"),
                "REVENGE_METADATA_IMAGES_DIR": str(self.data.cache / "images"),
                "REVENGE_HTTP_PORT": str(self.metadata_port),
            },
            "playback": {
                "REVENGE_PLAYBACK_SECRET": self.data.secret("playback"),
                "REVENGE_PLAYBACK_SEGMENTS_DIR": str(self.data.cache / "segments"),
                "REVENGE_HTTP_PORT": str(self.playback_port),
            },
            "search-indexer": {
                "REVENGE_TYPESENSE_URL": self.servers.typesense.url,
                "REVENGE_TYPESENSE_API_KEY": self.servers.typesense.api_key,
            },
            "notification": {"REVENGE_NOTIFICATION_SECRET": self.data.secret("notification")},
            "gateway": {
                "REVENGE_SERVER_HOST": self.settings.server.host,
                "REVENGE_SERVER_PORT": str(self.settings.server.port),
                "REVENGE_HEALTH_HOST": self.settings.server.host,
                "REVENGE_PLAYBACK_URL": f"http://{LOOPBACK}:{self.playback_port}",
                "REVENGE_METADATA_URL": f"http://{LOOPBACK}:{self.metadata_port}",
                "REVENGE_CACHE_URL": self.servers.valkey.url,
            },
        }
        return of_each.get(service.name, {})
