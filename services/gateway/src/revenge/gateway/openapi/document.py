"""The document: every line of the table, and what is in none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from inspect import cleandoc
from typing import Any

import msgspec

from revenge.contracts import Busy, Denied, Fault, Invalid, Nothing, Unauthenticated, Unavailable
from revenge.gateway.openapi.schemas import Json, Schemas, fields_of
from revenge.gateway.openapi.streams import SECURITY, problem, streams
from revenge.gateway.table import Line, parameters

ABOUT = """
A self-hosted media server. Sign in with `POST /api/v1/auth/login` and send the access token as
`Authorization: Bearer ...`, or make an API key and send it as `X-API-Key`. Every error is a
problem (RFC 9457) with `code` and `message` beside the standard members; only a target that is no
URI (RFC 3986: a bare `>` or space, where `%3E` or `%20` is meant) is refused with a bare 400. Lists
are paged with `limit` and `offset`. What is under `/api/v1/tvshows` is under `/api/v1/tv` as well.
"""
TAGS = {
    "auth": "Setting up, signing in, accounts, API keys",
    "library": "Folders that are looked after, and their scans",
    "catalog": "What all kinds of titles have in common",
    "movies": "Films",
    "tvshows": "Shows, seasons and episodes",
    "search": "Search over all titles",
    "playback": "Sessions and streams",
    "notification": "Webhooks, and events as they happen",
    "jobs": "Work that waits, runs or has failed",
    "images": "Posters, backdrops and stills",
    "health": "Probes",
}


def describe(table: Iterable[Line]) -> bytes:
    """The document, as JSON."""
    lines = list(table)
    schemas = Schemas(lines)
    paths: dict[str, Json] = defaultdict(dict)
    for line in lines:
        paths[line.path][line.method.lower()] = _operation(line, schemas)
    paths |= streams(schemas)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Revenge",
            "version": version("revenge-gateway"),
            "description": ABOUT.strip(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "apiKeyAuth": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "queryToken": {"type": "apiKey", "in": "query", "name": "token"},
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _operation(line: Line, schemas: Schemas) -> Json:
    name = line.rpc.subject.rsplit(".", 1)[-1]
    operation: Json = {
        "operationId": line.rpc.subject.removeprefix("rpc."),
        "summary": name.replace("_", " ").capitalize(),
        "tags": [line.domain],
        "security": [] if line.needs is None else SECURITY,
        "responses": _responses(line, schemas),
    }
    if line.rpc.request.__doc__:
        operation["description"] = cleandoc(line.rpc.request.__doc__)
    if line.needs is not None:
        operation["x-permission"] = line.needs
    if found := list(_parameters(line, schemas)):
        operation["parameters"] = found
    body = schemas.body(line)
    if body is not None:
        needed = any(field.required for field in fields_of(line))
        operation["requestBody"] = {
            "required": needed,
            "content": {"application/json": {"schema": body}},
        }
    return operation


def _parameters(line: Line, schemas: Schemas) -> Iterator[Json]:
    fields = {field.name: field for field in fields_of(line)}
    in_path = parameters(line.path)
    for name, field in in_path.items():
        schema = schemas.of(fields[field].type)
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if line.method not in ("GET", "DELETE"):
        return
    for name, field in fields.items():
        if name in in_path.values():
            continue
        schema = schemas.of(field.type)
        if field.default not in (msgspec.NODEFAULT, None):
            schema = {**schema, "default": msgspec.to_builtins(field.default)}
        yield {"name": name, "in": "query", "required": field.required, "schema": schema}


def _responses(line: Line, schemas: Schemas) -> Json:
    answer: Json = {"description": _about(line.rpc.reply) or "Done"}
    if line.rpc.reply is not Nothing and line.status != 204:  # noqa: PLR2004 - No Content
        answer["content"] = {"application/json": {"schema": schemas.of(line.rpc.reply)}}
    answers: Json = {str(line.status): answer}
    if line.fresh:
        answers["304"] = {"description": "It is still what the given ETag says"}
    by_status: dict[int, list[str]] = defaultdict(list)
    for fault in _faults(line):
        by_status[fault.status].append(cleandoc(fault.__doc__ or fault.code))
    for status, reasons in sorted(by_status.items()):
        answers[str(status)] = problem(" ".join(dict.fromkeys(reasons)))
    answers["default"] = problem("Any other problem.")
    return answers


def _faults(line: Line) -> list[type[Fault]]:
    always: list[type[Fault]] = [Invalid, Busy, Unavailable]
    if line.needs is not None:
        always += [Unauthenticated, Denied]
    return [*line.rpc.raises, *always]


def _about(kind: Any) -> str:
    text = kind.__doc__ if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None
    return cleandoc(text or "")
