"""The servers of a data folder: where each listens and who may enter."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import conninfo

from revenge.contracts.services import SERVICES, Service
from revenge.embedded.datadir import Data
from revenge.embedded.servers import Nats, NatsUser, Postgres, Server, Typesense, Valkey
from revenge.kit import provision, settings
from revenge.kit.permissions import permissions

ADMIN = "revenge"
DATABASE = "revenge"


@dataclass(frozen=True)
class Servers:
    postgres: Postgres
    nats: Nats
    valkey: Valkey
    typesense: Typesense
    passwords: dict[str, str]

    @classmethod
    def of(cls, data: Data) -> Servers:
        """The same ports as last time where they are free; passwords made once."""
        postgres, nats, monitor, valkey, typesense, peering = data.ports(
            "postgres", "nats", "nats-monitor", "valkey", "typesense", "typesense-peering"
        )
        passwords = {service.name: data.secret(f"service-{service.name}") for service in SERVICES}
        admin = NatsUser(ADMIN, data.secret("nats"), (">",), (">",))
        return cls(
            Postgres(data.postgres, postgres, data.secret("postgres")),
            Nats(data.nats, nats, monitor, (admin, *_users(passwords))),
            Valkey(data.valkey, valkey, data.secret("valkey")),
            Typesense(data.typesense, typesense, peering, data.secret("typesense"), data.cache),
            passwords,
        )

    @property
    def all(self) -> tuple[Server, ...]:
        return (self.postgres, self.nats, self.valkey, self.typesense)

    @property
    def database_url(self) -> str:
        """As the superuser."""
        return conninfo.make_conninfo(self.postgres.url, dbname=DATABASE)

    def database_of(self, service: Service) -> str:
        return provision.url_for(service, self.database_url, self.passwords[service.name])

    @property
    def bus(self) -> settings.Nats:
        """As the administrator, who may do everything."""
        return settings.Nats(
            url=self.nats.address, user=ADMIN, password=self.nats.users[0].password
        )


def _users(passwords: dict[str, str]) -> tuple[NatsUser, ...]:
    return tuple(
        NatsUser(service.name, passwords[service.name], allowed.publish, allowed.subscribe)
        for service in SERVICES
        for allowed in (permissions(service),)
    )
