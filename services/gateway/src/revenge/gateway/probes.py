"""Probes on the public port: the readiness of the gateway itself."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from revenge.gateway import incoming as requests
from revenge.gateway.asgi import JSON, NO_CACHE, Answer, Receive, Scope, Send, send_answer
from revenge.gateway.problems import PathUnknown
from revenge.kit.health import Health
from revenge.kit.problems import MethodNotAllowed

PATHS = (
    "/health/live",
    "/health/ready",
    "/health/startup",
    "/healthz",
    "/livez",
    "/readyz",
    "/startupz",
)


@dataclass(frozen=True)
class Probes:
    health: Health

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        incoming = requests.of(scope)
        if incoming.method not in ("GET", "HEAD"):
            raise MethodNotAllowed("GET, HEAD")
        report = await self.health.report(incoming.path.rstrip("/"))
        if report is None:
            raise PathUnknown
        incoming.route = incoming.path.rstrip("/")
        status = 200 if report.status == "healthy" else 503
        answer = Answer(status, (JSON, NO_CACHE), msgspec.json.encode(report))
        await send_answer(answer, send, with_body=incoming.method == "GET")
