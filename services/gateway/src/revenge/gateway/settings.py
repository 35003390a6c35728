"""What an operator may set of the gateway."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from msgspec import Meta

from revenge.kit.settings import Cache, Section, Settings

Network = IPv4Network | IPv6Network


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


class Cors(Section, frozen=True, kw_only=True):
    """`allowed_origins`, separated by commas; `*` is any, and empty is none.

    Cookies are never allowed across origins: tokens travel in a header.
    """

    allowed_origins: str = "*"
    max_age: int = 43_200  # seconds

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(_listed(self.allowed_origins))


class RateLimit(Section, frozen=True, kw_only=True):
    """For each client address, and in each gateway process."""

    enabled: bool = True
    global_requests_per_second: Annotated[float, Meta(gt=0)] = 50
    global_burst: Annotated[int, Meta(ge=1)] = 100
    auth_requests_per_second: Annotated[float, Meta(gt=0)] = 5
    auth_burst: Annotated[int, Meta(ge=1)] = 10


class Server(Section, frozen=True, kw_only=True):
    """`trusted_proxies` are networks, separated by commas, whose X-Forwarded-For is believed."""

    host: str = "0.0.0.0"  # noqa: S104 - a media server is there for the whole house
    port: Annotated[int, Meta(ge=1, le=65_535)] = 8096
    trusted_proxies: str = ""
    cors: Cors = Cors()
    rate_limit: RateLimit = RateLimit()

    def __post_init__(self) -> None:
        _ = self.trusted  # so that a wrong one stops the start

    @property
    def trusted(self) -> tuple[Network, ...]:
        """Raises `ValueError` for what is not a network."""
        return tuple(ip_network(item, strict=False) for item in _listed(self.trusted_proxies))


class Upstream(Section, frozen=True, kw_only=True):
    """A service that answers HTTP itself. Without a URL, what it serves is unavailable."""

    url: str = ""


class GatewaySettings(Settings, frozen=True, kw_only=True):
    server: Server = Server()
    playback: Upstream = Upstream()
    metadata: Upstream = Upstream()
    cache: Cache = Cache()
