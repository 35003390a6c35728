"""Cross-origin requests (Fetch, 3.2): other sites' scripts may call, with a token of their own."""

from __future__ import annotations

from revenge.gateway.asgi import Answer, Header
from revenge.gateway.incoming import Incoming
from revenge.gateway.settings import Cors as Settings

ANY = "*"
METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
HEADERS = (
    b"Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match, "
    b"Last-Event-ID, Range, X-API-Key, X-Request-ID, traceparent"
)
EXPOSED = (
    b"access-control-expose-headers",
    b"Accept-Ranges, Content-Length, Content-Range, ETag, Retry-After, X-Request-ID",
)
STREAMS = "/api/v1/playback/stream/"  # their service answers for itself


class Cors:
    def __init__(self, settings: Settings) -> None:
        self._origins = settings.origins
        self._max_age = str(settings.max_age).encode()

    def preflight(self, incoming: Incoming) -> Answer | None:
        """The answer to a browser that asks before it asks; None for any other request."""
        if incoming.method != "OPTIONS" or incoming.path.startswith(STREAMS):
            return None
        if b"access-control-request-method" not in incoming.headers:
            return None
        allowed = self.headers(incoming)
        if not allowed:
            return Answer(204, ())
        return Answer(
            204,
            (
                (b"access-control-allow-methods", METHODS),
                (b"access-control-allow-headers", HEADERS),
                (b"access-control-max-age", self._max_age),
            ),
        )

    def headers(self, incoming: Incoming) -> tuple[Header, ...]:
        """What tells a browser that a script from this origin may read the answer."""
        origin = incoming.headers.get(b"origin")
        if origin is None:
            return ()
        if ANY in self._origins:
            return ((b"access-control-allow-origin", b"*"), EXPOSED)
        if origin.decode("latin-1") not in self._origins:
            return ()
        return ((b"access-control-allow-origin", origin), (b"vary", b"Origin"), EXPOSED)
