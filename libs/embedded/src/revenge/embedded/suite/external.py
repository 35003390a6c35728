"""Prepare servers that somebody else runs: for Compose, Helm and one's own machines.

The servers are given by settings (`REVENGE_ADMIN_DATABASE_URL`, `REVENGE_NATS_*` of a user that may
do everything), and so are the passwords that the services will come with
(`REVENGE_PASSWORD_AUTH`, `REVENGE_PASSWORD_LIBRARY_SCANNER`, ...).
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterable, Mapping

import msgspec

from revenge.contracts.services import SERVICES, Service
from revenge.embedded.errors import EmbeddedError
from revenge.kit import Bus, settings, streams
from revenge.kit.migrate import Migration, migrate, packages_of
from revenge.kit.permissions import permissions
from revenge.kit.provision import provision, url_for

PASSWORD_BYTES = 24


class PasswordMissing(EmbeddedError):
    """A service has no password yet."""


class Admin(settings.Section, frozen=True, kw_only=True):
    database_url: str = ""  # of a role that may create roles; empty: the servers are our own


class ExternalSettings(settings.Settings, frozen=True, kw_only=True):
    admin: Admin = Admin()


def variable_of(service: Service) -> str:
    """The variable that holds a service's password, for its database role and its NATS user."""
    return f"REVENGE_PASSWORD_{service.name.replace('-', '_').upper()}"


def passwords(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """By the service's name. Raises PasswordMissing."""
    missing = [
        variable_of(service) for service in SERVICES if not environ.get(variable_of(service))
    ]
    if missing:
        raise PasswordMissing(
            f"{missing[0]} is not set; `revenge secrets` makes all that are needed"
        )
    return {service.name: environ[variable_of(service)] for service in SERVICES}


async def prepare(given: ExternalSettings) -> list[Migration]:
    """Roles, schemas, tables, streams and buckets: made where they are missing."""
    known = passwords()
    await provision(given.admin.database_url, known)
    async with Bus.connect(given.nats, "revenge-prepare") as bus:
        await streams.ensure(bus.js)
    done = await asyncio.gather(
        *(
            migrate(
                url_for(service, given.admin.database_url, known[service.name]),
                packages_of(service),
            )
            for service in SERVICES
            if service.schemas
        )
    )
    return [migration for applied in done for migration in applied]


def make_secrets() -> Iterable[tuple[str, str]]:
    """A name and a random value for every secret of an installation, as a `.env` file has them."""
    names = [variable_of(service) for service in SERVICES]
    names += ["POSTGRES_PASSWORD", "NATS_PASSWORD", "VALKEY_PASSWORD", "TYPESENSE_API_KEY"]
    names += ["AUTH_SECRET", "METADATA_SECRET", "PLAYBACK_SECRET", "NOTIFICATION_SECRET"]
    names += ["SETUP_TOKEN"]
    return [(name, secrets.token_urlsafe(PASSWORD_BYTES)) for name in names]


def nats_configuration() -> str:
    """A server's configuration with every user and what it may do; passwords from variables."""
    users = [_user("revenge", "$NATS_PASSWORD", (">",), (">",))]
    for service in SERVICES:
        allowed = permissions(service)
        password = f"${variable_of(service)}"
        users.append(_user(service.name, password, allowed.publish, allowed.subscribe))
    return CONFIGURATION.replace("USERS", ",\n".join(users))


CONFIGURATION = """\
# Generated from the table of services: `make proto` writes it again.
server_name: revenge
port: 4222
http_port: 8222
max_payload: 1MB
jetstream { store_dir: /data, sync_interval: 100ms }
authorization { users: [
USERS
] }
"""


def _user(name: str, password: str, publish: Iterable[str], subscribe: Iterable[str]) -> str:
    allowed = {"publish": {"allow": list(publish)}, "subscribe": {"allow": list(subscribe)}}
    permitted = msgspec.json.encode({**allowed, "allow_responses": True}).decode()
    return f'  {{ user: "{name}", password: {password}, permissions: {permitted} }}'
