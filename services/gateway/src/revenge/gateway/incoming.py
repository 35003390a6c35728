"""What the gateway reads of a request before it knows where it goes."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from revenge.gateway.asgi import Scope
from revenge.gateway.settings import Network

if TYPE_CHECKING:
    from revenge.gateway.visitors import Visitor

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
KEY = "revenge.incoming"  # where it is in the scope


class Incoming:
    """Read once for each request: its headers, and who sent it.

    `route` is the path template that metrics and spans go by; whoever handles the request sets it.
    `visitor` is who sent it, if that is known without asking anybody.
    """

    __slots__ = (
        "address",
        "headers",
        "method",
        "path",
        "query",
        "request_id",
        "route",
        "visitor",
    )

    def __init__(self, scope: Scope, trusted: tuple[Network, ...]) -> None:
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.route = "unmatched"
        self.request_id = b""
        self.visitor: Visitor | None = None
        peer: tuple[str, int] | None = scope.get("client")
        self.address = peer[0] if peer else "unknown"
        if trusted and b"x-forwarded-for" in self.headers:
            self.address = original(self.address, forwarded(scope), trusted)

    def text(self, header: bytes) -> str:
        """A header, for a log or a service; empty if it is not there."""
        return self.headers.get(header, b"").decode("latin-1")

    def wanted_id(self) -> bytes | None:
        """The request id that the client gave, if it is a sane one."""
        given = self.headers.get(b"x-request-id")
        return given if given and REQUEST_ID.fullmatch(given) else None


def of(scope: Scope) -> Incoming:
    found: Incoming = scope[KEY]
    return found


def forwarded(scope: Scope) -> list[str]:
    """Every address of X-Forwarded-For, the nearest proxy last."""
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [part.strip() for part in b",".join(values).decode("latin-1").split(",")]


def original(peer: str, hops: list[str], trusted: tuple[Network, ...]) -> str:
    """The nearest address that is none of our proxies: what lies behind it may be invented."""
    if not _within(peer, trusted):
        return peer
    nearest = peer
    for hop in reversed(hops):
        if not _is_address(hop):
            return nearest
        nearest = hop
        if not _within(hop, trusted):
            return hop
    return nearest


@lru_cache(maxsize=4096)
def _within(address: str, networks: tuple[Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
