"""The routes of the gateway: the table, the event stream, the passages, and its own pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from litestar import Litestar, Request, Response, asgi, route
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.handlers import ASGIRouteHandler, BaseRouteHandler, HTTPRouteHandler
from litestar.types import ASGIApp
from loguru import logger

from revenge.contracts import Fault, Invalid
from revenge.gateway.asgi import App, Receive, Scope, Send
from revenge.gateway.operations import Desk, Endpoint
from revenge.gateway.passing import Passage
from revenge.gateway.problems import PathUnknown, problem
from revenge.gateway.table import Line
from revenge.kit.problems import MethodNotAllowed

HttpRequest = Request[Any, Any, Any]


def create_app(
    table: Iterable[Line], desk: Desk, others: dict[str, App], passages: Iterable[Passage]
) -> App:
    """Litestar finds the way and turns what is raised into answers; the endpoints do the rest."""
    handlers: list[BaseRouteHandler] = [
        _answering(path, Endpoint(lines, desk)) for path, lines in by_path(table).items()
    ]
    handlers += [_at(path, app) for path, app in others.items()]
    handlers += [_at(passage.prefix, passage, below=True) for passage in passages]
    litestar: Any = Litestar(
        route_handlers=handlers,
        exception_handlers={Exception: _explain},
        openapi_config=None,
        logging_config=None,
    )
    app: App = litestar
    return app


def by_path(table: Iterable[Line]) -> dict[str, list[Line]]:
    """Every path that answers, with its operations."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in table:
        for path in line.paths:
            found[path].append(line)
    return dict(found)


def _answering(path: str, endpoint: Endpoint) -> HTTPRouteHandler:
    """Litestar is told nothing of parameters and bodies: the contracts say more of them."""
    methods: Any = list(endpoint.methods)

    def handle() -> ASGIApp:
        return cast("ASGIApp", endpoint)

    template = path.replace("}", ":str}")
    return route(template, http_method=methods, status_code=200, sync_to_thread=False)(handle)


def _at(path: str, app: App, *, below: bool = False) -> ASGIRouteHandler:
    """Without parameters in its path: Litestar takes them only for handlers of requests."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    return asgi(path, is_mount=below, copy_scope=False)(handle)


def _explain(request: HttpRequest, error: Exception) -> Response[bytes]:
    answer = problem(_fault(error), request.scope["path"])
    return Response(
        answer.body,
        status_code=answer.status,
        headers={name.decode(): value.decode() for name, value in answer.headers},
    )


def _fault(error: Exception) -> Fault:
    match error:
        case Fault():
            return error
        case MethodNotAllowedException():
            return MethodNotAllowed((error.headers or {}).get("allow", ""))
        case HTTPException(status_code=404):
            return PathUnknown()
        case HTTPException(status_code=status) if status < 500:  # noqa: PLR2004 - the client's fault
            return Invalid(error.detail)
        case _:
            logger.opt(exception=error).error("a request failed")
            return Fault("something went wrong here; the log says what")
