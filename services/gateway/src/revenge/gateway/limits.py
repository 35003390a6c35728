"""Rate limits: so many requests a second for each client, and a burst on top.

Kept in this process, by the generic cell rate algorithm: one number for each client.
"""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address

from prometheus_client import Counter

from revenge.gateway.problems import RateLimitExceeded
from revenge.gateway.settings import RateLimit

HITS = Counter("revenge_ratelimit_hits_total", "Requests weighed", ["limiter", "action"])

ROUNDING = 1e-6  # seconds: times are floats
CLIENTS = 20_000  # addresses remembered before those are dropped that are at rest


class Limiter:
    def __init__(self, name: str, per_second: float, burst: int) -> None:
        self._interval = 1 / per_second
        self._burst = burst * self._interval
        self._full_at: dict[str, float] = {}  # when the client's whole burst is there again
        self._allowed = HITS.labels(name, "allow")
        self._blocked = HITS.labels(name, "block")

    def check(self, client: str) -> None:
        """Raises `RateLimitExceeded` if this client has no request left now."""
        now = time.monotonic()
        full_at = max(self._full_at.get(client, 0.0), now) + self._interval
        if full_at - now > self._burst + ROUNDING:
            self._blocked.inc()
            raise RateLimitExceeded(full_at - now - self._burst)
        if len(self._full_at) >= CLIENTS and client not in self._full_at:
            self._drop_resting(now)
        self._full_at[client] = full_at
        self._allowed.inc()

    def _drop_resting(self, now: float) -> None:
        self._full_at = {client: at for client, at in self._full_at.items() if at > now}
        while len(self._full_at) >= CLIENTS:  # a flood of addresses: forget the oldest
            del self._full_at[next(iter(self._full_at))]


class Limits:
    """The limit of all requests, and the narrower one of those that guess at secrets."""

    def __init__(self, settings: RateLimit) -> None:
        self._enabled = settings.enabled
        self._all = Limiter("global", settings.global_requests_per_second, settings.global_burst)
        self._auth = Limiter("auth", settings.auth_requests_per_second, settings.auth_burst)

    def check(self, address: str) -> None:
        """Raises `RateLimitExceeded`."""
        if self._enabled:
            self._all.check(network_of(address))

    def check_guess(self, address: str) -> None:
        """Raises `RateLimitExceeded`."""
        if self._enabled:
            self._auth.check(network_of(address))


def network_of(address: str) -> str:
    """Of an IPv6 address the first 64 bits: one household has all the rest."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:19]
