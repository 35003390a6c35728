"""The gateway as it runs, with services behind it that answer what a test tells them to.

Its `conftest.py` takes the fixtures from here.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from inspect import isawaitable
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx2
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from revenge.contracts import (
    ApiKeyId,
    Caller,
    Event,
    Fault,
    LibraryId,
    Message,
    MovieId,
    Rpc,
    Unauthenticated,
    UserId,
    auth,
    library,
    movies,
)
from revenge.contracts.services import DOMAINS
from revenge.gateway.__main__ import start
from revenge.gateway.settings import GatewaySettings, RateLimit, Server, Upstream
from revenge.kit import Bus, Router, Service, Settings, always, caller, telemetry
from revenge.kit import settings as kit_settings
from revenge.kit.testing import free_port, running

M = TypeVar("M", bound=Message)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Asked:
    """A request as it reached a service."""

    subject: str
    message: Any
    by: Caller | None
    trace: str


@dataclass
class Services:
    """All services behind the gateway: one handler for every contract, on a real bus."""

    key: OKPKey
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, rpc: Rpc[Any, Any], with_: Any) -> None:
        """From now on, with this value, this fault, or what this function makes of the request."""
        self.answers[rpc.subject] = with_

    def asked_for(self, rpc: Rpc[Any, Any]) -> list[Asked]:
        return [asked for asked in self.asked if asked.subject == rpc.subject]

    async def start(self, service: Service, _: Settings) -> None:
        router = Router[None]()
        for domain in DOMAINS:
            for contract in domain:
                if isinstance(contract, Rpc):
                    router.rpc(contract)(self._handler(contract))
        service.include(router, always(None))

    def _handler(self, rpc: Rpc[Any, Any]) -> Callable[[Any, None], Any]:
        async def handle(message: Any, _: None) -> Any:
            self.asked.append(Asked(rpc.subject, message, _caller(), _trace()))
            answer = self.answers[rpc.subject]
            if isinstance(answer, Fault):
                raise answer
            made = answer(message) if callable(answer) else answer
            return await made if isawaitable(made) else made

        return handle


def _caller() -> Caller | None:
    try:
        return caller()
    except Unauthenticated:
        return None


def _trace() -> str:
    ids = telemetry.trace_ids()
    return "" if ids is None else ids[0]


@dataclass
class House:
    """A gateway, the services behind it, and what a test needs to talk to both."""

    services: Services
    bus: Bus
    client: httpx2.AsyncClient
    url: str
    settings: GatewaySettings

    def token(self, *permissions: str, **claims: Any) -> str:
        """An access token as the auth service signs them."""
        now = int(time.time())
        stated = {
            "iss": "revenge",
            "aud": "revenge",
            "iat": now,
            "exp": now + 3600,
            "sub": str(uuid4()),
            "sid": str(uuid4()),
            "name": "ada",
            "role": "user",
            "permissions": list(permissions),
            "locale": "en",
        }
        stated |= claims
        header = {"alg": "Ed25519", "kid": self.services.key.kid}
        return jwt.encode(header, stated, self.services.key, algorithms=["Ed25519"])

    def bearer(self, *permissions: str, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(*permissions, **claims)}"}

    def admin(self, **claims: Any) -> dict[str, str]:
        return self.bearer("*:*", **({"role": "admin"} | claims))

    async def emit(self, event: Event[M], payload: M) -> None:
        headers = {
            "ce-id": str(uuid4()),
            "ce-type": event.type,
            "ce-time": "2026-01-02T03:04:05Z",
        }
        await self.bus.store(event.subject, msgspec.json.encode(payload), headers["ce-id"], headers)


def a_movie(id: UUID | None = None, title: str = "Metropolis") -> movies.Movie:
    return movies.Movie(MovieId(id or uuid4()), title, NOW, NOW, NOW, year=1927)


def a_library(id: UUID | None = None) -> library.Library:
    return library.Library(
        LibraryId(id or uuid4()),
        "Films",
        library.LibraryType.MOVIE,
        ("/media/films",),
        enabled=True,
        scan_on_startup=False,
        realtime_monitoring=True,
        created_at=NOW,
        updated_at=NOW,
    )


def libraries(*ids: UUID) -> library.LibraryList:
    return library.LibraryList(tuple(a_library(id) for id in ids), len(ids))


def an_identity(*permissions: str) -> auth.Identity:
    return auth.Identity(
        UserId(uuid4()),
        "grace",
        auth.Role.USER,
        permissions,
        "en",
        api_key_id=ApiKeyId(uuid4()),
    )


@pytest.fixture
def services() -> Services:
    key = OKPKey.generate_key("Ed25519", {"kid": uuid4().hex, "use": "sig"})
    made = Services(key)
    jwks = msgspec.json.encode(KeySet([key]).as_dict(private=False)).decode()
    made.answer(auth.get_keys, auth.Keys(jwks))
    made.answer(library.list_libraries, library.LibraryList((), 0))
    return made


@pytest.fixture
def settings(nats: kit_settings.Nats) -> GatewaySettings:
    """A test may have its own: it overrides this fixture."""
    return GatewaySettings(
        nats=nats,
        server=Server(host="127.0.0.1", port=free_port(), rate_limit=RateLimit(enabled=False)),
        playback=Upstream(),
    )


@asynccontextmanager
async def opened(services: Services, bus: Bus, settings: GatewaySettings) -> AsyncGenerator[House]:
    url = f"http://127.0.0.1:{settings.server.port}"
    async with (
        running("gateway", settings, start),
        httpx2.AsyncClient(base_url=url, timeout=60) as client,
    ):
        yield House(services, bus, client, url, settings)


@pytest.fixture
async def house(
    services: Services, bus: Bus, nats: kit_settings.Nats, settings: GatewaySettings
) -> AsyncGenerator[House]:
    async with (
        running("everything", Settings(nats=nats), services.start),
        opened(services, bus, settings) as house,
    ):
        yield house
